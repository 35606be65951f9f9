import * as tf from '@tensorflow/tfjs'
import type { Scalar, Tensor, Tensor1D } from '@tensorflow/tfjs'
import { applyUpdates, polyak, valueAndGrad } from '@maxent/core'
import type { AdamState, Optimizer, TransitionBatch } from '@maxent/core'
import { actorLoss } from './actor.ts'
import type { ActionScale } from './actions.ts'
import type { SacConfig, TargetConfig } from './config.ts'
import { criticLoss, softTarget } from './critic.ts'
import type { SacNetworks } from './networks.ts'
import type { SacState } from './state.ts'
import { temperatureLoss } from './temperature.ts'

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

/** Numbers about a gradient step, each taken before the parameters it concerns move. The README defines them. */
export type SacMetrics = {
  readonly criticLoss: Scalar
  readonly qMean: Scalar
  readonly targetMean: Scalar
  readonly actorLoss: Scalar
  readonly entropy: Scalar
  readonly alpha: Scalar
  /** Only where the temperature is learned. */
  readonly alphaLoss?: Scalar
}

/**
 * One gradient step: algorithm 3 of Haarnoja 2018 (thesis), algorithm 2 where the temperature is fixed.
 *
 * The order is the thesis': critics, policy, temperature, targets. The policy is improved against the critics just updated; the
 * temperature moves on the log-probabilities of the policy before its step, and all losses share the α from before its own.
 */
export function update(
  parts: SacParts,
  state: SacState,
  input: UpdateInput,
): { readonly state: SacState; readonly metrics: SacMetrics } {
  const { config, networks, optimizers, scale, targetEntropy } = parts
  const { batch, noise } = input
  const alpha = alphaOf(config.temperature, state.logAlpha)

  const next = networks.policy.apply(state.policy, batch.nextObservation).sampleWithLogProb(noise.next)
  const target = softTarget({
    reward: batch.reward,
    discount: batch.discount,
    nextQ: networks.critic.apply(state.criticTarget, batch.nextObservation, next.action),
    nextLogProb: next.logProb,
    alpha,
    gamma: config.gamma,
  })
  const taken = scale.toUnit(batch.action)
  const evaluation = valueAndGrad((parameters: Tensor1D) => {
    const q = networks.critic.apply(parameters, batch.observation, taken)
    return { value: criticLoss({ q, target }), aux: { qMean: tf.mean(q) } }
  })(state.critic)
  const critic = descend(optimizers.critic, evaluation.grads, {
    state: state.optimizer.critic,
    parameters: state.critic,
  })

  const improvement = valueAndGrad((parameters: Tensor1D) => {
    const { action, logProb } = networks.policy
      .apply(parameters, batch.observation)
      .sampleWithLogProb(noise.current)
    const q = networks.critic.apply(critic.parameters, batch.observation, action)
    return { value: actorLoss({ q, logProb, alpha }), aux: { logProb } }
  })(state.policy)
  const policy = descend(optimizers.policy, improvement.grads, {
    state: state.optimizer.policy,
    parameters: state.policy,
  })

  const step = tf.add<Scalar>(state.step, tf.scalar(1, 'int32'))
  const moved: SacState = {
    policy: policy.parameters,
    critic: critic.parameters,
    criticTarget: polyak(critic.parameters, state.criticTarget, targetShare(config.target, step)),
    optimizer: { policy: policy.state, critic: critic.state },
    step,
  }
  const metrics: SacMetrics = {
    criticLoss: evaluation.value,
    qMean: evaluation.aux.qMean,
    targetMean: tf.mean(target),
    actorLoss: improvement.value,
    entropy: tf.neg(tf.mean(improvement.aux.logProb)),
    alpha,
  }
  if (state.logAlpha === undefined || state.optimizer.alpha === undefined) return { state: moved, metrics }

  const adjustment = valueAndGrad((logAlpha: Scalar) => ({
    value: temperatureLoss({ logAlpha, logProb: improvement.aux.logProb, targetEntropy }),
  }))(state.logAlpha)
  const logAlpha = descend(optimizers.alpha, adjustment.grads, {
    state: state.optimizer.alpha,
    parameters: state.logAlpha,
  })
  return {
    state: {
      ...moved,
      optimizer: { ...moved.optimizer, alpha: logAlpha.state },
      logAlpha: logAlpha.parameters,
    },
    metrics: { ...metrics, alphaLoss: adjustment.value },
  }
}

interface Descent<P extends Tensor> {
  readonly state: AdamState
  readonly parameters: P
}

function descend<P extends Tensor>(optimizer: Optimizer<AdamState>, grads: P, from: Descent<P>): Descent<P> {
  const { updates, state } = optimizer.update(grads, from.state, from.parameters)
  return { state, parameters: applyUpdates(from.parameters, updates) }
}

/** The share of the critics in the new targets: τ, or 1 at every `interval`-th step and 0 between. */
function targetShare(target: TargetConfig, step: Scalar): number | Scalar {
  if (target.kind === 'soft') return target.tau
  return tf.cast(
    tf.equal(tf.mod(step, tf.scalar(target.interval, 'int32')), tf.scalar(0, 'int32')),
    'float32',
  )
}
