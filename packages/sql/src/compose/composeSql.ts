import * as tf from '@tensorflow/tfjs'
import type { Scalar, Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs'
import {
  checkConstituents,
  checkShapes,
  compositionRule,
  compositionWeights,
  foldIn,
  joinedVectors,
  key as keyOf,
  learnedVector,
  leaveToConstituents,
  readConstituents,
  tidy,
  transitionSpecs,
  weightedSum,
} from '@maxent/core'
import type {
  AdamState,
  Algorithm,
  AlgorithmSpec,
  CompositionRule,
  Constituent,
  GradientStep,
  LearnedLeaf,
  ObservationBatch,
  TransitionBatch,
  Tree,
} from '@maxent/core'
import { resolveSqlConfig, type SqlConfig } from '../config.ts'
import { createNetworks, type SqlNetworks } from '../networks.ts'
import { createParts, everySoOften, particleWarnings, samplerRoles } from '../sql.ts'
import { initialLatents } from '../state.ts'
import { adviseOn, type SamplerRemedies } from '../advice.ts'
import { alphaAt } from '../temperature.ts'
import { measure, moveSampler, propose, type SqlParts, type UpdateNoise } from '../update.ts'
import {
  boundsOf,
  createBounds,
  fitBounds,
  initialBounds,
  resolveBoundsConfig,
  type BoundsConfig,
  type BoundsParts,
  type BoundsState,
} from './bounds.ts'
import { compositionPenalty, effectiveSampleSizes, meanDivergence } from './penalty.ts'

/** A task that soft Q-learning has learned. */
export type SqlConstituent = Constituent<SqlConfig>

/** How constituents are combined, and how a policy is extracted. */
export interface ComposeSqlOptions {
  /** `{ kind: 'mean' }` when absent. */
  readonly rule?: CompositionRule
  /**
   * What the extraction has otherwise than the first constituent. Temperature, discount and all that makes critics are those of the constituents;
   * noise of exploration and a set of latents are not taken over.
   */
  readonly config?: Partial<Omit<SqlConfig, (typeof theirs)[number]>>
  /** Learn the bounds of lemma 5 and theorem 3 beside the policy, under the rule `mean`. Absent: they are not learned. */
  readonly bounds?: Partial<BoundsConfig>
}

/** All that a gradient step of the extraction reads and writes. */
export type ComposedSqlState = {
  /** φ of the sampling network for Q_Σ. */
  readonly policy: Tensor1D
  /** θ of every constituent, one after another. Nothing changes them. */
  readonly critic: Tensor1D
  /** ξ₁ …, [size, N], where latents come from a set. */
  readonly latents?: Tensor2D
  /** Adam's moments. */
  readonly optimizer: { readonly policy: AdamState }
  /** C and D, where they are learned. */
  readonly bounds?: BoundsState
  /** Gradient steps taken, int32. */
  readonly step: Scalar
}

/** Extraction as an algorithm, and what it learned of the bounds. */
export interface ComposedSql extends Algorithm<ComposedSqlState> {
  /**
   * C(s,a) and D(s,a), at least 0, of B actions [B, A] in the environment's units, [B] each: Q_C* is at least Q_Σ − C, and the value of the composed
   * policy at least Q_C* − D, as far as they are learned and the constituents are optimal.
   * @throws RangeError where the options had no `bounds`, or a shape differs.
   */
  readonly boundsAt: (
    state: { readonly bounds?: Pick<BoundsState, 'network'> },
    observation: ObservationBatch,
    action: Tensor,
  ) => { readonly gap: Tensor; readonly regret: Tensor }
}

/** What stays the same over all gradient steps. */
interface Parts {
  readonly sql: SqlParts
  /** Qᵢ(s, aₖ) of each constituent, [B, K] for actions [B, K, A]. */
  readonly qOfEach: (parameters: Tensor1D, observation: ObservationBatch, action: Tensor) => readonly Tensor[]
  /** All θ as one vector. */
  readonly joinCritics: () => Tensor1D
  readonly rule: CompositionRule
  readonly weights: readonly number[]
  readonly alpha: number
  readonly bounds: BoundsParts | undefined
  readonly warnings: readonly string[]
}

/**
 * A policy for several tasks at once, from the soft Q-functions of each: Haarnoja 2018 (thesis), section 6.2.
 *
 *     Q_Σ(s,a) = Σ wᵢ Qᵢ(s,a),        π_Σ ∝ exp(Q_Σ/α)
 *
 * A sampling network learns, by the Stein variational gradient of Q_Σ, which stays as it is. It needs the constituents' replays alone (`trainOffline`
 * of `@maxent/train`), and of these, unless bounds are learned beside it, the observations alone. The observations that a constituent's critics see
 * decide whether the result means anything: a group that tells the task, as a goal does, must not be among them.
 * @throws RangeError when there is no constituent, two differ in spaces, groups, discount or temperature, weights break the rule, a state is of
 * another config or not finite, the config of the extraction has what is the constituents', or bounds are asked for under the rule `sum` or without
 * discounting; TypeError for what is no constituent.
 */
export function composeSql(
  constituents: readonly SqlConstituent[],
  options: ComposeSqlOptions = {},
): ComposedSql {
  const caller = 'composeSql'
  const learned = readConstituents(caller, constituents, readConstituent)
  checkConstituents(
    caller,
    learned.map(({ spec, config, alpha }) => ({
      spec,
      alpha,
      gamma: config.gamma,
      groups: config.criticGroups,
    })),
  )
  const parts = createComposition(caller, learned, options)
  const [{ spec }] = learned
  const { batchSize, diagnosticsEvery } = parts.sql.config
  const stepOf = (take: typeof extract): GradientStep<ComposedSqlState, TransitionBatch> => ({
    update: (state, batch, noise) =>
      tidy(() => take(parts, state, { batch, noise: noise as unknown as UpdateNoise })),
  })
  const [plain, measured] = [stepOf(extract), stepOf(measuredExtract)]
  return {
    id: 'compose-sql',
    spec,
    replays: learned.length,
    batch: transitionSpecs(spec, batchSize),
    ...samplerRoles(parts.sql, spec.action.low.length),
    ...(diagnosticsEvery > 0 && { schedule: everySoOften(diagnosticsEvery, measured, plain) }),
    warnings: parts.warnings,
    advise: (metrics) => adviseOn(parts.sql.config, metrics, remedies),
    init: (key) =>
      tidy(() => {
        const { networks, optimizers } = parts.sql
        const policy = networks.initPolicy(foldIn(key, 'policy'))
        return {
          policy,
          critic: parts.joinCritics(),
          optimizer: { policy: optimizers.policy.init(policy) },
          step: tf.scalar(0, 'int32'),
          ...initialLatents(parts.sql, key),
          ...(parts.bounds && { bounds: initialBounds(parts.bounds, foldIn(key, 'bounds')) }),
        }
      }),
    update: plain.update,
    boundsAt: ({ bounds: state }, observation, action) => {
      if (parts.bounds === undefined || state === undefined)
        throw new RangeError(
          'boundsAt: bounds must be learned, got none; give composeSql the option bounds, and train what it gives',
        )
      const { bounds } = parts
      checkShapes('boundsAt', { action: ['B', spec.action.low.length] }, { action })
      return tidy(() => {
        const unit = tf.expandDims(bounds.scale.toUnit(action), 1)
        const [gap, regret] = boundsOf(bounds, state.network, [observation, unit])
        return { gap: tf.squeeze(gap, [1]), regret: tf.squeeze(regret, [1]) }
      })
    },
  }
}

/** What an extraction can be given that ends badly. */
const remedies: SamplerRemedies = {
  caller: 'composeSql',
  collapsed: 'lower policyLearningRate in config, or learn the constituents at a higher temperature',
  modeCoverage: 'take more gradient steps, or give more particles or larger hidden layers in config',
}

interface Learned {
  readonly spec: AlgorithmSpec
  readonly config: SqlConfig
  readonly alpha: number
  readonly networks: SqlNetworks
  /** θ */
  readonly critic: Float32Array
}

function readConstituent({ spec, config: given, state }: SqlConstituent, owner: string): Learned {
  const config = resolveSqlConfig(given)
  const networks = createNetworks(spec, config)
  const size = tidy(() => networks.initCritics(keyOf(0)).size)
  const critic = learnedVector('composeSql', state, { name: 'critic', owner, size })
  return { spec, config, networks, critic, alpha: alphaOf(config, state, owner) }
}

/** The temperature at the end of learning. */
function alphaOf({ temperature }: SqlConfig, state: Tree<LearnedLeaf>, owner: string): number {
  if (temperature.kind === 'fixed') return temperature.alpha
  const { step } = state as { readonly step?: LearnedLeaf }
  if (step === undefined) {
    throw new RangeError(
      `composeSql: ${owner}.state must hold step where temperature.kind is 'annealed', got none; give the whole state of a run`,
    )
  }
  return tidy(() => {
    const alpha = alphaAt(temperature, tf.scalar(step.data[0], 'int32'))
    return typeof alpha === 'number' ? alpha : alpha.dataSync()[0]
  })
}

function createComposition(caller: string, learned: readonly Learned[], options: ComposeSqlOptions): Parts {
  const rule = compositionRule(caller, options, ['config', 'bounds'])
  const { config: given = {}, bounds } = options
  const weights = compositionWeights(caller, rule, learned.length)
  if (bounds !== undefined && rule.kind === 'sum') {
    throw new RangeError(
      `${caller}: bounds must be absent under the rule 'sum', got ${JSON.stringify(bounds)}; lemma 5 covers the rule 'mean' alone`,
    )
  }
  leaveToConstituents(caller, theirs, given)
  const [{ spec, alpha, config: first }] = learned
  if (bounds !== undefined && first.gamma === 1) {
    throw new RangeError(
      `${caller}: bounds must be absent where gamma is 1, got ${JSON.stringify(bounds)}; without discounting they grow without end`,
    )
  }
  const inherited = Object.entries(first).filter(([name]) => name !== 'exploration' && name !== 'latents')
  const config = resolveSqlConfig({
    ...(Object.fromEntries(inherited) as Partial<SqlConfig>),
    ...given,
    temperature: { kind: 'fixed', alpha },
  })
  const critics = joinedVectors(learned.map(({ critic }) => critic))
  const qOfEach: Parts['qOfEach'] = (parameters, observation, action) => {
    const each = critics.split(parameters)
    return learned.map(({ networks }, i) => networks.leastQ(each[i], observation, action))
  }
  const sql = createParts(spec, config)
  const leastQ: SqlNetworks['leastQ'] = (...args) => weightedSum(qOfEach(...args), weights) as Tensor2D
  return {
    sql: { ...sql, networks: { ...sql.networks, leastQ } },
    qOfEach,
    joinCritics: critics.join,
    rule,
    weights,
    alpha,
    bounds:
      bounds && createBounds(spec, { config: resolveBoundsConfig(bounds), sql: config, scale: sql.scale }),
    warnings: [...particleWarnings(caller, config), ...scaleWarnings(learned, rule)],
  }
}

/** Tasks of other reward scales are mixed in other shares than their rewards: what a user that gave no weights may not have meant. */
function scaleWarnings(learned: readonly Learned[], { weights }: CompositionRule): readonly string[] {
  const scales = learned.map(({ config }) => config.rewardScale)
  if (weights !== undefined || new Set(scales).size === 1) return []
  return [
    `composeSql: constituents should have one rewardScale where no weights are given, got ${scales.join(', ')}; ` +
      'what is mixed are the scaled rewards: give rule.weights to say in which shares',
  ]
}

/** What an extraction cannot have otherwise than the constituents. */
const theirs = [
  'temperature',
  'gamma',
  'critics',
  'criticGroups',
  'criticLearningRate',
  'rewardScale',
  'target',
] as const

interface ExtractInput {
  readonly batch: TransitionBatch
  readonly noise: UpdateNoise
}

interface Extracted {
  readonly state: ComposedSqlState
  readonly metrics: Readonly<Record<string, Scalar>>
}

/** One gradient step of the sampling network, and of the bounds where they are learned. */
function extract(parts: Parts, state: ComposedSqlState, input: ExtractInput): Extracted {
  const { alpha } = parts
  const { critic } = state
  const movement = moveSampler(parts.sql, state, { ...input, alpha, critic })
  return concluded(parts, state, { ...input, movement })
}

/** {@link extract} that also measures the sampling network as it was before, and how far the constituents are apart. */
function measuredExtract(parts: Parts, state: ComposedSqlState, input: ExtractInput): Extracted {
  const { alpha, sql, rule, weights } = parts
  const { critic } = state
  const movement = moveSampler(sql, state, { ...input, alpha, critic })
  const { observation } = input.batch
  const measured = measure(sql, { ...input, state, alpha, critic, movement })
  const { action, logProb: logProposal } = propose(sql, state, { ...input, observation })
  const samples = { q: parts.qOfEach(critic, observation, action), logProposal, alpha }
  const [composed, ...each] = [weightedSum(samples.q, weights), ...samples.q].map((q) =>
    effectiveSampleSizes({ ...samples, q }),
  )
  const { state: next, metrics } = concluded(parts, state, { ...input, movement })
  return {
    state: next,
    metrics: {
      ...metrics,
      ...measured,
      effectiveSampleSize: tf.mean<Scalar>(composed),
      leastSampleSize: tf.mean<Scalar>(tf.min(tf.stack(each), 0)),
      ...(samples.q.length > 1 && { divergence: tf.mean<Scalar>(meanDivergence(samples)) }),
      ...(rule.kind === 'mean' && { penalty: tf.mean<Scalar>(compositionPenalty(samples, weights).penalty) }),
    },
  }
}

function concluded(
  parts: Parts,
  state: ComposedSqlState,
  { batch, noise, movement }: ExtractInput & { readonly movement: ReturnType<typeof moveSampler> },
): Extracted {
  const step = tf.add<Scalar>(state.step, tf.scalar(1, 'int32'))
  const moved = {
    ...state,
    policy: movement.parameters,
    optimizer: { policy: movement.moments },
    step,
  }
  const metrics = { qMean: movement.value }
  if (parts.bounds === undefined || state.bounds === undefined) return { state: moved, metrics }
  const { alpha, weights, sql } = parts
  const { nextObservation } = batch
  const { action: nextAction, logProb: logProposal } = propose(sql, state, {
    batch,
    noise,
    observation: nextObservation,
  })
  const q = parts.qOfEach(state.critic, nextObservation, nextAction)
  const next = compositionPenalty({ q, logProposal, alpha }, weights)
  const fitted = fitBounds(parts.bounds, state.bounds, { batch, nextAction, next, step })
  return { state: { ...moved, bounds: fitted.state }, metrics: { ...metrics, ...fitted.metrics } }
}
