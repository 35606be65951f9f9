import * as tf from '@tensorflow/tfjs'
import type { Tensor, Tensor2D } from '@tensorflow/tfjs'
import { didYouMean } from '../check.ts'
import type { ObservationBatch, ObservationSpec } from '../contracts.ts'

/** The observation groups that a network sees. */
export interface ObservationGroups {
  /** Summed length of the groups. */
  readonly size: number
  /** The groups side by side, in the order of the specification, then `more`: [B, size + ...]. */
  join(observation: ObservationBatch, ...more: Tensor[]): Tensor2D
}

/**
 * Chooses groups of a specification by name; without names, all.
 * @throws RangeError when a name is not a group of the specification, or the groups hold no number.
 */
export function observationGroups(
  caller: string,
  spec: ObservationSpec,
  names?: readonly string[],
): ObservationGroups {
  const known = Object.keys(spec)
  for (const name of names ?? []) {
    if (known.includes(name)) continue
    throw new RangeError(
      `${caller} must name observation groups (${known.join(', ')}), got '${name}'${didYouMean(name, known)}`,
    )
  }
  const chosen = known.filter((name) => names?.includes(name) ?? true)
  const size = chosen.reduce((sum, name) => sum + spec[name], 0)
  if (size === 0) {
    throw new RangeError(`${caller} must hold at least one number, got none in [${chosen.join(', ')}]`)
  }
  return {
    size,
    join: (observation, ...more) => {
      const parts = [...chosen.map((name): Tensor => observation[name]), ...more]
      return (parts.length === 1 ? parts[0] : tf.concat(parts, 1)) as Tensor2D
    },
  }
}
