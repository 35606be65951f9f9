import * as tf from '@tensorflow/tfjs'
import type { Scalar, Tensor, Tensor1D } from '@tensorflow/tfjs'
import { bellmanTarget, descend, minimumQ, polyak, valueAndGrad } from '@maxent/core'
import type { ActionScale, AdamState, Optimizer, TransitionBatch } from '@maxent/core'
import { criticLoss } from '../shared/criticLoss.ts'
import type { DeterministicNetworks } from '../shared/networks.ts'
import { policyLoss } from '../shared/policyLoss.ts'
import type { Td3Config } from './config.ts'
import { smoothedAction } from './smoothedAction.ts'
import type { Td3State } from './state.ts'

/** What stays the same over all gradient steps. */
export interface Td3Parts {
  readonly config: Td3Config
  readonly networks: DeterministicNetworks
  readonly scale: ActionScale
  readonly optimizers: {
    readonly policy: Optimizer<AdamState>
    readonly critic: Optimizer<AdamState>
  }
}

/** What one gradient step is taken on. */
export interface UpdateInput {
  readonly batch: TransitionBatch
  /** Standard normal, [B, A]: on the target actions. */
  readonly noise: Tensor
}

interface Updated {
  readonly state: Td3State
  readonly metrics: Readonly<Record<string, Scalar>>
}

/** The gradient step of the critics alone: Fujimoto et al. 2018 (arXiv:1802.09477), Algorithm 1, up to its `if`. */
export function updateCritics(parts: Td3Parts, state: Td3State, { batch, noise }: UpdateInput): Updated {
  const { config, networks, optimizers } = parts
  const { gamma, targetNoise: sigma, targetNoiseClip: clip } = config
  const { reward, discount } = batch
  const nextMean = networks.policy(state.policyTarget, batch.nextObservation)
  const nextAction = smoothedAction({ action: nextMean, noise, sigma, clip })
  const nextValue = minimumQ(networks.critics(state.criticTarget, batch.nextObservation, nextAction))
  const target = bellmanTarget({ reward, discount, nextValue, gamma })
  const taken = parts.scale.toUnit(batch.action)
  const { value, aux, grads } = valueAndGrad((parameters: Tensor1D) => {
    const q = networks.critics(parameters, batch.observation, taken)
    return { value: criticLoss({ q, target }), aux: { qMean: tf.mean<Scalar>(q) } }
  })(state.critic)
  const critic = descend(optimizers.critic, grads, [state.critic, state.optimizer.critic])
  return {
    state: {
      ...state,
      critic: critic.parameters,
      optimizer: { policy: state.optimizer.policy, critic: critic.state },
    },
    metrics: { criticLoss: value, qMean: aux.qMean, targetMean: tf.mean<Scalar>(target) },
  }
}

/**
 * The whole of Algorithm 1's loop, as at every d-th gradient step: critics, then the policy against the first critic just updated, then
 * all targets. The metrics are defined in the README.
 */
export function update(parts: Td3Parts, state: Td3State, input: UpdateInput): Updated {
  const { config, networks, optimizers } = parts
  const { state: improved, metrics } = updateCritics(parts, state, input)
  const { observation } = input.batch
  const { value, grads } = valueAndGrad((parameters: Tensor1D) => {
    const action = networks.policy(parameters, observation)
    return { value: policyLoss({ q: networks.firstCritic(improved.critic, observation, action) }) }
  })(state.policy)
  const policy = descend(optimizers.policy, grads, [state.policy, state.optimizer.policy])
  return {
    state: {
      policy: policy.parameters,
      policyTarget: polyak(policy.parameters, state.policyTarget, config.tau),
      critic: improved.critic,
      criticTarget: polyak(improved.critic, state.criticTarget, config.tau),
      optimizer: { policy: policy.state, critic: improved.optimizer.critic },
    },
    metrics: { ...metrics, actorLoss: value },
  }
}
