import { leaves, mapTree, type Tree } from '@maxent/core/tree'
import { sizeOf, fillOf, type Value } from '../graph/graph.ts'
import { typedArray } from '../graph/arrays.ts'
import { encodeModel } from '../graph/onnx.ts'
import { optimise } from '../passes/optimise.ts'
import { viewInputs } from '../passes/viewInputs.ts'
import {
  dataOf,
  freeTensor,
  loadRuntime,
  tensorOf,
  threadsOf,
  type Runtime,
  type RuntimeTensor,
} from '../runtime/runtime.ts'
import { createSession, releaseSession, type Fetches, type Session } from '../runtime/session.ts'
import { threadsFor } from '../graph/products.ts'
import type { Traced } from '../trace/trace.ts'
import { LeafSpec } from '../trace/result.ts'
import type { Fetch, HostData } from '../types.ts'
import { fetchedKeys } from './fetch.ts'
import type { Executor, ExecutorOptions, ProgramFunction } from './executor.ts'
import { traceFunction } from './traceFunction.ts'

/** Where a leaf of a result comes from. */
type Source =
  | { readonly kind: 'computed'; readonly name: string }
  | { readonly kind: 'state'; readonly index: number }
  | { readonly kind: 'argument'; readonly index: number }
  | { readonly kind: 'constant'; readonly data: HostData; readonly spec: LeafSpec }

/** What a session is given: a leaf of the state, of the arguments, or, with an offset, a part of a leaf of the state. */
interface Feed {
  readonly name: string
  readonly kind: 'state' | 'argument'
  readonly index: number
  readonly spec: LeafSpec
  readonly offset?: number
}

/** Which outputs a call copies out, and which values it asks the session for. */
interface Plan {
  readonly keys: readonly string[]
  readonly fetches: Fetches
}

/** One compiled function. */
interface Compiled {
  readonly caller: string
  /** `undefined` where nothing is computed: all results are constants, arguments or state. */
  readonly session: Session | undefined
  readonly writesState: boolean
  readonly feeds: readonly Feed[]
  readonly outputs: Traced['outputs']
  readonly sources: readonly Source[]
  /** Changed leaves of the state only. */
  readonly newState: readonly { readonly index: number; readonly source: Source }[]
  /** Names of the computed values that are kept as state. */
  readonly kept: ReadonlySet<string>
  readonly plans: Map<string, Plan>
  readonly argSpecs: readonly LeafSpec[]
  /** Tensors around the arrays of the last call, used again where the same array comes back. */
  readonly lastArgs: (RuntimeTensor | undefined)[]
}

/** Traces and compiles every function, one session each; the state lives in tensors that they share. */
export async function createCompiled(options: ExecutorOptions, wanted: number): Promise<Executor> {
  const { functions, specs, values } = options
  const runtime = await loadRuntime()
  const threads = threadsOf(runtime, wanted)
  const compiled = new Map<string, Compiled>()
  const traced = new Map<string, Traced>()
  const stats: Record<string, { traceMs: number; compileMs: number; nodes: number }> = {}
  const release = async (): Promise<void> => {
    const sessions = [...compiled.values()].flatMap(({ session }) => session ?? [])
    compiled.clear()
    for (const session of sessions) await releaseSession(session)
  }
  try {
    for (const f of functions) {
      const start = performance.now()
      const recorded = traceFunction(f)
      const made = { ...recorded, graph: optimise(recorded.graph) }
      const end = performance.now()
      compiled.set(f.name, await compile({ runtime, threads }, f, made))
      traced.set(f.name, made)
      const nodes = made.graph.nodes.length
      stats[f.name] = { traceMs: end - start, compileMs: performance.now() - end, nodes }
    }
  } catch (error) {
    await release()
    throw error
  }

  const state = specs.map((spec, i) => tensorOf(runtime, { ...spec, data: values[i] }))
  const held: Held = { runtime, state, computed: new WeakSet() }
  return {
    stats,
    traced,
    threads,
    get liveTensors() {
      const args = [...compiled.values()].flatMap(({ lastArgs }) => Object.values(lastArgs))
      return state.length + args.length
    },
    call: (name, args, fetch) => call(held, compiled.get(name) as Compiled, { args, fetch }),
    readState: () => Promise.resolve(state.map((tensor) => dataOf(tensor).slice())),
    writeState: (next) => next.forEach((data, i) => (state[i] = tensorOf(runtime, { ...specs[i], data }))),
    dispose: async () => {
      traced.clear()
      state.length = 0
      await release()
    },
  }
}

