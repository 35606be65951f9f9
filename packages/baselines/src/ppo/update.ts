import * as tf from '@tensorflow/tfjs'
import type { Scalar, Tensor, Tensor1D } from '@tensorflow/tfjs'
import { applyUpdates, valueAndGrad } from '@maxent/core'
import type { ActionScale, Normalizer, ObservationGroups, Optimizer, Tree } from '@maxent/core'
import type { PpoConfig } from './config.ts'
import type { PpoNetworks } from './networks.ts'
import type { PpoRows } from './prepare.ts'
import type { PpoState } from './state.ts'
import { clippedSurrogate } from './surrogate.ts'
import { valueLoss } from './value.ts'
import { standardized, weightedMean } from './weightedMean.ts'

/** What stays the same over all gradient steps. */
export interface PpoParts {
  readonly config: PpoConfig
  readonly networks: PpoNetworks
  readonly seen: ObservationGroups
  readonly scale: ActionScale
  readonly normalizers: { readonly observations: Normalizer; readonly returns: Normalizer }
  readonly optimizer: Optimizer<readonly Tree<Tensor>[]>
}

/** Rows of a rollout, and which of them count. */
export type PpoBatch = PpoRows & {
  /** 1 or 0, [B]. */
  readonly weight: Tensor1D
}

/**
 * One gradient step on one minibatch: Schulman et al. 2017 (arXiv:1707.06347), Eq. 9 with its sign turned, and Algorithm 1's inner loop.
 *
 *     L(θ) = L_surrogate + c₁·L_value − c₂·H
 *
 * The metrics are defined in the README.
 */
export function update(
  { config, networks, optimizer }: PpoParts,
  state: PpoState,
  batch: PpoBatch,
): { readonly state: PpoState; readonly metrics: Readonly<Record<string, Scalar>> } {
  const { sample, logProb: oldLogProb, target, weight } = batch
  const advantage = standardized(batch.advantage, weight)
  const { value, aux, grads } = valueAndGrad((parameters: Tensor1D) => {
    const { policy, value: predicted } = networks.apply(parameters, batch.observation)
    const logProb = policy.logProb(sample)
    const surrogate = clippedSurrogate({ logProb, oldLogProb, advantage, weight, clip: config.clip })
    const error = valueLoss({ value: predicted, target, weight })
    const entropy = weightedMean(policy.entropy(), weight)
    const loss = tf.add<Scalar>(surrogate, tf.mul(config.valueWeight, error))
    return {
      value: tf.sub<Scalar>(loss, tf.mul(config.entropyWeight, entropy)),
      aux: { surrogate, error, entropy, logProb },
    }
  })(state.parameters)
  const { updates, state: moved } = optimizer.update(grads, state.optimizer, state.parameters)
  const logRatio = tf.sub(aux.logProb, oldLogProb)
  const outside = tf.cast(tf.greater(tf.abs(tf.expm1(logRatio)), config.clip), 'float32')
  return {
    state: {
      ...state,
      parameters: applyUpdates(state.parameters, updates),
      optimizer: moved,
      step: tf.add<Scalar>(state.step, tf.scalar(1, 'int32')),
    },
    metrics: {
      loss: value,
      surrogate: aux.surrogate,
      valueLoss: aux.error,
      entropy: aux.entropy,
      kl: tf.neg(weightedMean(tf.clipByValue(logRatio, -20, 20), weight)),
      clipped: weightedMean(outside, weight),
    },
  }
}
