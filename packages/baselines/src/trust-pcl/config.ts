import { resolveConfig } from '@maxent/core'
import * as z from 'zod'
import { count, groups, layers, rate, share } from '../shared/rules.ts'

/** All settings of Trust-PCL. */
export interface TrustPclConfig {
  /** Discount factor γ, in [0, 1]. Default: the paper's. */
  readonly gamma: number
  /** Steps d of a stretch, at least 1. Default: the paper's. */
  readonly length: number
  /** Stretches B per gradient step, at least 1. Default: the paper's. */
  readonly batchSize: number
  /** Units of each hidden layer, of both networks. Default: the paper's. */
  readonly hidden: readonly number[]
  /** Activation between layers. Default: the paper's. */
  readonly activation: 'relu' | 'tanh' | 'elu'
  /** α, the paper's τ: weight of the entropy. Above 0 in sum with λ, unless `divergence` is given. Default: the paper's best. */
  readonly alpha: number
  /** λ, weight of the relative entropy to the lagged policy; where `divergence` is given, where it starts, within `lambdaRange`. */
  readonly lambda: number
  /**
   * ε, in nats per step: how far the optimal policy may be from the lagged one, as far as the returns of the last episodes tell. λ follows.
   * Without it λ stays.
   */
  readonly divergence?: number
  /** How many episodes tell where `divergence` is given, at least 9. Default: the paper's. */
  readonly episodes: number
  /** Bounds of λ where `divergence` is given, low first. Default: where the released code searches, to its precision. */
  readonly lambdaRange: readonly [number, number]
  /** Share of the parameters in each update of the lagged ones, in (0, 1]. Default: the paper's 1 − α. */
  readonly lag: number
  /** Paths of a stretch: all that lead from one of its steps to its end, or that from its first step alone. */
  readonly paths: 'first' | 'all'
  /** Whose V(s_d) a stretch ends with: the value network's, as in the paper, or that of its lagged parameters, as in the released code. */
  readonly bootstrap: 'online' | 'lagged'
  /** δ: beyond it errors count linearly, as those that are cut in the released code. Without it all count by their square. */
  readonly errorLimit?: number
  /** β of the replay, in [0, 1]: a stretch that starts n steps earlier is drawn exp(−βn) times as often. */
  readonly recency: number
  /** log σ that all states share, where learning begins. Without it the network gives a σ for every state. */
  readonly sharedLogStd?: number
  /** Bounds to which log σ is cut, low first. */
  readonly logStdRange: readonly [number, number]
  /** Adam's learning rate for the policy, in [1e-37, 1e38]. */
  readonly policyLearningRate: number
  /** Adam's learning rate for the value network, in [1e-37, 1e38]. */
  readonly valueLearningRate: number
  /** Observation groups that both networks see. Without it: all. */
  readonly groups?: readonly string[]
}

/** The defaults, each once. */
export const trustPclDefaults: TrustPclConfig = Object.freeze<TrustPclConfig>({
  gamma: 0.99,
  length: 10,
  batchSize: 25,
  hidden: [64, 64],
  activation: 'tanh',
  alpha: 0.01,
  lambda: 0.1,
  episodes: 100,
  lambdaRange: [0.1, 1000],
  lag: 0.01,
  paths: 'first',
  bootstrap: 'online',
  recency: 0,
  logStdRange: [-5, 2],
  policyLearningRate: 3e-4,
  valueLearningRate: 1e-3,
})

/** The rules of {@link TrustPclConfig}, with the line that tables and command lines show per field. */
export const trustPclSchema: z.ZodObject<z.ZodRawShape> = z.strictObject({
  gamma: share.describe('discount factor γ'),
  length: count.describe('steps of a stretch'),
  batchSize: count.describe('stretches per gradient step'),
  hidden: layers.describe('units of each hidden layer, of both networks'),
  activation: z.enum(['relu', 'tanh', 'elu']).describe('activation between layers'),
  alpha: z
    .number()
    .min(0)
    .max(1e38)
    .describe('weight of the entropy; above 0 in sum with `lambda` unless `divergence` is given'),
  lambda: z
    .number()
    .min(0)
    .max(1e38)
    .describe(
      'weight of the relative entropy to the lagged policy; its start, within `lambdaRange`, where `divergence` is given',
    ),
  divergence: rate
    .optional()
    .describe(
      'ε, nats per step between the lagged policy and the optimal one, which λ follows; λ stays without it',
    ),
  episodes: z.int().min(9).describe('last episodes whose returns decide λ where `divergence` is given'),
  lambdaRange: z
    .tuple([rate, rate])
    .refine(([low, high]) => low < high, 'low < high')
    .describe('bounds of λ where `divergence` is given'),
  lag: z.number().positive().max(1).describe('share of the parameters in each update of the lagged ones'),
  paths: z.enum(['first', 'all']).describe('paths to the end of a stretch: from its first step, or from all'),
  bootstrap: z.enum(['online', 'lagged']).describe('parameters of the value that a stretch ends with'),
  errorLimit: rate.optional().describe('error beyond which the loss is linear; none without it'),
  recency: share.describe('β of the replay: starts n steps earlier are drawn exp(−βn) times as often'),
  sharedLogStd: z
    .number()
    .optional()
    .describe(
      'log σ that all states share, where learning begins; the network gives one per state without it',
    ),
  logStdRange: z
    .tuple([z.number(), z.number()])
    .refine(([low, high]) => low < high, 'low < high')
    .describe('bounds to which log σ is cut'),
  policyLearningRate: rate.describe("Adam's learning rate for the policy"),
  valueLearningRate: rate.describe("Adam's learning rate for the value network"),
  groups: groups.describe('observation groups that both networks see; all unless given'),
})

/**
 * Fills in the defaults and checks every rule.
 * @throws RangeError or TypeError that names field, rule, value and remedy.
 */
export function resolveTrustPclConfig(partial: Partial<TrustPclConfig> = {}): TrustPclConfig {
  const caller = 'resolveTrustPclConfig'
  const config = resolveConfig({ caller, schema: trustPclSchema, defaults: trustPclDefaults }, partial)
  const { alpha, lambda, divergence, lambdaRange } = config
  const [low, high] = lambdaRange
  if (divergence === undefined && alpha + lambda === 0) {
    throw new RangeError(
      `${caller}: alpha + lambda must be above 0 unless divergence is given, got 0, or the policy learns nothing: raise one of them`,
    )
  }
  if (divergence !== undefined && (lambda < low || lambda > high)) {
    throw new RangeError(
      `${caller}: lambda must be within lambdaRange = [${low}, ${high}] where divergence is given, got ${lambda}, start it there`,
    )
  }
  return config
}
