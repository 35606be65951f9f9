import { resolveConfig } from '@maxent/core'
import { z } from 'zod'

/** The weight α of the entropy: learned so that the mean entropy approaches a target H̄, or held. */
export type TemperatureConfig =
  | {
      readonly kind: 'learned'
      readonly initialAlpha: number
      readonly targetEntropy?: number
      readonly learningRate?: number
    }
  | { readonly kind: 'fixed'; readonly alpha: number }

/** How the target critics follow the critics. */
export type TargetConfig =
  { readonly kind: 'soft'; readonly tau: number } | { readonly kind: 'hard'; readonly interval: number }

/** All settings of soft actor-critic. */
export interface SacConfig {
  /** Discount factor γ, in [0, 1]. Default: thesis, table C.1. */
  readonly gamma: number
  /** Transitions B per gradient step, at least 1. Default: thesis, table C.1. */
  readonly batchSize: number
  /** Units of each hidden layer, of every network. Default: thesis, table C.1 (chapter 5 uses 512). */
  readonly hidden: readonly number[]
  /** Activation between layers. Default: thesis, table C.1. */
  readonly activation: 'relu' | 'tanh' | 'elu'
  /** Law of the initial kernels: `fanInUniform` as in PyTorch (biases too), or `xavierUniform` with zero biases as in the released code. */
  readonly initializer: 'fanInUniform' | 'xavierUniform'
  /** Critics K that share one target; the least of them counts. Default: thesis, section 4.2. */
  readonly critics: number
  /** Bounds to which log σ is clipped, low first. Default: the released code. */
  readonly logStdRange: readonly [number, number]
  /** Adam's learning rate for the policy, above 0. Default: thesis, table C.1. */
  readonly policyLearningRate: number
  /** Adam's learning rate for the critics, above 0. */
  readonly criticLearningRate: number
  /** The temperature α. Default: learned from 1 (thesis, chapter 5). */
  readonly temperature: TemperatureConfig
  /** The target critics. Default: thesis, table C.1. */
  readonly target: TargetConfig
  /** Observation groups that the policy sees. Without it: all. */
  readonly policyGroups?: readonly string[]
  /** Observation groups that the critics see. Without it: all. */
  readonly criticGroups?: readonly string[]
}

/** The defaults, each once. */
export const sacDefaults: SacConfig = Object.freeze<SacConfig>({
  gamma: 0.99,
  batchSize: 256,
  hidden: [256, 256],
  activation: 'relu',
  initializer: 'fanInUniform',
  critics: 2,
  logStdRange: [-20, 2],
  policyLearningRate: 3e-4,
  criticLearningRate: 1e-3,
  temperature: { kind: 'learned', initialAlpha: 1 },
  target: { kind: 'soft', tau: 0.005 },
})

const count = z.int().min(1)
const rate = z.number().positive()
const groups = z.array(z.string()).min(1).optional()

const temperature = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('learned'),
    initialAlpha: z.number().positive().describe('α at the start'),
    targetEntropy: z.number().optional().describe('H̄ in nats; −1 per action dimension unless given'),
    learningRate: rate.optional().describe("Adam's learning rate for log α; that of the policy unless given"),
  }),
  z.strictObject({ kind: z.literal('fixed'), alpha: z.number().min(0).describe('α') }),
])

const target = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('soft'),
    tau: z.number().positive().max(1).describe('τ, share of the critics in each update of the targets'),
  }),
  z.strictObject({ kind: z.literal('hard'), interval: count.describe('gradient steps between copies') }),
])

/** The rules of {@link SacConfig}, with the line that tables and command lines show per field. */
export const sacSchema: z.ZodObject<z.ZodRawShape> = z.strictObject({
  gamma: z.number().min(0).max(1).describe('discount factor γ'),
  batchSize: count.describe('transitions per gradient step'),
  hidden: z.array(count).describe('units of each hidden layer, of every network'),
  activation: z.enum(['relu', 'tanh', 'elu']).describe('activation between layers'),
  initializer: z.enum(['fanInUniform', 'xavierUniform']).describe('law of the initial kernels'),
  critics: count.describe('critics K that share one target; the least of them counts'),
  logStdRange: z
    .tuple([z.number(), z.number()])
    .refine(([low, high]) => low < high, 'low < high')
    .describe('bounds to which log σ is clipped'),
  policyLearningRate: rate.describe("Adam's learning rate for the policy"),
  criticLearningRate: rate.describe("Adam's learning rate for the critics"),
  temperature: temperature.describe('the entropy weight α: learned towards a target entropy, or fixed'),
  target: target.describe('how the target critics follow: soft averages, or hard copies'),
  policyGroups: groups.describe('observation groups that the policy sees; all unless given'),
  criticGroups: groups.describe('observation groups that the critics see; all unless given'),
})

/**
 * Fills in the defaults and checks every rule.
 * @throws RangeError or TypeError that names field, rule, value and remedy.
 */
export function resolveSacConfig(partial: Partial<SacConfig> = {}): SacConfig {
  return resolveConfig({ caller: 'resolveSacConfig', schema: sacSchema, defaults: sacDefaults }, partial)
}
