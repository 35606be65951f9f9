import { stepsSpecs } from '@maxent/core'
import type {
  AnyAlgorithm,
  NoiseSpec,
  Observation,
  ObservationBatch,
  StepsBatch,
  TensorSpec,
} from '@maxent/core/contracts'
import { createNoise, drawNoise, foldIn, type Key } from '@maxent/core/keys'
import { leaves, mapTree, type Tree } from '@maxent/core/tree'
import {
  createProgram,
  type FunctionSpec,
  type HostData,
  type HostTensor,
  type Program,
  type ProgramOptions,
} from '@maxent/jit'
import * as tf from '@tensorflow/tfjs'
import type { Tensor } from '@tensorflow/tfjs'
import { checkObservation } from './observation.ts'

/** How the algorithm's functions run: compiled (the default), or eagerly on a tfjs backend. */
export type ProgramMode = NonNullable<ProgramOptions<Tree<Tensor>>['mode']>

/** What {@link createAgent} makes an agent of. */
export interface AgentOptions {
  /** What acts and learns. */
  readonly algorithm: AnyAlgorithm
  /** Decides the initial state and all noise. */
  readonly key: Key
  /** How its functions run: compiled on one thread when absent. */
  readonly mode?: ProgramMode
  /** Environments that the algorithm acts in at a time; of one that learns from rollouts, as many as it says when absent. */
  readonly environments?: number
  /** A program of the algorithm's functions that was made elsewhere; `key` decides the noise alone then. */
  readonly program?: Program
  /** A state to go on from, in place of the initial one. */
  readonly state?: Tree<HostTensor>
}

/** An algorithm at work: its functions as one program, its state inside, its noise drawn from keys. */
export interface Agent {
  /** What acts and learns. */
  readonly algorithm: AnyAlgorithm
  /**
   * Functions `act`, `actDeterministic` (one row) and `update`; `update:0` and on in place of the last where there is a schedule; for
   * several environments also `actRows` (a row per environment), and for an algorithm that learns from rollouts `prepare`.
   */
  readonly program: Program
  /** The exploring action at an episode's start; its noise depends on (key, step). The array is the caller's. Calls may overlap. */
  readonly act: (observation: Observation, step: number) => Promise<Float32Array>
  /** As {@link Agent.act} within an episode: with what the step before handed on. `startMemory` is for the first. */
  readonly explore: (observation: Observation, step: number, memory: Memory) => Promise<Exploration>
  /** The action that evaluation takes. */
  readonly actDeterministic: (observation: Observation) => Promise<Float32Array>
  /** One gradient step; its noise depends on (key, index). One must have ended before the next begins. */
  update(batch: Tree<HostData>, index: number): Promise<void>
  /** As {@link Agent.update}, and gives the metrics. */
  updateWithMetrics(batch: Tree<HostData>, index: number): Promise<Readonly<Record<string, number>>>
  /** Frees program and state. */
  dispose(): Promise<void>
}

/** What acting carries from step to step, by name. */
export type Memory = Readonly<Record<string, Float32Array>>

/** An exploring action, what the next step of the episode needs, and what is kept. The arrays are the caller's. */
export interface Exploration {
  /** In the environment's units. */
  readonly action: Float32Array
  /** What acting in the next step takes. */
  readonly memory: Memory
  /** As `Algorithm.acting.record` names it. */
  readonly record: Readonly<Record<string, Float32Array>>
}

/** The memory at an episode's start. */
export function startMemory({ acting }: Pick<AnyAlgorithm, 'acting'>): Memory {
  return mapLengths(acting?.memory, (length) => new Float32Array(length))
}

/** What one acting call gives. */
type Outputs = Pick<Exploration, 'action'> & Partial<Exploration>

/** The observation that one acting call reads. */
type Row = Readonly<Record<string, Float32Array>>

/**
 * Steps whose acting noise is drawn at a time. Between two updates the caches hold the learner: drawing for one step costs then what
 * drawing for sixteen does.
 */
const stepsPerDraw = 16

