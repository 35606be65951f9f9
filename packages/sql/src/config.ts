import { resolveConfig, explorationSchema, positiveSchema, targetSchema } from '@maxent/core'
import type { Bandwidth, ExplorationConfig, TargetConfig } from '@maxent/core'
import * as z from 'zod'

/** The temperature α, the weight of the entropy, in [1e-18, 1e18]: held, or taken log-linearly from one value to another (thesis, appendix C.1). */
export type TemperatureConfig =
  | { readonly kind: 'fixed'; readonly alpha: number }
  | {
      readonly kind: 'annealed'
      readonly from: number
      readonly to: number
      /** Gradient steps between them. */
      readonly steps: number
    }

/** Where the actions come from that the soft value is estimated with. */
export type ValueConfig =
  /** The box, uniformly: thesis, section 3.3. `shared`: one set for all states of the batch, as in the released code. */
  | { readonly kind: 'uniform'; readonly samples: number; readonly shared: boolean }
  /** A share from the box, the others from Gaussian kernels around actions of the sampling network. */
  | { readonly kind: 'sampler'; readonly samples: number; readonly uniformShare: number }
  /** A share from the box, the others from one Gaussian with the moments of actions of the sampling network. */
  | { readonly kind: 'gaussian'; readonly samples: number; readonly uniformShare: number }

/** The actions of the sampling network per state that a Stein variational gradient is made of. */
export type ParticlesConfig =
  /** M held where the score is taken, and K others that move. */
  | { readonly kind: 'disjoint'; readonly fixed: number; readonly updated: number }
  /** The same for both: M = K. */
  | { readonly kind: 'same'; readonly count: number }

/** What the sampling network makes actions of. */
export type LatentsConfig =
  /** ξ ~ N(0, I), fresh every time. */
  | { readonly kind: 'fresh' }
  /** A set of `size` draws, of which fewer and fewer are used, a single one after `steps` gradient steps: thesis, appendix C.1. */
  | { readonly kind: 'set'; readonly size: number; readonly steps: number }

/**
 * Where particles move, and what keeps actions in the box:
 *
 * - `preTanh`: a = tanh f(ξ; s), particles move in f. Consistent with the soft value.
 * - `released`: a = tanh f(ξ; s), particles move in a, with the score of the released code of 2018. It needs α = 1.
 * - `unsquashed`: a = f(ξ; s), held in the box by a slope outside of it and clipped where it acts: the code of 2017.
 */
export type FormConfig = 'preTanh' | 'released' | 'unsquashed'

/** All of them. */
export const forms: readonly FormConfig[] = ['preTanh', 'released', 'unsquashed']

/** All settings of soft Q-learning. */
export interface SqlConfig {
  /** Discount factor γ, in [0, 1]. Default: the released code; the thesis does not state it. */
  readonly gamma: number
  /** Transitions B per gradient step, at least 1. Default: thesis, appendix C.1. */
  readonly batchSize: number
  /** Units of each hidden layer, of every network; at least one layer. Default: thesis, appendix C.1. */
  readonly hidden: readonly number[]
  /** Activation between layers. Default: thesis, appendix C.1. */
  readonly activation: 'relu' | 'tanh' | 'elu'
  /** Critics that share one target; the least of them counts. Default: the thesis; the released code of 2019 has 2. */
  readonly critics: number
  /** Adam's learning rate for the sampling network, in [1e-37, 1e38]. */
  readonly policyLearningRate: number
  /** Adam's learning rate for the critics, in [1e-37, 1e38]. Default: thesis, appendix C.1. */
  readonly criticLearningRate: number
  /** Factor c of the rewards, in [1e-18, 1e18]: the released code has it in place of a temperature of 1 / c. */
  readonly rewardScale: number
  /** The temperature α. Default: thesis, appendix C.1, most tasks. */
  readonly temperature: TemperatureConfig
  /** The actions of the soft value; K_V of them. Default: thesis, appendix C.1. */
  readonly value: ValueConfig
  /** The particles of the Stein variational gradient. */
  readonly particles: ParticlesConfig
  /** Where particles move. */
  readonly form: FormConfig
  /** The kernel's bandwidth h. Without it that of the form: the released code's for `released`, the thesis' else. */
  readonly bandwidth?: Bandwidth
  /** Dimensions of ξ. Without it those of the action, as in the released code. */
  readonly latentSize?: number
  /** What ξ is drawn from. */
  readonly latents: LatentsConfig
  /** The target critics. Default: thesis, appendix C.1. */
  readonly target: TargetConfig
  /** Noise on top of the actions that explore: thesis, appendix C.1. Without it none, as in the released code. */
  readonly exploration?: ExplorationConfig
  /** Actions drawn in evaluation, of which the one with the most others around it is taken. */
  readonly candidates: number
  /** Gradient steps between those that measure the sampler; 0 for none. */
  readonly diagnosticsEvery: number
  /** Observation groups that the sampling network sees. Without it: all. */
  readonly policyGroups?: readonly string[]
  /** Observation groups that the critics see. Without it: all. */
  readonly criticGroups?: readonly string[]
}

/** The defaults, each once. */
export const sqlDefaults: SqlConfig = Object.freeze<SqlConfig>({
  gamma: 0.99,
  batchSize: 64,
  hidden: [200, 200],
  activation: 'relu',
  critics: 1,
  policyLearningRate: 3e-4,
  criticLearningRate: 1e-3,
  rewardScale: 1,
  temperature: { kind: 'fixed', alpha: 0.1 },
  value: { kind: 'uniform', samples: 50, shared: false },
  particles: { kind: 'disjoint', fixed: 16, updated: 16 },
  form: 'preTanh',
  latents: { kind: 'fresh' },
  target: { kind: 'hard', interval: 1_000 },
  candidates: 32,
  diagnosticsEvery: 100,
})

