import { positiveSchema, resolveConfig } from '@maxent/core'
import * as z from 'zod'

/** All settings of NewAlgorithm. */
export interface NewAlgorithmConfig {
  /** Discount factor γ, in [0, 1]. */
  readonly gamma: number
  /** Transitions B per gradient step, at least 1. */
  readonly batchSize: number
  /** Units of each hidden layer, of every network. */
  readonly hidden: readonly number[]
  /** Adam's learning rate for all networks, in [1e-37, 1e38]. */
  readonly learningRate: number
  /** Weight α of the entropy, at least 0. */
  readonly alpha: number
  /** Share τ of the critics in each update of their targets, in (0, 1]. */
  readonly tau: number
}

/** The defaults, each once. */
export const newAlgorithmDefaults: NewAlgorithmConfig = Object.freeze<NewAlgorithmConfig>({
  gamma: 0.99,
  batchSize: 256,
  hidden: [256, 256],
  learningRate: 3e-4,
  alpha: 0.2,
  tau: 0.005,
})

const count = z.int().min(1)

/** The rules of {@link NewAlgorithmConfig}, with the line that tables and command lines show per field. */
export const newAlgorithmSchema: z.ZodObject<z.ZodRawShape> = z.strictObject({
  gamma: z.number().min(0).max(1).describe('discount factor γ'),
  batchSize: count.describe('transitions per gradient step'),
  hidden: z.array(count).describe('units of each hidden layer, of every network'),
  learningRate: positiveSchema.describe("Adam's learning rate for all networks"),
  alpha: z.number().min(0).describe('weight α of the entropy'),
  tau: z.number().positive().max(1).describe('share τ of the critics in each update of their targets'),
})

/**
 * Fills in the defaults and checks every rule.
 * @throws RangeError or TypeError that names field, rule, value and remedy.
 */
export function resolveNewAlgorithmConfig(partial: Partial<NewAlgorithmConfig> = {}): NewAlgorithmConfig {
  const rules = {
    caller: 'resolveNewAlgorithmConfig',
    schema: newAlgorithmSchema,
    defaults: newAlgorithmDefaults,
  }
  return resolveConfig(rules, partial)
}
