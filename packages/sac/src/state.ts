import * as tf from '@tensorflow/tfjs'
import type { Scalar, Tensor1D } from '@tensorflow/tfjs'
import { foldIn } from '@maxent/core'
import type { AdamState, Key } from '@maxent/core'
import type { SacParts } from './update.ts'

/** All that a gradient step reads and writes. Each network, and each moment of its optimiser, is one flat vector. */
export type SacState = {
  /** φ */
  readonly policy: Tensor1D
  /** θ₁ … θ_K, one after another. */
  readonly critic: Tensor1D
  /** θ̄₁ … θ̄_K, where the critics regress on targets of their own. */
  readonly criticTarget?: Tensor1D
  /** ψ and ψ̄ of a state-value network, where there is one. */
  readonly value?: Tensor1D
  /** The slow copy of the value network. */
  readonly valueTarget?: Tensor1D
  /** log α of a learned temperature. */
  readonly logAlpha?: Scalar
  /** Adam's moments, of what learns. */
  readonly optimizer: {
    readonly policy: AdamState
    readonly critic: AdamState
    readonly value?: AdamState
    readonly alpha?: AdamState
  }
  /** Gradient steps taken, int32. */
  readonly step: Scalar
}

/** The state before the first gradient step; targets start as copies. */
export function initialState({ networks, optimizers, config }: SacParts, key: Key): SacState {
  const policy = networks.initPolicy(foldIn(key, 'policy'))
  const critic = networks.initCritics(foldIn(key, 'critic'))
  const step = tf.scalar(0, 'int32')
  let optimizer: SacState['optimizer'] = {
    policy: optimizers.policy.init(policy),
    critic: optimizers.critic.init(critic),
  }
  let state: SacState
  if (config.bootstrap === 'critics') {
    state = { policy, critic, criticTarget: tf.clone(critic), optimizer, step }
  } else {
    const value = networks.initValue(foldIn(key, 'value'))
    optimizer = { ...optimizer, value: optimizers.critic.init(value) }
    state = { policy, critic, value, valueTarget: tf.clone(value), optimizer, step }
  }
  if (config.temperature.kind === 'fixed') return state
  const logAlpha = tf.scalar(Math.log(config.temperature.initialAlpha))
  return { ...state, logAlpha, optimizer: { ...optimizer, alpha: optimizers.alpha.init(logAlpha) } }
}