async function compile(
  { runtime, threads }: { runtime: Runtime; threads: number },
  f: ProgramFunction,
  traced: Traced,
): Promise<Compiled> {
  const { stateCount, outputCount, outputs, writesState } = traced
  const { graph, views } = writesState
    ? { graph: traced.graph, views: [] }
    : viewInputs(traced.graph, traced.graph.inputs.slice(0, stateCount))
  const used = new Set<Value | null>(graph.nodes.flatMap((node) => node.inputs))
  const inputs = graph.inputs.map((value, i): Feed => {
    const spec = specOf(value)
    const kind = i < stateCount ? 'state' : 'argument'
    return { name: value.input ?? '', kind, index: kind === 'state' ? i : i - stateCount, spec }
  })
  const position = new Map(graph.inputs.map((value, i) => [value, inputs[i]]))
  const viewFeeds = views.map(({ value, whole, offset }): Feed => {
    const { index } = position.get(whole) as Feed
    return { name: value.input ?? '', kind: 'state', index, spec: specOf(value), offset }
  })
  const names = new Map<Value, string>()
  const sourceOf = (value: Value): Source => {
    const input = position.get(value)
    if (input !== undefined) return { kind: input.kind, index: input.index }
    if (value.constant !== undefined) return constantSource(value)
    const name = names.get(value) ?? `result${names.size}`
    names.set(value, name)
    return { kind: 'computed', name }
  }
  const sources = graph.outputs.slice(0, outputCount).map(sourceOf)
  const newState = graph.outputs
    .slice(outputCount)
    .map((value, index) => ({ index, source: sourceOf(value) }))
    .filter(({ index, source }) => source.kind !== 'state' || source.index !== index)

  const computed = [...names.keys()]
  const read = [...graph.inputs.filter((value) => used.has(value)), ...views.map(({ value }) => value)]
  const model = encodeModel({
    name: f.caller,
    graph: { inputs: read, nodes: graph.nodes, outputs: computed },
    outputNames: [...names.values()],
  })
  const count = threadsFor(graph, threads)
  return {
    caller: f.caller,
    session: computed.length === 0 ? undefined : await createSession(runtime, model, count),
    writesState,
    feeds: [...inputs.filter((_, i) => used.has(graph.inputs[i])), ...viewFeeds],
    outputs,
    sources,
    newState,
    kept: new Set(newState.flatMap(({ source }) => (source.kind === 'computed' ? [source.name] : []))),
    plans: new Map(),
    argSpecs: inputs.filter(({ kind }) => kind === 'argument').map(({ spec }) => spec),
    lastArgs: [],
  }
}

function specOf({ shape, dtype }: Value): LeafSpec {
  return new LeafSpec(shape, dtype as LeafSpec['dtype'])
}

function constantSource(value: Value): Source {
  const spec = specOf(value)
  const number = fillOf(value)
  const data =
    number === undefined
      ? (value.constant as { data: HostData }).data
      : typedArray(spec.dtype, sizeOf(spec.shape)).fill(number)
  return { kind: 'constant', data, spec }
}

/** The state of a program while it runs. */
interface Held {
  readonly runtime: Runtime
  readonly state: RuntimeTensor[]
  /** Tensors that a session made: nobody else has their memory. */
  readonly computed: WeakSet<RuntimeTensor>
}

