import * as tf from '@tensorflow/tfjs'
import type { Scalar, Tensor, Tensor1D } from '@tensorflow/tfjs'
import {
  bellmanResidual,
  bellmanTarget,
  descend,
  minimumQ,
  polyak,
  targetShare,
  valueAndGrad,
} from '@maxent/core'
import type { ActionScale, AdamState, Optimizer, StepsBatch, TransitionBatch, Tree } from '@maxent/core'
import { actorLoss, scoreFunctionLoss } from './actor.ts'
import type { SacConfig } from './config.ts'
import { softTarget, valueLoss } from './critic.ts'
import { flatNext, nStepTarget } from './nStep.ts'
import type { SacNetworks } from './networks.ts'
import type { SacState } from './state.ts'
import { alphaOf, stepTemperature } from './temperature.ts'

/** What stays the same over all gradient steps. */
export interface SacParts {
  readonly config: SacConfig
  readonly networks: SacNetworks
  readonly scale: ActionScale
  readonly optimizers: {
    readonly policy: Optimizer<AdamState>
    readonly critic: Optimizer<AdamState>
    readonly alpha: Optimizer<AdamState>
  }
  /** H̄ */
  readonly targetEntropy: number
}

/** What one gradient step is taken on. */
export interface UpdateInput {
  readonly batch: TransitionBatch
  /** The stretches that the batch is the first steps of, for targets over several steps. */
  readonly steps?: StepsBatch
  /** Noise of the policy: for the actions at s′, where the target needs them, and at s. */
  readonly noise: { readonly next?: Tree<Tensor>; readonly current: Tree<Tensor> }
}

/**
 * One gradient step: algorithm 3 of Haarnoja 2018 (thesis), algorithm 2 where the temperature is fixed; with a state-value network,
 * algorithm 1 of the paper before it.
 *
 * The order is the thesis': value network, critics, policy, temperature, targets. The policy is improved against the critics just updated;
 * the temperature moves on the log-probabilities of the policy before its step, and all losses share the α from before its own. The metrics
 * are defined in the README; `alphaLoss` is one of them where the temperature is learned, `valueLoss` where there is a value network.
 */
export function update(
  parts: SacParts,
  state: SacState,
  input: UpdateInput,
): { readonly state: SacState; readonly metrics: Readonly<Record<string, Scalar>> } {
  const { config, networks, optimizers, scale } = parts
  const { batch, noise } = input
  const alpha = alphaOf(config.temperature, state.logAlpha)
  const value = state.value === undefined ? undefined : fitValue(parts, state, { ...input, alpha })

  const target = value === undefined ? criticTarget(parts, state, { ...input, alpha }) : value.target
  const taken = scale.toUnit(batch.action)
  const evaluation = valueAndGrad((parameters: Tensor1D) => {
    const q = networks.critics(parameters, batch.observation, taken)
    return { value: bellmanResidual({ q, target }), aux: { qMean: tf.mean<Scalar>(q) } }
  })(state.critic)
  const critic = descend(optimizers.critic, evaluation.grads, [state.critic, state.optimizer.critic])

  const improvement = valueAndGrad((parameters: Tensor1D) => {
    const { action, logProb } = networks.policy(parameters, batch.observation).sample(noise.current)
    const q = networks.critics(critic.parameters, batch.observation, action)
    const args = { q, logProb, alpha, over: config.policyCritic }
    const objective = actorLoss(args)
    const loss =
      networks.traits.isReparameterised || value === undefined
        ? objective
        : scoreFunctionLoss({ ...args, value: value.baseline })
    return { value: loss, aux: { logProb, objective } }
  })(state.policy)
  const { logProb, objective } = improvement.aux
  const policy = descend(optimizers.policy, improvement.grads, [state.policy, state.optimizer.policy])

  const step = tf.add<Scalar>(state.step, tf.scalar(1, 'int32'))
  const share = targetShare(config.target, step)
  const moved: SacState = {
    policy: policy.parameters,
    critic: critic.parameters,
    ...(state.criticTarget && { criticTarget: polyak(critic.parameters, state.criticTarget, share) }),
    ...(value && { value: value.parameters, valueTarget: polyak(value.parameters, value.followed, share) }),
    optimizer: { policy: policy.state, critic: critic.state, ...(value && { value: value.state }) },
    step,
  }
  const metrics = {
    criticLoss: evaluation.value,
    qMean: evaluation.aux.qMean,
    targetMean: tf.mean<Scalar>(target),
    ...(value && { valueLoss: value.loss }),
    actorLoss: objective,
    entropy: tf.neg(tf.mean<Scalar>(logProb)),
    alpha,
  }
  if (state.logAlpha === undefined || state.optimizer.alpha === undefined) return { state: moved, metrics }

  const { logAlpha, moments, loss } = stepTemperature({
    logAlpha: state.logAlpha,
    optimizer: optimizers.alpha,
    moments: state.optimizer.alpha,
    logProb,
    targetEntropy: parts.targetEntropy,
  })
  const optimizer = { ...moved.optimizer, alpha: moments }
  return { state: { ...moved, optimizer, logAlpha }, metrics: { ...metrics, alphaLoss: loss } }
}

