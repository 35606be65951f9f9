import * as tf from '@tensorflow/tfjs'
import type { Tensor, Tensor2D } from '@tensorflow/tfjs'
import {
  actionScale,
  adam,
  describeValue,
  explore,
  exploringMemory,
  key,
  normal,
  tidy,
  transitionSpecs,
} from '@maxent/core'
import type {
  Acted,
  Algorithm,
  AlgorithmSpec,
  GradientStep,
  NoiseAndMemory,
  NoiseSpec,
  ObservationBatch,
  TransitionBatch,
  Tree,
} from '@maxent/core'
import { adviseOn } from './advice.ts'
import { particleCounts, resolveSqlConfig } from './config.ts'
import type { SqlConfig } from './config.ts'
import { densestAction } from './evaluation.ts'
import { drawLatents, latentCount, latentNoise } from './latents.ts'
import { createNetworks } from './networks.ts'
import { toAction } from './sampler.ts'
import { initialState } from './state.ts'
import type { SamplerState, SqlState } from './state.ts'
import { measuredUpdate, update } from './update.ts'
import type { SqlParts, UpdateNoise } from './update.ts'
import { proposalCounts } from './value.ts'

/**
 * Soft Q-learning (Haarnoja 2018, thesis, chapter 3) for an environment's specification: an {@link Algorithm} of pure functions.
 * @throws RangeError or TypeError when the config breaks a rule or does not fit the specification.
 */
export function sql(spec: AlgorithmSpec, config: Partial<SqlConfig> = {}): Algorithm<SqlState> {
  const parts = createParts(spec, resolveSqlConfig(config))
  const { batchSize, diagnosticsEvery } = parts.config
  const stepOf = (take: typeof update): GradientStep<SqlState, TransitionBatch> => ({
    update: (state, batch, noise) =>
      tidy(() => take(parts, state, { batch, noise: noise as unknown as UpdateNoise })),
  })
  const [plain, measured] = [stepOf(update), stepOf(measuredUpdate)]
  return {
    id: 'sql',
    spec,
    config: parts.config,
    warnings: particleWarnings('sql', parts.config),
    advise: (metrics) => adviseOn(parts.config, metrics),
    batch: transitionSpecs(spec, batchSize),
    ...samplerRoles(parts, spec.action.low.length),
    ...(diagnosticsEvery > 0 && { schedule: everySoOften(diagnosticsEvery, measured, plain) }),
    init: (seed) => tidy(() => initialState(parts, seed)),
    update: plain.update,
  }
}

/** A schedule of `count` steps, the last of which is `rare` and all others `plain`. */
export function everySoOften<T>(count: number, rare: T, plain: T): readonly T[] {
  return Array.from({ length: count }, (_, i) => (i === count - 1 ? rare : plain))
}

/** What an algorithm with a sampling network has of it: how it acts, and the noise of acting and learning. */
export function samplerRoles(
  parts: SqlParts,
  actions: number,
): Pick<Algorithm<SamplerState>, 'noise' | 'acting' | 'act' | 'actDeterministic'> {
  const { exploration } = parts.config
  return {
    noise: { act: (rows) => actNoise(parts, { rows, actions }), update: updateNoise(parts, actions) },
    ...(exploration && exploringMemory(exploration, actions)),
    act: (state, observation, noise) => tidy(() => act(parts, state, { observation, noise })),
    actDeterministic: (state, observation) =>
      tidy(() => ({ action: parts.scale.toEnvironment(typicalAction(parts, state, observation)) })),
  }
}

/** The noise of acting, where actions get some more on top. */
type ActNoise = { readonly latents: Tensor; readonly exploration?: Tensor }

function actNoise(
  { config, latentSize }: SqlParts,
  { rows, actions }: { readonly rows: number; readonly actions: number },
): Tree<NoiseSpec> {
  return {
    latents: latentNoise(config.latents, { rows, count: 1, size: latentSize }),
    ...(config.exploration && { exploration: { shape: [rows, actions], law: 'normal' } }),
  }
}

