import * as tf from '@tensorflow/tfjs'
import type { Scalar, Tensor1D } from '@tensorflow/tfjs'
import { bellmanTarget, descend, minimumQ, polyak, targetShare, valueAndGrad } from '@maxent/core'
import type { ActionScale, AdamState, Optimizer, TransitionBatch } from '@maxent/core'
import { criticLoss } from '../shared/criticLoss.ts'
import type { DeterministicNetworks } from '../shared/networks.ts'
import { policyLoss } from '../shared/policyLoss.ts'
import type { DdpgConfig } from './config.ts'
import type { DdpgState } from './state.ts'

/** What stays the same over all gradient steps. */
export interface DdpgParts {
  readonly config: DdpgConfig
  readonly networks: DeterministicNetworks
  readonly scale: ActionScale
  readonly optimizers: {
    readonly policy: Optimizer<AdamState>
    readonly critic: Optimizer<AdamState>
  }
}

/**
 * One gradient step: Lillicrap et al. 2015 (arXiv:1509.02971), Algorithm 1, from the sampled minibatch on. Critics, then the policy
 * against the critics just updated, then the targets. With several critics the least of them counts in target and policy: Haarnoja 2018
 * (thesis), section 5.3. The metrics are defined in the README.
 */
export function update(
  parts: DdpgParts,
  state: DdpgState,
  batch: TransitionBatch,
): { readonly state: DdpgState; readonly metrics: Readonly<Record<string, Scalar>> } {
  const { config, networks, optimizers } = parts
  const { reward, discount, observation, nextObservation } = batch
  const nextAction = networks.policy(state.policyTarget, nextObservation)
  const nextValue = minimumQ(networks.critics(state.criticTarget, nextObservation, nextAction))
  const target = bellmanTarget({ reward, discount, nextValue, gamma: config.gamma })
  const taken = parts.scale.toUnit(batch.action)
  const evaluation = valueAndGrad((parameters: Tensor1D) => {
    const q = networks.critics(parameters, observation, taken)
    return { value: criticLoss({ q, target }), aux: { qMean: tf.mean<Scalar>(q) } }
  })(state.critic)
  const grads = decayed(evaluation.grads, state.critic, config.criticDecay)
  const critic = descend(optimizers.critic, grads, [state.critic, state.optimizer.critic])

  const improvement = valueAndGrad((parameters: Tensor1D) => {
    const q = networks.critics(critic.parameters, observation, networks.policy(parameters, observation))
    return { value: policyLoss({ q: minimumQ(q) }) }
  })(state.policy)
  const policy = descend(optimizers.policy, improvement.grads, [state.policy, state.optimizer.policy])

  const step = tf.add<Scalar>(state.step, tf.scalar(1, 'int32'))
  const share = targetShare(config.target, step)
  return {
    state: {
      policy: policy.parameters,
      policyTarget: polyak(policy.parameters, state.policyTarget, share),
      critic: critic.parameters,
      criticTarget: polyak(critic.parameters, state.criticTarget, share),
      optimizer: { policy: policy.state, critic: critic.state },
      step,
    },
    metrics: {
      criticLoss: evaluation.value,
      qMean: evaluation.aux.qMean,
      targetMean: tf.mean<Scalar>(target),
      actorLoss: improvement.value,
    },
  }
}

/** The gradient with that of ½λ‖θ‖². */
function decayed(grads: Tensor1D, parameters: Tensor1D, weight: number): Tensor1D {
  return weight === 0 ? grads : tf.add(grads, tf.mul(parameters, weight))
}
