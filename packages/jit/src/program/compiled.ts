import { leaves, mapTree, type Tree } from '@maxent/core/tree'
import { sizeOf, type Value } from '../graph/graph.ts'
import { constantArray, typedArray } from '../graph/arrays.ts'
import { encodeModel } from '../graph/onnx.ts'
import { createHostSession } from '../host/hostSession.ts'
import type { Floats } from '../host/kernels.ts'
import { optimise } from '../passes/optimise.ts'
import { viewInputs } from '../passes/viewInputs.ts'
import { freeArray, loadRuntime, threadsOf, type Runtime } from '../runtime/runtime.ts'
import {
  createSession,
  inputOf,
  releaseSession,
  type Fetches,
  type Input,
  type Results,
  type Session,
} from '../runtime/session.ts'
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
  | { readonly kind: 'constant'; readonly data: HostData }

/** A part of a leaf of the state, as an input of its own. */
interface View {
  readonly input: Input
  readonly whole: Input
  readonly offset: number
  readonly size: number
  /** The leaf's array that `input` is a part of. */
  of: HostData | undefined
}

/** Which outputs a call hands out, and which values it asks the session for. */
interface Plan {
  readonly fetch: Fetch
  readonly keys: readonly string[]
  readonly fetches: Fetches
  /** Which leaves of the outputs are copies: of arrays that somebody else has too. */
  readonly copied: ReadonlySet<number>
}

/** One compiled function. */
interface Compiled {
  readonly caller: string
  /** `undefined` where nothing is computed: all results are constants, arguments or state. */
  readonly session: Session | undefined
  readonly writesState: boolean
  /** What the session reads: leaves of the state themselves, arguments, and views. */
  readonly feeds: Readonly<Record<string, Input>>
  /** Those of the feeds whose data change from call to call. */
  readonly args: readonly { readonly input: Input; readonly index: number }[]
  readonly views: readonly View[]
  readonly outputs: Traced['outputs']
  readonly sources: readonly Source[]
  /** Changed leaves of the state only. */
  readonly newState: readonly { readonly index: number; readonly source: Source }[]
  /** Names of the computed values that are kept as state. */
  readonly kept: ReadonlySet<string>
  /** That of the last call. */
  plan: Plan | undefined
}

/** Traces and compiles every function, one session each; the state lives in tensors that they share. */
export async function createCompiled(options: ExecutorOptions, wanted: number): Promise<Executor> {
  const { functions, specs, values } = options
  const runtime = await loadRuntime()
  const threads = threadsOf(runtime, wanted)
  const state = specs.map((spec, i) => inputOf(spec, values[i]))
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
      compiled.set(f.name, await compile({ runtime, threads, state }, f, made))
      traced.set(f.name, made)
      const nodes = made.graph.nodes.length
      stats[f.name] = { traceMs: end - start, compileMs: performance.now() - end, nodes }
    }
  } catch (error) {
    await release()
    throw error
  }

  const held: Held = { state, computed: new WeakSet() }
  return {
    stats,
    traced,
    threads,
    get liveTensors() {
      const own = [...compiled.values()].map((f) => f.args.length + f.views.length)
      return own.reduce((sum, count) => sum + count, state.length)
    },
    call: (name, args, fetch) => call(held, compiled.get(name) as Compiled, { args, fetch }),
    readState: () => Promise.resolve(state.map(({ data }) => data.slice())),
    writeState: (next) => {
      next.forEach((data, i) => (state[i].data = data))
      return Promise.resolve()
    },
    dispose: async () => {
      traced.clear()
      state.length = 0
      await release()
    },
  }
}

async function compile(
  { runtime, threads, state }: { runtime: Runtime; threads: number; state: readonly Input[] },
  f: ProgramFunction,
  traced: Traced,
): Promise<Compiled> {
  const { stateCount, outputCount, outputs, writesState } = traced
  const { graph, views } = writesState
    ? { graph: traced.graph, views: [] }
    : viewInputs(traced.graph, traced.graph.inputs.slice(0, stateCount))
  const used = new Set<Value | null>(graph.nodes.flatMap((node) => node.inputs))
  const placeOf = (i: number): Place =>
    i < stateCount ? { kind: 'state', index: i } : { kind: 'argument', index: i - stateCount }
  const position = new Map(graph.inputs.map((value, i) => [value, placeOf(i)]))
  const read = graph.inputs.filter((value) => used.has(value))
  const args = read.flatMap((value) => {
    const { kind, index } = position.get(value) as Place
    return kind === 'argument' ? { value, index, input: emptyInput(value) } : []
  })
  const parts = views.map(({ value, whole, offset }) => {
    const { index } = position.get(whole) as Place
    const input = emptyInput(value)
    return { value, input, whole: state[index], offset, size: sizeOf(value.shape), of: undefined }
  })
  const own = new Map([...args, ...parts].map(({ value, input }) => [value, input]))
  const names = new Map<Value, string>()
  const sourceOf = (value: Value): Source => {
    const input = position.get(value)
    if (input !== undefined) return input
    if (value.constant !== undefined) return { kind: 'constant', data: constantArray(value) }
    const name = names.get(value) ?? `result${names.size}`
    names.set(value, name)
    return { kind: 'computed', name }
  }
  const sources = graph.outputs.slice(0, outputCount).map(sourceOf)
  const newState = graph.outputs
    .slice(outputCount)
    .map((value, index) => ({ index, source: sourceOf(value) }))
    .filter(({ index, source }) => source.kind !== 'state' || source.index !== index)

  const inputs = [...read, ...views.map(({ value }) => value)]
  const needed = { inputs, nodes: graph.nodes, outputs: [...names.keys()] }
  const outputNames = [...names.values()]
  const viewed = new Map(parts.map(({ value, whole, offset }) => [value, { of: whole, offset }]))
  const inputAt = (value: Value): Input => own.get(value) ?? state[(position.get(value) as Place).index]
  const place = (value: Value): Floats => viewed.get(value) ?? { of: inputAt(value), offset: 0 }
  const readsState = read.length + views.length > args.length
  const small =
    !writesState && readsState ? createHostSession({ graph: needed, outputNames, place }) : undefined
  const createNative = (): Promise<Session> => {
    const model = encodeModel({ name: f.caller, graph: needed, outputNames })
    return createSession(runtime, model, threadsFor(graph, threads))
  }
  return {
    caller: f.caller,
    session: names.size === 0 ? undefined : (small ?? (await createNative())),
    writesState,
    feeds: Object.fromEntries(inputs.map((value) => [value.input ?? '', inputAt(value)])),
    args,
    views: small === undefined ? parts : [],
    outputs,
    sources,
    newState,
    kept: new Set(newState.flatMap(({ source }) => (source.kind === 'computed' ? [source.name] : []))),
    plan: undefined,
  }
}

