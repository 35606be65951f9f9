import * as tf from '@tensorflow/tfjs'
import type { Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs'
import { gae } from '@maxent/core'
import type { ObservationBatch, StepsBatch } from '@maxent/core'
import type { PpoState } from './state.ts'
import type { PpoParts } from './update.ts'

/** What minibatches are cut from: a row per step of a rollout. */
export type PpoRows = {
  /** What the policy saw, [M, size]: normalised as it was when it acted. */
  readonly observation: Tensor2D
  /** The action before it was cut, in units of [−1, 1], [M, A]. */
  readonly sample: Tensor2D
  /** log π_old(a|s), [M]. */
  readonly logProb: Tensor1D
  /** Â, [M]. */
  readonly advantage: Tensor1D
  /** The λ-return, as the value network has it, [M]. */
  readonly target: Tensor1D
}

/**
 * Advantages and returns of a rollout: Schulman et al. 2017 (arXiv:1707.06347), Eqs. 11 and 12. A step that a time limit ended goes on with
 * the value of what it led to. Old values and densities are those of the networks and statistics that acted; the statistics are brought up to
 * date for the next rollout.
 */
export function prepare(
  parts: PpoParts,
  state: PpoState,
  rollout: StepsBatch,
): { readonly state: PpoState; readonly rows: PpoRows } {
  const { config, networks } = parts
  const { reward, discount, continues } = rollout
  const [T, N] = reward.shape
  const raw = parts.seen.join(rowsOf(rollout.observation))
  const observation = normalized(parts, state, raw)
  const next = normalized(parts, state, parts.seen.join(rowsOf(rollout.nextObservation)))
  const { policy, value } = networks.apply(state.parameters, observation)
  const sample = tf.reshape<tf.Rank.R2>(rollout.record.sample, [T * N, -1])
  const values = returnsOf(parts, state, value)
  const nextValues = returnsOf(parts, state, networks.apply(state.parameters, next).value)
  const steps = (x: Tensor): Tensor2D => tf.reshape(x, [T, N])
  const estimates = gae({
    reward,
    discount,
    continues,
    gamma: config.gamma,
    lambda: config.lambda,
    value: steps(values),
    nextValue: steps(nextValues),
  })
  const advantage = tf.reshape<tf.Rank.R1>(estimates, [T * N])
  const returns = tf.reshape<tf.Rank.R2>(tf.add(advantage, values), [T * N, 1])
  const statistics = config.normalizeReturns
    ? parts.normalizers.returns.update(state.returns, returns)
    : state.returns
  return {
    state: {
      ...state,
      observations: config.normalizeObservations
        ? parts.normalizers.observations.update(state.observations, raw)
        : state.observations,
      returns: statistics,
    },
    rows: {
      observation,
      sample,
      logProb: policy.logProb(sample) as Tensor1D,
      advantage,
      target: tf.reshape(
        config.normalizeReturns ? parts.normalizers.returns.normalize(statistics, returns) : returns,
        [T * N],
      ),
    },
  }
}

/** The rows that the networks see. */
export function normalized({ config, normalizers }: PpoParts, state: PpoState, rows: Tensor2D): Tensor2D {
  return config.normalizeObservations ? normalizers.observations.normalize(state.observations, rows) : rows
}

/** What the value network says, in units of the return. */
function returnsOf({ config, normalizers }: PpoParts, state: PpoState, value: Tensor1D): Tensor1D {
  if (!config.normalizeReturns) return value
  const column = tf.reshape<tf.Rank.R2>(value, [value.size, 1])
  return tf.reshape(normalizers.returns.denormalize(state.returns, column), [value.size])
}

/** Groups [T, N, n] as [T·N, n]. */
function rowsOf(groups: StepsBatch['observation']): ObservationBatch {
  return Object.fromEntries(
    Object.entries(groups).map(([name, group]) => [
      name,
      tf.reshape<tf.Rank.R2>(group, [group.shape[0] * group.shape[1], group.shape[2]]),
    ]),
  )
}
