import * as tf from '@tensorflow/tfjs'
import type { Tensor } from '@tensorflow/tfjs'
import * as z from 'zod'
import { describeValue } from '../check.ts'
import { resolveConfig } from '../config/resolve.ts'

/**
 * How the soft Q-functions of several tasks become one.
 *
 * - `mean`: Q_Σ = Σ wᵢ Qᵢ with convex weights (Haarnoja 2018, thesis, eq. 6.2). Lemma 5 bounds what is lost, at the temperature of the parts.
 * - `sum`: Q_Σ = Σ wᵢ Qᵢ with any weights, all 1 when absent, as in the released code. Lemma 5 does not cover it: with two tasks the policy is
 *   that of the mean at half the temperature, and over densities Q_Σ need not even be an upper bound.
 */
export type CompositionRule =
  | { readonly kind: 'mean'; readonly weights?: readonly number[] }
  | { readonly kind: 'sum'; readonly weights?: readonly number[] }

const weights = z.array(z.number()).optional()
const ruleSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('mean'), weights }),
  z.strictObject({ kind: z.literal('sum'), weights }),
])

/**
 * The rule among the options of what composes, `{ kind: 'mean' }` when absent. `others` are the options beside it, records that are checked where
 * they are read.
 * @throws RangeError or TypeError for a rule that is none, and for an option of another name.
 */
export function compositionRule(
  caller: string,
  options: { readonly rule?: CompositionRule },
  others: readonly string[],
): CompositionRule {
  const record = z.record(z.string(), z.unknown()).optional()
  const schema = z.strictObject({
    rule: ruleSchema,
    ...Object.fromEntries(others.map((name) => [name, record])),
  })
  const defaults: { readonly rule: CompositionRule } = { rule: { kind: 'mean' } }
  return resolveConfig({ caller, schema, defaults }, options).rule
}

/** How far from one the sum of convex weights may be. */
const TOLERANCE = 1e-6
/** The least and the largest weight that is not zero: beyond, products with values of thousands leave what float32 tells apart. */
const [LEAST, MOST] = [1e-6, 1e6]

/**
 * The weight wᵢ of each of `count` tasks under a rule: equal ones of sum one under `mean`, ones under `sum`, unless they are given.
 * @throws RangeError when there are not as many as tasks, one is neither 0 nor from 10⁻⁶ to 10⁶, all are zero, or those of a mean do not sum to one.
 */
export function compositionWeights(caller: string, rule: CompositionRule, count: number): readonly number[] {
  const { kind, weights = Array<number>(count).fill(kind === 'mean' ? 1 / count : 1) } = rule
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  const isSum = kind === 'mean' ? Math.abs(total - 1) <= TOLERANCE : total > 0
  const isWeight = (weight: number): boolean => weight === 0 || (weight >= LEAST && weight <= MOST)
  if (weights.length === count && weights.every(isWeight) && isSum) return weights
  const [wanted, remedy] =
    kind === 'mean'
      ? ['of sum 1', "divide them by their sum, or take the rule 'sum', which lemma 5 does not cover"]
      : ['above 0 in sum', 'give one weight per constituent']
  throw new RangeError(
    `${caller}: weights must be ${count} numbers, each 0 or from ${LEAST} to ${MOST}, ${wanted} under the rule '${kind}', got ${describeValue(weights)}; ${remedy}`,
  )
}

/**
 * Checks that the config of an extraction leaves to the constituents what was learned with it.
 * @throws RangeError that names a field that is given all the same.
 */
export function leaveToConstituents(caller: string, theirs: readonly string[], given: object): void {
  const entries: readonly (readonly [string, unknown])[] = Object.entries(given)
  const taken = entries.find(([name, value]) => value !== undefined && theirs.includes(name))
  if (taken === undefined) return
  const [name, value] = taken
  throw new RangeError(
    `${caller}: config must leave ${name} to the constituents, got ${JSON.stringify(value)}; learn all of them with it`,
  )
}

/** Σ wᵢ xᵢ of tensors of one shape, at least one of them. */
export function weightedSum<T extends Tensor>(tensors: readonly T[], weights: readonly number[]): T {
  return tensors
    .map((tensor, i) => tf.mul<T>(tensor, weights[i]))
    .reduce((sum, tensor) => tf.add<T>(sum, tensor))
}