/** Which leaf of the state or of the arguments an input of a graph is. */
type Place = Extract<Source, { readonly index: number }>

/** For data of every call. */
function emptyInput(value: Value): Input {
  const spec = specOf(value)
  return inputOf(spec, typedArray(spec.dtype, 0))
}

function specOf({ shape, dtype }: Value): LeafSpec {
  return new LeafSpec(shape, dtype as LeafSpec['dtype'])
}

/** The state of a program while it runs. */
interface Held {
  /** Each leaf once, for the sessions of all functions; its array is replaced. */
  readonly state: readonly Input[]
  /** Arrays that a session made: nobody else has their memory. */
  readonly computed: WeakSet<HostData>
}

async function call(
  { state, computed }: Held,
  f: Compiled,
  { args, fetch }: { args: readonly HostData[]; fetch: Fetch },
): Promise<Readonly<Record<string, Tree<HostData>>>> {
  if (f.plan === undefined || !sameFetch(f.plan.fetch, fetch)) f.plan = planOf(f, fetch)
  const { keys, fetches, copied } = f.plan

  let results: Results = {}
  if (f.session !== undefined) {
    for (const { input, index } of f.args) input.data = args[index]
    for (const view of f.views) point(view)
    results = await f.session.run(f.feeds, fetches, { isLong: f.writesState })
  }

  const dataOf = (source: Source): HostData => {
    switch (source.kind) {
      case 'computed':
        return results[source.name].data
      case 'state':
        return state[source.index].data
      case 'constant':
        return source.data
      case 'argument':
        return args[source.index]
    }
  }
  const output = (index: number): HostData => {
    const data = dataOf(f.sources[index])
    return copied.has(index) ? data.slice() : data
  }
  const fetched: Record<string, Tree<HostData>> = {}
  for (const key of keys) fetched[key] = mapTree<Tree<number>, number, HostData>(f.outputs[key], output)

  if (f.newState.length === 0) return fetched
  const before = state.map(({ data }) => data)
  const after = f.newState.map(({ source }) => {
    const data = dataOf(source)
    if (source.kind === 'computed') computed.add(data)
    // The caller's and the graph's own arrays stay theirs.
    return source.kind === 'argument' || source.kind === 'constant' ? data.slice() : data
  })
  f.newState.forEach(({ index }, i) => (state[index].data = after[i]))
  const kept = new Set(state.map(({ data }) => data))
  for (const { index } of f.newState) {
    const data = before[index]
    if (computed.has(data) && !kept.has(data)) freeArray(data)
  }
  return fetched
}

/** What a call with this `fetch` asks of the session, and what of it the caller gets. */
function planOf(f: Compiled, fetch: Fetch): Plan {
  const keys = fetchedKeys(f.caller, Object.keys(f.outputs), fetch)
  const names = new Set(f.kept)
  const handedOut = new Set(f.kept)
  const copied = new Set<number>()
  for (const index of keys.flatMap((key) => leaves<number>(f.outputs[key]))) {
    const source = f.sources[index]
    if (source.kind === 'computed') names.add(source.name)
    if (source.kind !== 'computed' || handedOut.has(source.name)) copied.add(index)
    else handedOut.add(source.name)
  }
  // A run must ask for something, also where nothing is wanted.
  if (names.size === 0 && f.session !== undefined) names.add(f.session.outputNames[0])
  const fetches = Object.fromEntries([...names].map((name) => [name, null]))
  return { fetch: typeof fetch === 'string' ? fetch : keys, keys, fetches, copied }
}

/** Whether two ask for the same outputs in the same order. The caller may change an array between calls. */
function sameFetch(planned: Fetch, fetch: Fetch): boolean {
  if (!Array.isArray(planned) || !Array.isArray(fetch)) return planned === fetch
  return planned.length === fetch.length && planned.every((key, i) => key === fetch[i])
}

/** Leads a view to the array that its leaf has now. */
function point(view: View): void {
  const { data } = view.whole
  if (view.of === data) return
  view.input.data = data.subarray(view.offset, view.offset + view.size)
  view.of = data
}
