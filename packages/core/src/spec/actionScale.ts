import * as tf from '@tensorflow/tfjs'
import type { Tensor, Tensor2D } from '@tensorflow/tfjs'
import { describeValue } from '../check.ts'
import type { ActionSpec } from '../contracts.ts'

/** The affine map between the environment's box of actions and [−1, 1]. */
export interface ActionScale {
  /** Actions in [−1, 1] of actions [B, A] in the environment's units. */
  toUnit(action: Tensor): Tensor2D
  /** Actions in the environment's units of actions [B, A] in [−1, 1]. */
  toEnvironment(action: Tensor): Tensor2D
}

/**
 * The least width of a box, in steps of float32: rounding then moves an action in [−1, 1] by at most 1/16, and the density that it was drawn from
 * still is about that of the action taken.
 */
const LEAST_STEPS = 16

/**
 * The scale of a box. Where the box is [−1, 1] already, both directions give their argument, with no operation.
 * @throws TypeError for what is no box. RangeError when actions are choices, or the bounds differ in length, do not have low < high, or they or
 * their difference are not finite in float32, or they are less than 16 steps of float32 apart.
 */
export function actionScale(action: ActionSpec): ActionScale {
  checkBox(action)
  const { low, high } = action
  if (low.every((bound) => bound === -1) && high.every((bound) => bound === 1)) {
    return { toUnit: (action) => action as Tensor2D, toEnvironment: (action) => action as Tensor2D }
  }
  const middle = low.map((bound, i) => (bound + high[i]) / 2)
  const half = low.map((bound, i) => (high[i] - bound) / 2)
  return {
    toUnit: (action) => tf.div(tf.sub(action, middle), half),
    // Rounding can carry an action over a bound.
    toEnvironment: (action) => tf.minimum(tf.maximum(tf.add(tf.mul(action, half), middle), low), high),
  }
}

function checkBox(action: ActionSpec): void {
  const { low, high, choices } = (action as Partial<ActionSpec> | null | undefined) ?? {}
  if (choices !== undefined) {
    throw new RangeError(
      `actionScale: actions must come from a box, got ${choices} choices; use an algorithm for choices, as sac-discrete is`,
    )
  }
  if (low?.length === undefined || high?.length === undefined) {
    throw new TypeError(
      `actionScale: action must be a box { low, high } with a list of numbers each, got ${describeValue(action)}; ` +
        'give the action of the specification of an environment',
    )
  }
  if (low.length !== high.length || low.length === 0) {
    throw new RangeError(
      `actionScale: action bounds must be of one length of at least 1, got ${low.length} low and ${high.length} high; ` +
        'give a low and a high for every entry of an action',
    )
  }
  low.forEach((bound, at) => checkInterval(bound, { high: high[at], at }))
}

function checkInterval(low: number, { high, at }: { readonly high: number; readonly at: number }): void {
  for (const [name, bound] of Object.entries({ low, high })) {
    if (Number.isFinite(bound)) continue
    throw new RangeError(
      `actionScale: action.${name} must be finite, got ${describeValue(bound)} at index ${at}; ` +
        'give that entry a bound, and let the environment map its actions to it',
    )
  }
  const refused = (rule: string, remedy: string): RangeError =>
    new RangeError(
      `actionScale: action bounds ${rule}, got low=${low} and high=${high} at index ${at}; ${remedy}`,
    )
  if (low >= high)
    throw refused('must have low < high', 'swap the bounds, or leave out an entry that has one value only')
  if ([low, high, high - low].some((x) => !Number.isFinite(Math.fround(x))))
    throw refused('and high - low must be finite in float32', 'narrow the box')
  if (Math.fround(high) - Math.fround(low) < LEAST_STEPS * stepAt(Math.max(-low, high)))
    throw refused(
      `must be at least ${LEAST_STEPS} steps of float32 apart`,
      'widen the box, or shift its actions towards 0 and let the environment shift them back',
    )
}

/** The distance of the numbers of float32 around a number. */
function stepAt(x: number): number {
  return 2 ** (Math.max(Math.floor(Math.log2(Math.fround(x))), -126) - 23)
}
