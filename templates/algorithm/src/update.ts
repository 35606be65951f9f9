import * as tf from '@tensorflow/tfjs'
import type { Scalar, Tensor, Tensor1D } from '@tensorflow/tfjs'
import { descend, polyak, valueAndGrad } from '@maxent/core'
import type { ActionScale, AdamState, Optimizer, TransitionBatch } from '@maxent/core'
import { actorLoss } from './actor.ts'
import type { NewAlgorithmConfig } from './config.ts'
import { criticLoss, softTarget } from './critic.ts'
import type { NewAlgorithmNetworks } from './networks.ts'
import type { NewAlgorithmState } from './state.ts'

/** What stays the same over all gradient steps. */
export interface NewAlgorithmParts {
  readonly config: NewAlgorithmConfig
  readonly networks: NewAlgorithmNetworks
  readonly scale: ActionScale
  readonly optimizer: Optimizer<AdamState>
}

/** What one gradient step is taken on. */
export interface UpdateInput {
  readonly batch: TransitionBatch
  /** Standard normal, [B, A] each: of the actions at s′ and at s. */
  readonly noise: { readonly next: Tensor; readonly current: Tensor }
}

/**
 * One gradient step: the critics, the policy against the critics just updated, the targets. Haarnoja 2018 (thesis), algorithm 2.
 * The metrics are defined in the README.
 */
export function update(
  { config, networks, scale, optimizer }: NewAlgorithmParts,
  state: NewAlgorithmState,
  { batch, noise }: UpdateInput,
): { readonly state: NewAlgorithmState; readonly metrics: Readonly<Record<string, Scalar>> } {
  const { alpha, gamma, tau } = config
  const { observation, nextObservation, reward, discount } = batch

  const next = networks.policy(state.policy, nextObservation).sampleWithLogProb(noise.next)
  const nextQ = networks.critics(state.criticTarget, nextObservation, next.action)
  const target = softTarget({ reward, discount, nextQ, nextLogProb: next.logProb, alpha, gamma })
  const taken = scale.toUnit(batch.action)
  const evaluation = valueAndGrad((parameters: Tensor1D) => {
    const q = networks.critics(parameters, observation, taken)
    return { value: criticLoss({ q, target }), aux: { qMean: tf.mean<Scalar>(q) } }
  })(state.critic)
  const critic = descend(optimizer, evaluation.grads, [state.critic, state.optimizer.critic])

  const improvement = valueAndGrad((parameters: Tensor1D) => {
    const { action, logProb } = networks.policy(parameters, observation).sampleWithLogProb(noise.current)
    const q = networks.critics(critic.parameters, observation, action)
    return { value: actorLoss({ q, logProb, alpha }), aux: { entropy: tf.neg(tf.mean<Scalar>(logProb)) } }
  })(state.policy)
  const policy = descend(optimizer, improvement.grads, [state.policy, state.optimizer.policy])

  return {
    state: {
      policy: policy.parameters,
      critic: critic.parameters,
      criticTarget: polyak(critic.parameters, state.criticTarget, tau),
      optimizer: { policy: policy.state, critic: critic.state },
    },
    metrics: {
      criticLoss: evaluation.value,
      qMean: evaluation.aux.qMean,
      actorLoss: improvement.value,
      entropy: improvement.aux.entropy,
    },
  }
}
