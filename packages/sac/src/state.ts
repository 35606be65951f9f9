import * as tf from '@tensorflow/tfjs'
import type { Scalar, Tensor1D } from '@tensorflow/tfjs'
import { foldIn } from '@maxent/core'
import type { AdamState, Key } from '@maxent/core'
import type { SacConfig } from './config.ts'
import { withInitialTemperature } from './temperature.ts'
import type { SacParts } from './update.ts'

/** All that a gradient step reads and writes. Each network, and each moment of its optimiser, is one flat vector. */
export type SacState = {
  /** φ */
  readonly policy: Tensor1D
  /** θ₁ … θ_K, one after another. */
  readonly critic: Tensor1D
  /** θ̄₁ … θ̄_K, where the critics regress on targets of their own. */
  readonly criticTarget?: Tensor1D
  /** ψ of a state-value network, where there is one. */
  readonly value?: Tensor1D
  /** ψ̄, its slow copy. */
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
  const optimizer = { policy: optimizers.policy.init(policy), critic: optimizers.critic.init(critic) }
  const { temperature, bootstrap } = config
  const tempered = (state: SacState): SacState =>
    withInitialTemperature(state, { temperature, optimizer: optimizers.alpha })
  if (bootstrap === 'critics')
    return tempered({ policy, critic, criticTarget: tf.clone(critic), optimizer, step })
  const value = networks.initValue(foldIn(key, 'value'))
  return tempered({
    policy,
    critic,
    value,
    valueTarget: tf.clone(value),
    optimizer: { ...optimizer, value: optimizers.critic.init(value) },
    step,
  })
}

/** What the critics regress on in a state: slow copies of their own, or a state-value network with its slow copy and its moments. */
export type Bootstrap =
  | { readonly kind: 'critics'; readonly target: Tensor1D }
  | {
      readonly kind: 'valueNetwork'
      readonly value: Tensor1D
      readonly target: Tensor1D
      readonly moments: AdamState
    }

/**
 * What a state holds for its critics to regress on.
 * @throws TypeError when that is not what the config says.
 */
export function heldBootstrap({ bootstrap }: Pick<SacConfig, 'bootstrap'>, state: SacState): Bootstrap {
  const { criticTarget, value, valueTarget, optimizer } = state
  if (bootstrap === 'critics' && criticTarget !== undefined && value === undefined)
    return { kind: bootstrap, target: criticTarget }
  const moments = optimizer.value
  const hasNetwork = value !== undefined && valueTarget !== undefined && moments !== undefined
  if (bootstrap === 'valueNetwork' && criticTarget === undefined && hasNetwork)
    return { kind: bootstrap, value, target: valueTarget, moments }
  throw new TypeError(
    `update: state must be one of bootstrap '${bootstrap}', got one with ${Object.keys(state).join(', ')}; initialise the state with the same config`,
  )
}