const count = z.int().min(1)
/** What values are divided by, or rewards multiplied: losses and Adam hold squares of it and of its inverse, which float32 must have too. */
const scale = z.number().min(1e-18).max(1e18)
const share = z.number().positive().max(1)
const groups = z.array(z.string()).min(1).optional()

const temperature = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('fixed'), alpha: scale.describe('α') }),
  z.strictObject({
    kind: z.literal('annealed'),
    from: scale.describe('α at the start'),
    to: scale.describe('α at the end'),
    steps: count.describe('gradient steps between them, log-linearly'),
  }),
])

const proposed = {
  samples: z.int().min(2).describe('K_V, actions per state'),
  uniformShare: share.describe('share of them from the box, rounded, at least one'),
}

const value = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('uniform'),
    samples: count.describe('K_V, actions per state'),
    shared: z.boolean().describe('whether all states of a batch share one set, as in the released code'),
  }),
  z.strictObject({ kind: z.literal('sampler'), ...proposed }),
  z.strictObject({ kind: z.literal('gaussian'), ...proposed }),
])

const particles = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('disjoint'),
    fixed: count.describe('M, actions where the score is taken'),
    updated: count.describe('K, other actions, which move'),
  }),
  z.strictObject({ kind: z.literal('same'), count: count.describe('M = K, actions that are both') }),
])

const floor = scale.optional().describe('least h; 0.001 unless given')
const bandwidth = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('median'), floor }),
  z.strictObject({ kind: z.literal('released'), floor }),
  z.strictObject({ kind: z.literal('fixed'), value: scale.describe('h') }),
])

const latents = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('fresh') }),
  z.strictObject({
    kind: z.literal('set'),
    size: count.describe('K_ξ, draws at the start'),
    steps: count.describe('gradient steps until one is left, linearly'),
  }),
])

/** The rules of {@link SqlConfig}, with the line that tables and command lines show per field. */
export const sqlSchema: z.ZodObject<z.ZodRawShape> = z.strictObject({
  gamma: z.number().min(0).max(1).describe('discount factor γ'),
  batchSize: count.describe('transitions per gradient step'),
  hidden: z.array(count).min(1).describe('units of each hidden layer, of every network'),
  activation: z.enum(['relu', 'tanh', 'elu']).describe('activation between layers'),
  critics: count.describe('critics that share one target; the least of them counts'),
  policyLearningRate: positiveSchema.describe("Adam's learning rate for the sampling network"),
  criticLearningRate: positiveSchema.describe("Adam's learning rate for the critics"),
  rewardScale: scale.describe('factor of the rewards'),
  temperature: temperature.describe('the entropy weight α: fixed, or annealed'),
  value: value.describe('where the actions come from that the soft value is estimated with'),
  particles: particles.describe('actions per state that a Stein variational gradient is made of'),
  form: z.enum(forms).describe('where particles move: before tanh, after it, or in a box without it'),
  bandwidth: bandwidth.optional().describe("the kernel's bandwidth h; that of the form unless given"),
  latentSize: count.optional().describe('dimensions of ξ; those of the action unless given'),
  latents: latents.describe('what ξ is drawn from: N(0, I), or a set of draws that shrinks'),
  target: targetSchema.describe('how the target critics follow: soft averages, or hard copies'),
  exploration: explorationSchema
    .optional()
    .describe('noise on top of the actions that explore, scaled to [−1, 1]; none unless given'),
  candidates: count.describe(
    'actions drawn in evaluation, of which the one with the most others around it is taken',
  ),
  diagnosticsEvery: z
    .int()
    .min(0)
    .describe('gradient steps between those that measure the sampler; 0 for none'),
  policyGroups: groups.describe('observation groups that the sampling network sees; all unless given'),
  criticGroups: groups.describe('observation groups that the critics see; all unless given'),
})

/**
 * Fills in the defaults and checks every rule.
 * @throws RangeError or TypeError that names field, rule, value and remedy.
 */
export function resolveSqlConfig(partial: Partial<SqlConfig> = {}): SqlConfig {
  const caller = 'resolveSqlConfig'
  const config = resolveConfig({ caller, schema: sqlSchema, defaults: sqlDefaults }, partial)
  const { form, temperature, value, particles } = config
  if (form === 'released' && !(temperature.kind === 'fixed' && temperature.alpha === 1)) {
    throw new RangeError(
      `${caller}: temperature must be { kind: 'fixed', alpha: 1 } where form is 'released', got ` +
        `${JSON.stringify(temperature)}; scale rewards by 1 / alpha instead`,
    )
  }
  if (form === 'unsquashed' && value.kind !== 'uniform') {
    throw new RangeError(
      `${caller}: value.kind must be 'uniform' where form is 'unsquashed', got '${value.kind}'; ` +
        'actions of that sampler may lie outside of the box',
    )
  }
  const bandwidth = config.bandwidth?.kind ?? (form === 'released' ? 'released' : 'median')
  if (bandwidth === 'released' && particleCounts(particles).fixed < 2) {
    throw new RangeError(
      `${caller}: particles must have at least 2 to take the score at for the released bandwidth, got ` +
        `${JSON.stringify(particles)}; give more, or bandwidth { kind: 'median' }`,
    )
  }
  return config
}

/** M, K, and how many actions of the sampling network they take. */
export function particleCounts(particles: ParticlesConfig): {
  readonly fixed: number
  readonly updated: number
  readonly drawn: number
} {
  if (particles.kind === 'same')
    return { fixed: particles.count, updated: particles.count, drawn: particles.count }
  const { fixed, updated } = particles
  return { fixed, updated, drawn: fixed + updated }
}
