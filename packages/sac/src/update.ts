import * as tf from '@tensorflow/tfjs'
import type { Scalar, Tensor, Tensor1D } from '@tensorflow/tfjs'
import { applyUpdates, polyak, valueAndGrad } from '@maxent/core'
import type { ActionScale, AdamState, Optimizer, TransitionBatch } from '@maxent/core'
import { actorLoss } from './actor.ts'
import type { SacConfig, TargetConfig } from './config.ts'
import { criticLoss, softTarget } from './critic.ts'
import type { SacNetworks } from './networks.ts'
import type { SacState } from './state.ts'
import { alphaOf, temperatureLoss } from './temperature.ts'

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
  /** Standard normal, [B, A] each: for the actions at s′ and at s. */
  readonly noise: { readonly next: Tensor; readonly current: Tensor }
}

/**
 * One gradient step: algorithm 3 of Haarnoja 2018 (thesis), algorithm 2 where the temperature is fixed.
 *
 * The order is the thesis': critics, policy, temperature, targets. The policy is improved against the critics just updated; the
 * temperature moves on the log-probabilities of the policy before its step, and all losses share the α from before its own. The metrics are
 * defined in the README; `alphaLoss` is one of them where the temperature is learned.
 */
export function update(
  parts: SacParts,
  state: SacState,
  { batch, noise }: UpdateInput,
): { readonly state: SacState; readonly metrics: Readonly<Record<string, Scalar>> } {
  const { config, networks, optimizers } = parts
  const alpha = alphaOf(config.temperature, state.logAlpha)

  const next = networks.policy(state.policy, batch.nextObservation).sampleWithLogProb(noise.next)
  const nextQ = networks.critics(state.criticTarget, batch.nextObservation, next.action)
  const nextLogProb = next.logProb
  const { reward, discount } = batch
  const target = softTarget({ reward, discount, nextQ, nextLogProb, alpha, gamma: config.gamma })
  const taken = parts.scale.toUnit(batch.action)
  const evaluation = valueAndGrad((parameters: Tensor1D) => {
    const q = networks.critics(parameters, batch.observation, taken)
    return { value: criticLoss({ q, target }), aux: { qMean: tf.mean<Scalar>(q) } }
  })(state.critic)
  const critic = descend(optimizers.critic, evaluation.grads, [state.critic, state.optimizer.critic])

  const improvement = valueAndGrad((parameters: Tensor1D) => {
    const current = networks.policy(parameters, batch.observation).sampleWithLogProb(noise.current)
    const q = networks.critics(critic.parameters, batch.observation, current.action)
    return { value: actorLoss({ q, logProb: current.logProb, alpha }), aux: { logProb: current.logProb } }
  })(state.policy)
  const { logProb } = improvement.aux
  const policy = descend(optimizers.policy, improvement.grads, [state.policy, state.optimizer.policy])

  const step = tf.add<Scalar>(state.step, tf.scalar(1, 'int32'))
  const moved: SacState = {
    policy: policy.parameters,
    critic: critic.parameters,
    criticTarget: polyak(critic.parameters, state.criticTarget, targetShare(config.target, step)),
    optimizer: { policy: policy.state, critic: critic.state },
    step,
  }
  const metrics = {
    criticLoss: evaluation.value,
    qMean: evaluation.aux.qMean,
    targetMean: tf.mean<Scalar>(target),
    actorLoss: improvement.value,
    entropy: tf.neg(tf.mean<Scalar>(logProb)),
    alpha,
  }
  if (state.logAlpha === undefined || state.optimizer.alpha === undefined) return { state: moved, metrics }

  const adjustment = valueAndGrad((logAlpha: Scalar) => ({
    value: temperatureLoss({ logAlpha, logProb, targetEntropy: parts.targetEntropy }),
  }))(state.logAlpha)
  const logAlpha = descend(optimizers.alpha, adjustment.grads, [state.logAlpha, state.optimizer.alpha])
  const optimizer = { ...moved.optimizer, alpha: logAlpha.state }
  return {
    state: { ...moved, optimizer, logAlpha: logAlpha.parameters },
    metrics: { ...metrics, alphaLoss: adjustment.value },
  }
}

/** Parameters and optimiser state after one step down the gradient. */
function descend<P extends Tensor>(
  optimizer: Optimizer<AdamState>,
  grads: P,
  [parameters, before]: readonly [P, AdamState],
): { readonly parameters: P; readonly state: AdamState } {
  const { updates, state } = optimizer.update(grads, before, parameters)
  return { parameters: applyUpdates(parameters, updates), state }
}

/** The share of the critics in the new targets: τ, or 1 at every `interval`-th step and 0 between. */
function targetShare(target: TargetConfig, step: Scalar): number | Scalar {
  if (target.kind === 'soft') return target.tau
  const since = tf.mod(step, tf.scalar(target.interval, 'int32'))
  return tf.cast(tf.equal(since, tf.scalar(0, 'int32')), 'float32')
}
