import { eachLeaf, leafPaths, unflatten, type Tree } from '@maxent/core/tree'
import type { HostTensor } from '@maxent/jit'
import type { CheckpointContent } from './checkpoint.ts'
import type { StoredTensor } from './container.ts'
import type { EvalLine } from './record.ts'
import type { BatchArrays } from './replay.ts'
import type { StepperSnapshot } from './stepper.ts'

/** The steps at which things that fall due were last done. */
export interface Milestones {
  logged: number
  evaluated: number
  /** When the evaluation at the end was made. */
  concluded: number
  saved: number
  /** The last evaluation. */
  evaluation: EvalLine | undefined
}

/** All that decides a run's future, but the replay. */
export interface RunState {
  readonly state: Tree<HostTensor>
  readonly stepper: StepperSnapshot
  readonly milestones: Milestones
  readonly wallSeconds: number
  /** The last batch, for inspection. */
  readonly batch?: BatchArrays
}

type Meta = Pick<StepperSnapshot, 'counters' | 'interval'> & Pick<RunState, 'milestones' | 'wallSeconds'>

/**
 * A run's state as a checkpoint's content. Arrays are named `state/<path of the leaf>`, `env/<name in the snapshot>`,
 * `observation/<group>`, `memory/<name>`, `rollout/<field>` and `batch/<field>`.
 */
export function packRun({
  state,
  stepper,
  milestones,
  wallSeconds,
  batch,
}: RunState): CheckpointContent & { readonly meta: Meta } {
  const arrays = new Map<string, StoredTensor>()
  const add = (path: string, data: Float32Array | Float64Array): void => {
    arrays.set(path, {
      dtype: data instanceof Float64Array ? 'float64' : 'float32',
      shape: [data.length],
      data,
    })
  }
  eachLeaf(state, (tensor, path) => arrays.set(`state/${path}`, tensor))
  eachLeaf(stepper.env, (data, path) => add(`env/${path}`, data))
  eachLeaf(stepper.observation, (data, path) => add(`observation/${path}`, data))
  eachLeaf(stepper.memory, (data, path) => add(`memory/${path}`, data))
  for (const [name, data] of Object.entries(stepper.rollout)) add(`rollout/${name}`, data)
  if (batch !== undefined) eachLeaf<Float32Array>(batch, (data, path) => add(`batch/${path}`, data))
  const { counters, interval } = stepper
  return { step: counters.step, meta: { counters, interval, milestones, wallSeconds }, arrays }
}

/** The run's state in a checkpoint. `like` is a state of the structure to expect. @throws RangeError when a leaf is not there. */
export function unpackRun(
  { meta, arrays }: CheckpointContent,
  like: Tree<HostTensor>,
): Omit<RunState, 'batch'> {
  const { counters, interval, milestones, wallSeconds } = meta as Meta
  const tensors = leafPaths(like).map((path) => {
    const tensor = arrays.get(`state/${path}`)
    if (tensor !== undefined) return tensor as HostTensor
    throw new RangeError(
      `train: the checkpoint must hold every leaf of the algorithm's state, got none at "${path}"`,
    )
  })
  return {
    state: unflatten(like, tensors),
    stepper: {
      counters,
      interval,
      observation: under('observation/', arrays) as Record<string, Float32Array>,
      memory: under('memory/', arrays) as Record<string, Float32Array>,
      rollout: under('rollout/', arrays) as Record<string, Float32Array | Float64Array>,
      env: under('env/', arrays) as Record<string, Float64Array>,
    },
    milestones,
    wallSeconds,
  }
}

function under(prefix: string, arrays: CheckpointContent['arrays']): Record<string, StoredTensor['data']> {
  const entries = [...arrays].filter(([path]) => path.startsWith(prefix))
  return Object.fromEntries(entries.map(([path, { data }]) => [path.slice(prefix.length), data]))
}
