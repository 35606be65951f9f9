import * as tf from '@tensorflow/tfjs'
import { leaves, mapTree, type Tree } from '@maxent/core/tree'
import { hostArray } from '../graph/arrays.ts'
import { TRACE_BACKEND } from '../trace/backend.ts'
import { registerGradients } from '../trace/gradients.ts'
import { checkResult, type LeafSpec } from '../trace/result.ts'
import type { DType, Fetch, HostData } from '../types.ts'
import { fetchedKeys } from './fetch.ts'
import type { Executor, ExecutorOptions, ProgramFunction } from './executor.ts'
import { createQueue } from './queue.ts'

/** Runs the functions as they are on a tfjs backend. Nothing is traced, nothing stays allocated but the state. */
export async function createEager(
  { functions, specs, values }: ExecutorOptions,
  backend: string,
): Promise<Executor> {
  const names = tf
    .engine()
    .backendNames()
    .filter((name) => name !== TRACE_BACKEND)
  if (!names.includes(backend)) {
    throw new RangeError(
      `createProgram: backend must be one of ${names.join(', ')}, got ${backend}, import its package first`,
    )
  }
  registerGradients()
  await onBackend(backend, () => tf.ready())
  const byName = new Map(functions.map((f) => [f.name, f]))
  const tensor = (data: HostData, i: number): tf.Tensor =>
    tf.tensor(data, [...specs[i].shape], specs[i].dtype)
  let state = await onBackend(backend, () => values.map(tensor))
  return {
    stats: Object.fromEntries(functions.map(({ name }) => [name, { traceMs: 0, compileMs: 0, nodes: 0 }])),
    traced: new Map(),
    threads: 1,
    get liveTensors() {
      return state.length
    },
    call: async (name, args, fetch) => {
      const f = byName.get(name) as ProgramFunction
      const { next, outputs } = await onBackend(backend, () => run(f, { state, args, fetch }))
      state.filter((leaf, i) => leaf !== next[i]).forEach((leaf) => leaf.dispose())
      state = next
      return await readOutputs(outputs)
    },
    readState: () => Promise.all(state.map(read)),
    writeState: async (next) => {
      const replaced = state
      state = await onBackend(backend, () => next.map(tensor))
      replaced.forEach((leaf) => leaf.dispose())
    },
    dispose: () => {
      state.forEach((leaf) => leaf.dispose())
      state = []
      return Promise.resolve()
    },
  }
}

type Outputs = Readonly<Record<string, Tree<tf.Tensor>>>

/** The backend is one for all of tfjs: programs take turns in choosing it. */
const turns = createQueue()

/** Runs `f` with a backend active, while no other program does; what it starts there must not depend on the backend staying so. */
function onBackend<T>(backend: string, f: () => T | Promise<T>): Promise<T> {
  return turns.add(async () => {
    const previous = tf.getBackend()
    if (previous === backend) return await f()
    await tf.setBackend(backend)
    try {
      return await f()
    } finally {
      await tf.setBackend(previous)
    }
  })
}

function run(
  f: ProgramFunction,
  { state, args, fetch }: { state: readonly tf.Tensor[]; args: readonly HostData[]; fetch: Fetch },
): { next: tf.Tensor[]; outputs: Outputs } {
  let next: tf.Tensor[] = []
  let outputs: Outputs = {}
  tf.tidy(() => {
    let leaf = 0
    let arg = 0
    const stateTree = mapTree<typeof f.state, unknown, tf.Tensor>(
      f.state,
      () => state[leaf++],
    ) as Tree<tf.Tensor>
    const argTrees = f.args.map((tree) =>
      mapTree<typeof tree, LeafSpec, tf.Tensor>(tree, (spec) =>
        // The `cpu` backend keeps the array it is given: without a copy a state could change with a caller's array.
        tf.tensor(args[arg++].slice(), [...spec.shape], spec.dtype),
      ),
    )
    const result = checkResult(f.caller, f.run(stateTree, ...argTrees), f.state)
    const newLeaves = result.state === undefined ? state : leaves<tf.Tensor>(result.state)
    next = newLeaves.map((value, i) => (value === state[i] ? value : value.clone()))
    const copy = (tree: Tree<tf.Tensor>): Tree<tf.Tensor> =>
      mapTree<Tree<tf.Tensor>, tf.Tensor, tf.Tensor>(tree, (value) => value.clone())
    const keys = fetchedKeys(f.caller, Object.keys(result.outputs), fetch)
    outputs = Object.fromEntries(keys.map((key) => [key, copy(result.outputs[key])]))
    return [...next, ...leaves<tf.Tensor>(outputs)]
  })
  return { next, outputs }
}

async function readOutputs(outputs: Outputs): Promise<Readonly<Record<string, Tree<HostData>>>> {
  const tensors = leaves<tf.Tensor>(outputs)
  const arrays = await Promise.all(tensors.map(read))
  tensors.forEach((tensor) => tensor.dispose())
  let next = 0
  return mapTree<Tree<tf.Tensor>, tf.Tensor, HostData>(outputs, () => arrays[next++]) as Readonly<
    Record<string, Tree<HostData>>
  >
}

async function read(tensor: tf.Tensor): Promise<HostData> {
  return hostArray(tensor.dtype as DType, await tensor.data())
}