const fetchAction = { fetch: ['action'] }
const fetchMetrics = { fetch: ['metrics'] }
const fetchNothing = { fetch: 'none' } as const

/** Builds the program of an algorithm and everything its calls need, so that no call allocates more than its result. */
export async function createAgent({ state, ...options }: AgentOptions): Promise<Agent> {
  const { algorithm, key } = options
  const program = options.program ?? (await buildProgram(options))
  try {
    if (state !== undefined) program.setState(state)
  } catch (error) {
    if (options.program === undefined) await program.dispose()
    throw error
  }
  const actKey = foldIn(key, 'act')
  const updateKey = foldIn(key, 'update')
  const updateNoise = createNoise(algorithm.noise.update)
  const { observation: lengths } = algorithm.spec
  const makeRow = (): Row => mapLengths(lengths, (length) => new Float32Array(length))
  // Calls that overlap must not share arrays: each takes a row that is free.
  const rows: Row[] = []

  const fetchActed = { fetch: outputsOf(algorithm) }
  /** Calls `act` with noise, `actDeterministic` without. */
  const actBy = async (observation: Observation, noise?: Tree<HostData>): Promise<Outputs> => {
    checkObservation('agent', lengths, observation)
    const row = rows.pop() ?? makeRow()
    for (const name in row) {
      const to = row[name]
      const from = observation[name]
      for (let i = 0; i < to.length; i++) to[i] = from[i]
    }
    try {
      const outputs =
        noise === undefined
          ? await program.call('actDeterministic', [row], fetchAction)
          : await program.call('act', [row, noise], fetchActed)
      return outputs as Outputs
    } finally {
      rows.push(row)
    }
  }

  const actNoise = algorithm.noise.act(1)
  let drawn: { readonly first: number; readonly noise: readonly Tree<HostData>[] } = { first: -1, noise: [] }
  const noiseOf = (step: number): Tree<HostData> => {
    if (!Number.isSafeInteger(step) || step < 0)
      throw new RangeError(`agent.act: step must be an integer of at least 0, got ${step}`)
    const first = step - (step % stepsPerDraw)
    if (first !== drawn.first) {
      const draw = (_: unknown, i: number): Tree<HostData> => drawNoise(foldIn(actKey, first + i), actNoise)
      drawn = { first, noise: Array.from({ length: stepsPerDraw }, draw) }
    }
    return drawn.noise[step - first]
  }

  const updateArguments = (batch: Tree<HostData>, index: number): Tree<HostData>[] => {
    updateNoise.fill(foldIn(updateKey, index))
    return [batch, updateNoise.arrays]
  }

  const names = updateNames(algorithm)
  const updateName = (index: number): string => names[index % names.length]

  const nothing = {}
  const atStart = startMemory(algorithm)
  const carries = algorithm.acting?.memory !== undefined
  const actNoiseOf = (step: number, memory: Memory): Tree<HostData> =>
    carries ? { fresh: noiseOf(step), memory } : noiseOf(step)

  return {
    algorithm,
    program,
    act: async (observation, step) => (await actBy(observation, actNoiseOf(step, atStart))).action,
    async explore(observation, step, memory) {
      const acted = await actBy(observation, actNoiseOf(step, memory))
      return { action: acted.action, memory: acted.memory ?? nothing, record: acted.record ?? nothing }
    },
    actDeterministic: async (observation) => (await actBy(observation)).action,
    async update(batch, index) {
      await program.call(updateName(index), updateArguments(batch, index), fetchNothing)
    },
    async updateWithMetrics(batch, index) {
      const { metrics } = await program.call(updateName(index), updateArguments(batch, index), fetchMetrics)
      const values = metrics as Readonly<Record<string, HostData>>
      return Object.fromEntries(Object.entries(values).map(([name, data]) => [name, data[0]]))
    },
    dispose: () => program.dispose(),
  }
}