/** y from the target critics, [B]. */
function criticTarget(
  { config, networks }: SacParts,
  state: SacState,
  { batch, steps, noise, alpha }: UpdateInput & { readonly alpha: Scalar },
): Tensor1D {
  if (state.criticTarget === undefined || noise.next === undefined) throw mismatch('criticTarget')
  const observation = steps === undefined ? batch.nextObservation : flatNext(steps)
  const next = networks.policy(state.policy, observation).sample(noise.next)
  const nextQ = networks.critics(state.criticTarget, observation, next.action)
  const { gamma } = config
  if (steps === undefined) {
    const reward = scaled(config, batch.reward)
    return softTarget({ reward, discount: batch.discount, nextQ, nextLogProb: next.logProb, alpha, gamma })
  }
  const { reward, discount, continues } = steps
  const perStep = (x: Tensor): Tensor => tf.reshape(x, reward.shape)
  return nStepTarget({
    reward: scaled(config, reward),
    discount,
    continues,
    nextQ: perStep(minimumQ(nextQ)),
    nextLogProb: perStep(next.logProb),
    alpha,
    gamma,
  })
}

/** A step of the state-value network towards the soft value of the current policy, and what the critics regress on beside it. */
interface ValueFit {
  readonly parameters: Tensor1D
  readonly state: AdamState
  readonly loss: Scalar
  /** V(s) before the step, [B]. */
  readonly baseline: Tensor1D
  /** y, [B]. */
  readonly target: Tensor1D
  /** ψ̄ before this step. */
  readonly followed: Tensor1D
}

function fitValue(
  { config, networks, optimizers }: SacParts,
  state: SacState,
  { batch, noise, alpha }: UpdateInput & { readonly alpha: Scalar },
): ValueFit {
  const { value: before, valueTarget: followed, optimizer } = state
  if (before === undefined || followed === undefined || optimizer.value === undefined) throw mismatch('value')
  const { action, logProb } = networks.policy(state.policy, batch.observation).sample(noise.current)
  const q = networks.critics(state.critic, batch.observation, action)
  const fit = valueAndGrad((parameters: Tensor1D) => {
    const value = networks.value(parameters, batch.observation)
    return { value: valueLoss({ value, q, logProb, alpha }), aux: { baseline: value } }
  })(before)
  const nextValue = networks.value(followed, batch.nextObservation)
  const { discount } = batch
  const target = bellmanTarget({
    reward: scaled(config, batch.reward),
    discount,
    nextValue,
    gamma: config.gamma,
  })
  const moved = descend(optimizers.critic, fit.grads, [before, optimizer.value])
  return { ...moved, loss: fit.value, baseline: fit.aux.baseline, target, followed }
}

function scaled({ rewardScale }: SacConfig, reward: Tensor): Tensor {
  return rewardScale === 1 ? reward : tf.mul(rewardScale, reward)
}

function mismatch(part: string): TypeError {
  return new TypeError(
    `update: state must hold ${part} with this config, got none; initialise the state with the same config`,
  )
}
