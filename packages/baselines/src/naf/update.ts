import * as tf from '@tensorflow/tfjs'
import type { Scalar, Tensor1D } from '@tensorflow/tfjs'
import { bellmanTarget, descend, polyak, targetShare, valueAndGrad } from '@maxent/core'
import type { ActionScale, AdamState, Optimizer, TransitionBatch } from '@maxent/core'
import { criticLoss } from '../shared/criticLoss.ts'
import { quadraticAdvantage } from './advantage.ts'
import type { NafConfig } from './config.ts'
import type { NafNetwork } from './network.ts'
import type { NafState } from './state.ts'

/** What stays the same over all gradient steps. */
export interface NafParts {
  readonly config: NafConfig
  readonly network: NafNetwork
  readonly scale: ActionScale
  readonly optimizer: Optimizer<AdamState>
}

/**
 * One gradient step: Gu et al. 2016 (arXiv:1603.00748), Algorithm 1, from the sampled minibatch on. Q(s,a) = V(s) + A(s,a) regresses on
 * r + γ·d·V′(s′). The metrics are defined in the README.
 */
export function update(
  { config, network, scale, optimizer }: NafParts,
  state: NafState,
  batch: TransitionBatch,
): { readonly state: NafState; readonly metrics: Readonly<Record<string, Scalar>> } {
  const { reward, discount } = batch
  const nextValue = network.apply(state.target, batch.nextObservation).value
  const target = bellmanTarget({ reward, discount, nextValue, gamma: config.gamma })
  const action = scale.toUnit(batch.action)
  const { value, aux, grads } = valueAndGrad((parameters: Tensor1D) => {
    const output = network.apply(parameters, batch.observation)
    const advantage = quadraticAdvantage({ ...output, action })
    const q = tf.add(output.value, advantage)
    const means = { qMean: tf.mean<Scalar>(q), advantageMean: tf.mean<Scalar>(advantage) }
    return { value: criticLoss({ q: tf.reshape(q, [1, -1]), target }), aux: means }
  })(state.network)
  const moved = descend(optimizer, grads, [state.network, state.optimizer])
  const step = tf.add<Scalar>(state.step, tf.scalar(1, 'int32'))
  return {
    state: {
      network: moved.parameters,
      target: polyak(moved.parameters, state.target, targetShare(config.target, step)),
      optimizer: moved.state,
      step,
    },
    metrics: { criticLoss: value, ...aux, targetMean: tf.mean<Scalar>(target) },
  }
}
