import type { Tensor } from '@tensorflow/tfjs'
import { checkShapes, describeValue } from '../check.ts'

/** α: a positive number, or a scalar tensor where it is learned. */
export type Alpha = number | Tensor

/**
 * Checks that an α is positive.
 * @throws RangeError when a number is not positive and finite, or a tensor is no scalar. The value of a tensor is not read, since a traced one has
 * none.
 */
export function checkAlpha(caller: string, alpha: Alpha): void {
  if (typeof alpha !== 'number') checkShapes(caller, { alpha: [] }, { alpha })
  else if (!(alpha > 0 && alpha < Infinity))
    throw new RangeError(`${caller}: alpha must be positive and finite, got ${describeValue(alpha)}`)
}
