import { positiveSchema, resolveConfig, targetSchema } from '@maxent/core'
import type { TargetConfig } from '@maxent/core'
import * as z from 'zod'

/** The weight α of the entropy: learned so that the mean entropy approaches a target H̄, or held. */
export type TemperatureConfig =
  | {
      readonly kind: 'learned'
      readonly initialAlpha: number
      readonly targetEntropy?: number
      readonly learningRate?: number
    }
  | { readonly kind: 'fixed'; readonly alpha: number }

/** The distribution of actions, over the box scaled to [−1, 1]. */
export type PolicyConfig =
  /** Gaussian behind tanh: thesis, appendix C.3. */
  | { readonly kind: 'tanhGaussian' }
  /** Gaussian without a squash, for problems whose solution is one; clipped to the box where it acts. */
  | { readonly kind: 'gaussian' }
  /** Gaussian cut to the box. */
  | { readonly kind: 'truncatedGaussian' }
  /** Mixture of Gaussians behind tanh, learned by the score function: SAC-GMM, thesis, section 7.4, footnote 3. */
  | { readonly kind: 'mixture'; readonly components: number }
  /** Normal latents through coupling layers conditioned on the state, behind tanh: thesis, chapter 7. For two action dimensions or more. */
  | { readonly kind: 'realNvp'; readonly couplings: number }
  /** No entropy, noise of a fixed width for exploring: the ablation of thesis, section 4.3. */
  | { readonly kind: 'deterministic'; readonly explorationStd: number }

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
  /** What the critics regress on: their own targets (thesis), or a state-value network, as in the first paper. */
  readonly bootstrap: 'critics' | 'valueNetwork'
  /** Steps n whose rewards the targets of the critics hold, at least 1. More than 1 needs `bootstrap: 'critics'`. */
  readonly nStep: number
  /** What the policy climbs: the least critic (thesis), the first one (code of 2018), or their mean (code of 2021). */
  readonly policyCritic: 'minimum' | 'first' | 'mean'
  /** The distribution of actions. Default: thesis, appendix C.3. */
  readonly policy: PolicyConfig
  /** Bounds to which log σ is clipped, low first. Default: the released code. */
  readonly logStdRange: readonly [number, number]
  /** Adam's learning rate for the policy, in [1e-37, 1e38]. Default: thesis, table C.1. */
  readonly policyLearningRate: number
  /** Adam's learning rate for the critics, in [1e-37, 1e38]. */
  readonly criticLearningRate: number
  /** Factor c of the rewards, in [1e-37, 1e38]: thesis, table C.2. With a fixed α it does what α / c does. */
  readonly rewardScale: number
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
  bootstrap: 'critics',
  nStep: 1,
  policyCritic: 'minimum',
  policy: { kind: 'tanhGaussian' },
  logStdRange: [-20, 2],
  policyLearningRate: 3e-4,
  criticLearningRate: 1e-3,
  rewardScale: 1,
  temperature: { kind: 'learned', initialAlpha: 1 },
  target: { kind: 'soft', tau: 0.005 },
})

const count = z.int().min(1)
const groups = z.array(z.string()).min(1).optional()

const temperature = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('learned'),
    initialAlpha: positiveSchema.describe('α at the start'),
    targetEntropy: z.number().optional().describe('H̄ in nats; −1 per action dimension unless given'),
    learningRate: positiveSchema
      .optional()
      .describe("Adam's learning rate for log α; that of the policy unless given"),
  }),
  z.strictObject({ kind: z.literal('fixed'), alpha: z.number().min(0).max(1e38).describe('α') }),
])

const policy = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('tanhGaussian') }),
  z.strictObject({ kind: z.literal('gaussian') }),
  z.strictObject({ kind: z.literal('truncatedGaussian') }),
  z.strictObject({ kind: z.literal('mixture'), components: count.describe('components of the mixture') }),
  z.strictObject({
    kind: z.literal('realNvp'),
    couplings: z.int().min(2).describe('coupling layers; each changes one half of the dimensions'),
  }),
  z.strictObject({
    kind: z.literal('deterministic'),
    explorationStd: z.number().min(0).describe('standard deviation of the noise that exploring adds'),
  }),
])

/** The rules of {@link SacConfig}, with the line that tables and command lines show per field. */
export const sacSchema: z.ZodObject<z.ZodRawShape> = z.strictObject({
  gamma: z.number().min(0).max(1).describe('discount factor γ'),
  batchSize: count.describe('transitions per gradient step'),
  hidden: z.array(count).describe('units of each hidden layer, of every network'),
  activation: z.enum(['relu', 'tanh', 'elu']).describe('activation between layers'),
  initializer: z.enum(['fanInUniform', 'xavierUniform']).describe('law of the initial kernels'),
  critics: count.describe('critics K that share one target; the least of them counts'),
  bootstrap: z
    .enum(['critics', 'valueNetwork'])
    .describe('what the critics regress on: target critics, or a target of a state-value network'),
  nStep: count.describe('steps n whose rewards the targets hold'),
  policyCritic: z.enum(['minimum', 'first', 'mean']).describe('which of the critics the policy climbs'),
  policy: policy.describe('the distribution of actions'),
  logStdRange: z
    .tuple([z.number(), z.number()])
    .refine(([low, high]) => low < high, 'low < high')
    .describe('bounds to which log σ is clipped'),
  policyLearningRate: positiveSchema.describe("Adam's learning rate for the policy"),
  criticLearningRate: positiveSchema.describe("Adam's learning rate for the critics"),
  rewardScale: positiveSchema.describe('factor of the rewards'),
  temperature: temperature.describe('the entropy weight α: learned towards a target entropy, or fixed'),
  target: targetSchema.describe('how the target critics follow: soft averages, or hard copies'),
  policyGroups: groups.describe('observation groups that the policy sees; all unless given'),
  criticGroups: groups.describe('observation groups that the critics see; all unless given'),
})

/**
 * Fills in the defaults and checks every rule.
 * @throws RangeError or TypeError that names field, rule, value and remedy.
 */
export function resolveSacConfig(partial: Partial<SacConfig> = {}): SacConfig {
  const caller = 'resolveSacConfig'
  const config = resolveConfig({ caller, schema: sacSchema, defaults: sacDefaults }, partial)
  const { policy, bootstrap, nStep, temperature } = config
  if (nStep > 1 && bootstrap !== 'critics') {
    throw new RangeError(
      `${caller}: nStep must be 1 where bootstrap is '${bootstrap}', got ${nStep}; take bootstrap 'critics' for more`,
    )
  }
  if (policy.kind === 'mixture' && bootstrap !== 'valueNetwork') {
    throw new RangeError(
      `${caller}: bootstrap must be 'valueNetwork' where policy.kind is 'mixture', got '${bootstrap}'; ` +
        'the score-function gradient of a mixture takes V as its baseline',
    )
  }
  if (policy.kind === 'deterministic' && (temperature.kind !== 'fixed' || temperature.alpha !== 0)) {
    throw new RangeError(
      `${caller}: temperature must be { kind: 'fixed', alpha: 0 } where policy.kind is 'deterministic', got ` +
        `${JSON.stringify(temperature)}; without a density there is no entropy to weigh`,
    )
  }
  return config
}
