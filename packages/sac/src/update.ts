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
import type { ActionScale, AdamState, StepsBatch, TransitionBatch, Tree } from '@maxent/core'
import { actorLoss, scoreFunctionLoss } from './actor.ts'
import type { SacConfig } from './config.ts'
import { softTarget, valueLoss } from './critic.ts'
import { flatNext, nStepTarget } from './nStep.ts'
import type { SacNetworks } from './networks.ts'
import type { SacOptimizers } from './optimizers.ts'
import { heldBootstrap, type Bootstrap, type SacState } from './state.ts'
import { heldTemperature, withTemperatureStep, type Stepped } from './temperature.ts'

/** What stays the same over all gradient steps. */
export interface SacParts {
  readonly config: SacConfig
  readonly networks: SacNetworks
  readonly scale: ActionScale
  readonly optimizers: SacOptimizers
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
 * @throws TypeError when the state or the noise is not that of the config.
 */
export function update(parts: SacParts, state: SacState, input: UpdateInput): Stepped<SacState> {
  const { config, networks, optimizers, scale, targetEntropy } = parts
  const { batch, noise } = input
  const temperature = heldTemperature(config.temperature, state)
  const bootstrap = heldBootstrap(config, state)
  const { alpha } = temperature
  const value =
    bootstrap.kind === 'critics' ? undefined : fitValue(parts, state, { ...input, alpha, bootstrap })

  const target = value?.target ?? criticTarget(parts, state, { ...input, alpha, bootstrap })
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
    ...(value === undefined
      ? { criticTarget: polyak(critic.parameters, bootstrap.target, share) }
      : { value: value.parameters, valueTarget: polyak(value.parameters, bootstrap.target, share) }),
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
  return withTemperatureStep(
    { state: moved, metrics },
    { held: temperature, optimizer: optimizers.alpha, logProb, targetEntropy },
  )
}

/** What the old policy is evaluated on. */
type Evaluated<B extends Bootstrap> = UpdateInput & { readonly alpha: Scalar; readonly bootstrap: B }

/** y from the target critics, [B]. */
function criticTarget(
  { config, networks }: SacParts,
  state: SacState,
  { batch, steps, noise, alpha, bootstrap }: Evaluated<Bootstrap>,
): Tensor1D {
  if (noise.next === undefined)
    throw new TypeError(
      "update: noise must have what the algorithm's noise.update asks for, got none for 'next'",
    )
  const observation = steps === undefined ? batch.nextObservation : flatNext(steps)
  const next = networks.policy(state.policy, observation).sample(noise.next)
  const nextQ = networks.critics(bootstrap.target, observation, next.action)
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
    nextLeastQ: perStep(minimumQ(nextQ)),
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
}

function fitValue(
  { config, networks, optimizers }: SacParts,
  state: SacState,
  { batch, noise, alpha, bootstrap }: Evaluated<Extract<Bootstrap, { kind: 'valueNetwork' }>>,
): ValueFit {
  const { action, logProb } = networks.policy(state.policy, batch.observation).sample(noise.current)
  const q = networks.critics(state.critic, batch.observation, action)
  const fit = valueAndGrad((parameters: Tensor1D) => {
    const value = networks.value(parameters, batch.observation)
    return { value: valueLoss({ value, q, logProb, alpha }), aux: { baseline: value } }
  })(bootstrap.value)
  const nextValue = networks.value(bootstrap.target, batch.nextObservation)
  const { discount } = batch
  const target = bellmanTarget({
    reward: scaled(config, batch.reward),
    discount,
    nextValue,
    gamma: config.gamma,
  })
  const moved = descend(optimizers.critic, fit.grads, [bootstrap.value, bootstrap.moments])
  return { ...moved, loss: fit.value, baseline: fit.aux.baseline, target }
}

function scaled({ rewardScale }: SacConfig, reward: Tensor): Tensor {
  return rewardScale === 1 ? reward : tf.mul(rewardScale, reward)
}