async function buildProgram({
  algorithm,
  key,
  mode,
  environments,
}: Omit<AgentOptions, 'state'>): Promise<Program> {
  const initial = tf.tidy(() => algorithm.init(foldIn(key, 'init')) as tf.TensorContainer) as Tree<Tensor>
  try {
    return await createProgram({
      name: algorithm.id,
      state: initial,
      functions: agentFunctions(algorithm, environments),
      ...(mode === undefined ? {} : { mode }),
    })
  } finally {
    for (const tensor of leaves(initial)) tensor.dispose()
  }
}

/** The functions of an agent's program. */
export function agentFunctions(
  algorithm: AnyAlgorithm,
  environments?: number,
): Record<string, FunctionSpec<Tree<Tensor>>> {
  const { spec, noise, batch } = algorithm
  const observation = mapLengths(spec.observation, (length): TensorSpec => ({ shape: [1, length] }))
  const { schedule = [algorithm] } = algorithm
  const updates = updateNames(algorithm).map((name, i): [string, FunctionSpec<Tree<Tensor>>] => [
    name,
    { run: schedule[i].update, args: [batch, tensorSpecs(noise.update)] },
  ])
  return {
    act: {
      run: (state: Tree<Tensor>, row: ObservationBatch, rowNoise: Tree<Tensor>) =>
        algorithm.act(state, row, rowNoise),
      args: actingArguments(algorithm, 1),
    },
    actDeterministic: {
      run: (state: Tree<Tensor>, row: ObservationBatch) => algorithm.actDeterministic(state, row),
      args: [observation],
    },
    ...Object.fromEntries(updates),
    ...vectorFunctions(algorithm, environments),
  }
}

/** What `act` takes for a number of rows, beside the state. */
function actingArguments({ spec, noise, acting }: AnyAlgorithm, rows: number): Tree<TensorSpec>[] {
  const rowSpecs = (length: number): TensorSpec => ({ shape: [rows, length] })
  const fresh = tensorSpecs(noise.act(rows))
  return [
    mapLengths(spec.observation, rowSpecs),
    acting?.memory === undefined ? fresh : { fresh, memory: mapLengths(acting.memory, rowSpecs) },
  ]
}

/** What an algorithm does besides in several environments. */
function vectorFunctions(
  algorithm: AnyAlgorithm,
  environments: number | undefined,
): Record<string, FunctionSpec<Tree<Tensor>>> {
  const { spec, acting, experience, prepare } = algorithm
  const rows = experience?.kind === 'rollouts' ? experience.environments : environments
  if (rows === undefined) return {}
  const actRows: FunctionSpec<Tree<Tensor>> = {
    run: (state: Tree<Tensor>, observation: ObservationBatch, noise: Tree<Tensor>) =>
      algorithm.act(state, observation, noise),
    args: actingArguments(algorithm, rows),
  }
  if (experience?.kind !== 'rollouts' || prepare === undefined) return { actRows }
  return {
    actRows,
    prepare: {
      run: (state: Tree<Tensor>, rollout: StepsBatch) => prepare(state, rollout),
      args: [stepsSpecs(spec, { length: experience.length, rows, record: acting?.record ?? {} })],
    },
  }
}

/** What acting gives, of what there may be. */
export function outputsOf({ acting }: Pick<AnyAlgorithm, 'acting'>): readonly string[] {
  return [
    'action',
    ...(acting?.memory === undefined ? [] : ['memory']),
    ...(acting?.record === undefined ? [] : ['record']),
  ]
}

/** The name in the program of each gradient step of the schedule; steps that are one function have one name. */
function updateNames({ schedule }: Pick<AnyAlgorithm, 'schedule'>): readonly string[] {
  return schedule === undefined ? ['update'] : schedule.map((step) => `update:${schedule.indexOf(step)}`)
}

/** A value per name, made of the length there. */
export function mapLengths<T>(
  lengths: Readonly<Record<string, number>> | undefined,
  make: (length: number) => T,
): Record<string, T> {
  return Object.fromEntries(Object.entries(lengths ?? {}).map(([name, length]) => [name, make(length)]))
}

function tensorSpecs(noise: Tree<NoiseSpec>): Tree<TensorSpec> {
  return mapTree<Tree<NoiseSpec>, NoiseSpec, TensorSpec>(noise, ({ shape }) => ({ shape }))
}