function updateNoise({ config, latentSize }: SqlParts, actions: number): Tree<NoiseSpec> {
  const { batchSize: rows, value, particles, latents } = config
  const ofLatents = (count: number): NoiseSpec => latentNoise(latents, { rows, count, size: latentSize })
  const own = ofLatents(particleCounts(particles).drawn)
  if (value.kind === 'uniform') {
    const uniform: NoiseSpec = { shape: [value.shared ? 1 : rows, value.samples, actions], law: 'uniform' }
    return { uniform, particles: own }
  }
  const { uniform, near } = proposalCounts(value)
  return {
    uniform: { shape: [rows, uniform, actions], law: 'uniform' },
    near: { shape: [rows, near, actions], law: 'normal' },
    proposed: ofLatents(near),
    particles: own,
  }
}

interface ActInput {
  readonly observation: ObservationBatch
  readonly noise: Tree<Tensor>
}

function act(
  { config, networks, scale }: SqlParts,
  state: SamplerState,
  { observation, noise }: ActInput,
): Acted {
  const { exploration, form } = config
  const isCorrelated = exploration?.kind === 'ornsteinUhlenbeck'
  const fresh = (isCorrelated ? (noise as NoiseAndMemory).fresh : noise) as ActNoise
  const latents = drawLatents(config.latents, { noise: fresh.latents, set: state.latents, step: state.step })
  const output = networks.sampler(state.policy, observation, latents)
  const action = tf.squeeze<Tensor2D>(toAction(form, output), [1])
  if (exploration === undefined || fresh.exploration === undefined)
    return { action: scale.toEnvironment(action) }
  const extra: Tree<Tensor> = isCorrelated
    ? { fresh: fresh.exploration, memory: (noise as NoiseAndMemory).memory }
    : fresh.exploration
  const acted = explore(exploration, { action, noise: extra, step: state.step })
  return { ...acted, action: scale.toEnvironment(acted.action) }
}

/** The densest of some actions of the sampling network, whose latents are always the same: [B, A]. */
function typicalAction(
  { config, networks, latentSize }: SqlParts,
  state: SamplerState,
  observation: ObservationBatch,
): Tensor2D {
  const { latents, form, candidates } = config
  const { latents: set = tf.tensor2d(normal(key(0), candidates * latentSize), [candidates, latentSize]) } =
    state
  const [rows] = Object.values(observation)[0].shape
  const output = networks.sampler(state.policy, observation, tf.tile(tf.expandDims(set, 0), [rows, 1, 1]))
  const used = latents.kind === 'set' ? latentCount(latents, state.step) : tf.scalar(candidates)
  return densestAction(toAction(form, output), used)
}

/** What is hardly meant of the number of particles. */
export function particleWarnings(caller: string, { particles }: SqlConfig): readonly string[] {
  const { fixed } = particleCounts(particles)
  if (fixed > 1) return []
  return [
    `${caller}: particles must be at least 2 for the sampler to keep apart what it draws, got ${JSON.stringify(particles)}; ` +
      `${particles.kind === 'same' ? 'it will climb the critics to one action' : 'the kernel takes its width from a single particle'}`,
  ]
}

/** What stays the same over all gradient steps, and when acting. */
export function createParts(spec: AlgorithmSpec, config: SqlConfig): SqlParts {
  checkSpec(spec)
  return {
    config,
    scale: actionScale(spec.action),
    networks: createNetworks(spec, config),
    optimizers: {
      policy: adam({ learningRate: config.policyLearningRate }),
      critic: adam({ learningRate: config.criticLearningRate }),
    },
    latentSize: config.latentSize ?? spec.action.low.length,
  }
}

function checkSpec(spec: Partial<AlgorithmSpec> | null | undefined): void {
  if (spec?.observation !== undefined && spec.action !== undefined) return
  throw new TypeError(
    `sql: spec must have observation and action, got ${describeValue(spec)}; give the spec of an environment`,
  )
}
