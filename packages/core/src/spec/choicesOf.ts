import { checkInteger } from '../check.ts'
import type { ActionSpec } from '../contracts.ts'

/**
 * How many choices an action is one of.
 * @throws RangeError when actions come from a box, or the bounds do not say 0 to choices − 1.
 */
export function choicesOf(caller: string, { low, high, choices }: ActionSpec): number {
  if (choices === undefined) {
    throw new RangeError(
      `${caller}: actions must be choices, got a box of ${low.length} dimensions; use an algorithm for boxes, as sac is`,
    )
  }
  checkInteger({ caller, name: 'action.choices', value: choices, min: 2 })
  if (low.length !== 1 || high.length !== 1 || low[0] !== 0 || high[0] !== choices - 1) {
    throw new RangeError(
      `${caller}: action bounds must be [0] and [${choices - 1}] for ${choices} choices, got [${low.join()}] and [${high.join()}]`,
    )
  }
  return choices
}
