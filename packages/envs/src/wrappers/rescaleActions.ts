import type { Env } from '@maxent/core/contracts'
import { relay } from './relay.ts'

/** A range that every number of an action has. */
export interface ActionRange {
  /** −1 when absent. */
  readonly low?: number
  /** 1 when absent. */
  readonly high?: number
}

/**
 * Gives every number of the action the same range: `low` stands for the environment's own low, `high` for its high, and what is
 * between or beyond follows in a line.
 *
 * @throws RangeError unless low < high, both finite, here and in the environment, and where its actions are choices.
 */
export function rescaleActions<Task>(env: Env<Task>, range: ActionRange = {}): Env<Task> {
  const { low = -1, high = 1 } = range
  if (!(Number.isFinite(low) && Number.isFinite(high) && low < high)) {
    throw new RangeError(`rescaleActions: low must be less than high, both finite, got ${low} and ${high}`)
  }
  const { id, action: box } = env.spec
  const size = box.low.length
  if (box.choices !== undefined) {
    throw new RangeError(
      `rescaleActions: the actions of "${id}" must come from a box, got ${box.choices} choices, leave them as they are`,
    )
  }
  for (let i = 0; i < size; i++) {
    const [least, most] = [box.low[i], box.high[i]]
    if (Number.isFinite(Math.fround(least)) && Number.isFinite(Math.fround(most)) && least < most) continue
    throw new RangeError(
      `rescaleActions: the actions of "${id}" must have low < high, both finite in float32, got ${least} and ${most} at index ${i}, ` +
        'wrap an environment with a box of actions',
    )
  }
  const scaled = new Float32Array(size)
  return {
    ...relay(env),
    spec: {
      ...env.spec,
      action: { low: Array<number>(size).fill(low), high: Array<number>(size).fill(high) },
    },
    step: (action) => {
      if (action.length !== size) {
        throw new RangeError(`step: action must have the length ${size} in "${id}", got ${action.length}`)
      }
      for (let i = 0; i < size; i++) {
        const share = (action[i] - low) / (high - low)
        scaled[i] = (1 - share) * box.low[i] + share * box.high[i]
      }
      return env.step(scaled)
    },
  }
}