async function call(
  held: Held,
  f: Compiled,
  { args, fetch }: { args: readonly HostData[]; fetch: Fetch },
): Promise<Readonly<Record<string, Tree<HostData>>>> {
  const { runtime, state, computed } = held
  const { keys, fetches } = planOf(f, fetch)

  let results: Readonly<Record<string, RuntimeTensor>> = {}
  if (f.session !== undefined) {
    const feeds: Record<string, RuntimeTensor> = {}
    for (const { name, kind, index, spec, offset } of f.feeds) {
      if (kind === 'argument') feeds[name] = argument(runtime, f, { index, spec, data: args[index] })
      else feeds[name] = offset === undefined ? state[index] : viewOf(runtime, state[index], { spec, offset })
    }
    results = await f.session.run(feeds, fetches, { isLong: f.writesState })
  }

  const previous = f.newState.length === 0 ? state : [...state]
  for (const { index, source } of f.newState) {
    state[index] =
      source.kind === 'computed'
        ? results[source.name]
        : source.kind === 'state'
          ? previous[source.index]
          : source.kind === 'constant'
            ? tensorOf(runtime, { ...source.spec, data: source.data.slice() })
            : tensorOf(runtime, { ...f.argSpecs[source.index], data: args[source.index].slice() })
  }
  const handedOut = new Set<string>()
  const output = (index: number): HostData => {
    const source = f.sources[index]
    if (source.kind === 'computed') {
      const data = dataOf(results[source.name])
      const isShared = f.kept.has(source.name) || handedOut.has(source.name)
      handedOut.add(source.name)
      return isShared ? data.slice() : data
    }
    if (source.kind === 'state') return dataOf(previous[source.index]).slice()
    return source.kind === 'constant' ? source.data.slice() : args[source.index].slice()
  }
  const fetched: Record<string, Tree<HostData>> = {}
  for (const key of keys) fetched[key] = mapTree<Tree<number>, number, HostData>(f.outputs[key], output)
  for (const { source } of f.newState) if (source.kind === 'computed') computed.add(results[source.name])
  for (const { index } of f.newState) {
    if (computed.has(previous[index]) && !state.includes(previous[index])) freeTensor(previous[index])
  }
  return fetched
}

/** What a call with this `fetch` asks of the session; worked out once. */
function planOf(f: Compiled, fetch: Fetch): Plan {
  const id = typeof fetch === 'string' ? fetch : `\n${fetch.join('\n')}`
  const known = f.plans.get(id)
  if (known !== undefined) return known
  const keys = fetchedKeys(f.caller, Object.keys(f.outputs), fetch)
  const names = new Set(f.kept)
  for (const index of keys.flatMap((key) => leaves<number>(f.outputs[key]))) {
    const source = f.sources[index]
    if (source.kind === 'computed') names.add(source.name)
  }
  // A run must ask for something, also where nothing is wanted.
  if (names.size === 0 && f.session !== undefined) names.add(f.session.outputNames[0])
  const plan = { keys, fetches: Object.fromEntries([...names].map((name) => [name, null])) }
  f.plans.set(id, plan)
  return plan
}

/** A tensor over a part of another's memory. */
function viewOf(
  runtime: Runtime,
  whole: RuntimeTensor,
  { spec, offset }: { spec: LeafSpec; offset: number },
): RuntimeTensor {
  return tensorOf(runtime, { ...spec, data: dataOf(whole).subarray(offset, offset + sizeOf(spec.shape)) })
}

function argument(
  runtime: Runtime,
  f: Compiled,
  { index, spec, data }: { index: number; spec: LeafSpec; data: HostData },
): RuntimeTensor {
  const last = f.lastArgs[index]
  if (last !== undefined && last.data === data) return last
  const made = tensorOf(runtime, { ...spec, data })
  f.lastArgs[index] = made
  return made
}
