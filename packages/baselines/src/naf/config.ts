import type { ExplorationConfig, TargetConfig } from '@maxent/core'
import { explorationSchema, resolveConfig, targetSchema } from '@maxent/core'
import * as z from 'zod'
import { count, groups, layers, rate, share } from '../shared/rules.ts'

/** All settings of NAF. */
export interface NafConfig {
  /** Discount factor γ, in [0, 1]. Default: the paper's. */
  readonly gamma: number
  /** Transitions B per gradient step, at least 1. */
  readonly batchSize: number
  /** Units of each hidden layer. */
  readonly hidden: readonly number[]
  /** Activation between layers. */
  readonly activation: 'relu' | 'tanh' | 'elu'
  /** Adam's learning rate, in [1e-37, 1e38]. Default: the paper's. */
  readonly learningRate: number
  /** Bounds to which the logarithms of L's diagonal are cut, low first, so that P is neither singular nor infinite; at most 40. */
  readonly logDiagonalRange: readonly [number, number]
  /** The target network. */
  readonly target: TargetConfig
  /** The noise on the actions taken. */
  readonly exploration: ExplorationConfig
  /** Observation groups that the network sees. Without it: all. */
  readonly groups?: readonly string[]
}

/** The defaults, each once. */
export const nafDefaults: NafConfig = Object.freeze<NafConfig>({
  gamma: 0.99,
  batchSize: 256,
  hidden: [256, 256],
  activation: 'relu',
  learningRate: 1e-3,
  logDiagonalRange: [-5, 2],
  target: { kind: 'soft', tau: 0.005 },
  exploration: { kind: 'gaussian', sigma: 0.3 },
})

/** exp(2·40) = 5.5e34 on P's diagonal: squared distances and their sum over actions take it 6,000 times higher until float32 has no more. */
const MOST_LOG_DIAGONAL = 40

/** The rules of {@link NafConfig}, with the line that tables and command lines show per field. */
export const nafSchema: z.ZodObject<z.ZodRawShape> = z.strictObject({
  gamma: share.describe('discount factor γ'),
  batchSize: count.describe('transitions per gradient step'),
  hidden: layers.describe('units of each hidden layer'),
  activation: z.enum(['relu', 'tanh', 'elu']).describe('activation between layers'),
  learningRate: rate.describe("Adam's learning rate"),
  logDiagonalRange: z
    .tuple([z.number(), z.number().max(MOST_LOG_DIAGONAL)])
    .refine(([low, high]) => low < high, 'low < high')
    .describe("bounds to which the logarithms of L's diagonal are cut"),
  target: targetSchema.describe('how the target network follows: soft averages, or hard copies'),
  exploration: explorationSchema.describe(
    'noise on the actions taken, scaled to [−1, 1]: independent, or correlated in time',
  ),
  groups: groups.describe('observation groups that the network sees; all unless given'),
})

/**
 * Fills in the defaults and checks every rule.
 * @throws RangeError or TypeError that names field, rule, value and remedy.
 */
export function resolveNafConfig(partial: Partial<NafConfig> = {}): NafConfig {
  return resolveConfig({ caller: 'resolveNafConfig', schema: nafSchema, defaults: nafDefaults }, partial)
}
