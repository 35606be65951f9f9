import * as tf from '@tensorflow/tfjs'
import type { Tensor, Tensor2D } from '@tensorflow/tfjs'
import { checkFinite } from '../check.ts'
import type { ActionSpec } from '../contracts.ts'

/** The affine map between the environment's box of actions and [−1, 1]. */
export interface ActionScale {
  /** Actions in [−1, 1] of actions [B, A] in the environment's units. */
  toUnit(action: Tensor): Tensor2D
  /** Actions in the environment's units of actions [B, A] in [−1, 1]. */
  toEnvironment(action: Tensor): Tensor2D
}

/**
 * The scale of a box. Where the box is [−1, 1] already, both directions give their argument, with no operation.
 * @throws RangeError when actions are choices, or the bounds differ in length, do not have low < high, or they or their difference are not
 * finite in float32.
 */
export function actionScale({ low, high, choices }: ActionSpec): ActionScale {
  if (choices !== undefined) {
    throw new RangeError(
      `actionScale: actions must come from a box, got ${choices} choices; use an algorithm for choices, as sac-discrete is`,
    )
  }
  if (low.length !== high.length || low.length === 0) {
    throw new RangeError(
      `actionScale: action bounds must be of one length of at least 1, got ${low.length} low and ${high.length} high`,
    )
  }
  checkFinite('actionScale', 'action.low', low)
  checkFinite('actionScale', 'action.high', high)
  const empty = low.findIndex((bound, i) => bound >= high[i])
  if (empty >= 0) {
    throw new RangeError(
      `actionScale: action bounds must have low < high, got low=${low[empty]} and high=${high[empty]} at index ${empty}`,
    )
  }
  const wide = low.findIndex((bound, i) =>
    [bound, high[i], high[i] - bound].some((x) => !Number.isFinite(Math.fround(x))),
  )
  if (wide >= 0) {
    throw new RangeError(
      `actionScale: action bounds and high - low must be finite in float32, got low=${low[wide]} and high=${high[wide]} at index ${wide}, ` +
        'narrow the box',
    )
  }
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
