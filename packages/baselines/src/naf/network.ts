import * as tf from '@tensorflow/tfjs'
import type { Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs'
import { clampSafe, mlp, observationGroups, ravel } from '@maxent/core'
import type { AlgorithmSpec, Key, ObservationBatch } from '@maxent/core'
import { layers } from '../shared/networks.ts'
import type { NafConfig } from './config.ts'

/** What the network says of B states. Actions lie in [−1, 1]. */
interface NafOutput {
  /** V(s), [B]. */
  readonly value: Tensor1D
  /** μ(s), [B, A]. */
  readonly mean: Tensor2D
  /** log of L's diagonal, [B, A]. */
  readonly logDiagonal: Tensor
  /** L's entries below the diagonal, row after row, [B, A(A − 1)/2]. */
  readonly below: Tensor
}

/** One network with three heads as pure functions of one flat parameter vector. */
export interface NafNetwork {
  readonly init: (key: Key) => Tensor1D
  readonly apply: (parameters: Tensor1D, observation: ObservationBatch) => NafOutput
}

/**
 * Builds the network for a specification.
 * @throws RangeError when a configured observation group does not exist.
 */
export function createNetwork(spec: AlgorithmSpec, config: NafConfig): NafNetwork {
  const seen = observationGroups('naf: groups', spec.observation, config.groups)
  const actions = spec.action.low.length
  const entries = (actions * (actions - 1)) / 2
  const sizes = [1, actions, actions, entries].filter((size) => size > 0)
  const outputs = sizes.reduce((sum, size) => sum + size, 0)
  const network = ravel(mlp({ inputs: seen.size, outputs, ...layers(config) }))
  const [low, high] = config.logDiagonalRange
  return {
    init: (key) => network.init(key),
    apply: (parameters, observation) => {
      const output = network.apply(parameters, seen.join(observation))
      const [value, mean, logDiagonal, below = tf.zeros([output.shape[0], 0])] = tf.split<Tensor>(
        output,
        sizes,
        1,
      )
      return {
        value: tf.reshape(value, [-1]),
        mean: tf.tanh(mean) as Tensor2D,
        logDiagonal: clampSafe(logDiagonal, low, high),
        below,
      }
    },
  }
}
