import { constantArray, typedArray } from '../graph/arrays.ts'
import { sizeOf, type Value } from '../graph/graph.ts'
import { encodeModel } from '../graph/onnx.ts'
import { threadsFor } from '../graph/products.ts'
import { createHostSession } from '../host/hostSession.ts'
import type { Floats } from '../host/kernels.ts'
import { viewInputs } from '../passes/viewInputs.ts'
import type { Runtime } from '../runtime/runtime.ts'
import { createSession, inputOf, type Input, type Session } from '../runtime/session.ts'
import { operandsOf } from '../sweep/kernel.ts'
import type { RunSweep } from '../sweep/memory.ts'
import type { Stage, Staged, SweptLeaf } from '../sweep/stages.ts'
import { LeafSpec } from '../trace/result.ts'
import type { Traced } from '../trace/trace.ts'
import type { HostData } from '../types.ts'
import type { CallPlan } from './callPlan.ts'
import type { ProgramFunction } from './executor.ts'
import type { Held } from './held.ts'

/** Where a value comes from: a leaf of the state, as it was or as a sweep has made it, among others. */
export type Source =
  | { readonly kind: 'computed'; readonly name: string }
  | { readonly kind: 'state'; readonly index: number }
  | { readonly kind: 'swept'; readonly swept: SweptLeaf }
  | { readonly kind: 'argument'; readonly index: number }
  | { readonly kind: 'constant'; readonly data: HostData }

/** Which leaf of the state or of the arguments an input of the traced graph is. */
type Place = Extract<Source, { readonly index: number }>

/** A part of a leaf of the state, as an input of its own. */
export interface View {
  readonly input: Input
  readonly whole: Input
  readonly offset: number
  readonly size: number
  /** The leaf's array that `input` is a part of. */
  of: HostData | undefined
}

/** One compiled function. */
export interface Compiled {
  readonly caller: string
  readonly writesState: boolean
  readonly stages: readonly CompiledStage[]
  /** Inputs whose data change from call to call. */
  readonly args: readonly { readonly input: Input; readonly index: number }[]
  readonly outputs: Traced['outputs']
  readonly sources: readonly Source[]
  /** Of what sweeps and later stages read. */
  readonly handed: ReadonlyMap<Value, Source>
  /** Changed leaves of the state only. */
  readonly newState: readonly { readonly index: number; readonly source: Source }[]
  /** Names of the computed values that are kept as state. */
  readonly kept: ReadonlySet<string>
  /** That of the last call. */
  plan: CallPlan | undefined
}

/** A session, and the sweeps that follow it. */
interface CompiledStage {
  /** `undefined` where all is constants, arguments, state, or made by sweeps. */
  readonly session: Session | undefined
  /** What the session reads: leaves of the state themselves, arguments, views, and what earlier stages made. */
  readonly feeds: Readonly<Record<string, Input>>
  readonly views: readonly View[]
  readonly handedOn: readonly { readonly input: Input; readonly value: Value }[]
  readonly sweeps: readonly RunSweep[]
}

/** What the functions of a program share. */
interface Shared {
  readonly runtime: Runtime
  readonly threads: number
  readonly held: Held
  /** All sessions, to be released. */
  readonly opened: Session[]
}

/** What the stages of a function share. */
interface Context extends Shared {
  readonly caller: string
  readonly writesState: boolean
  readonly staged: Staged
  readonly values: Values
  readonly views: ReadonlyMap<Value, View>
  /** The input of a session for a value that it reads. */
  readonly inputAt: (value: Value) => Input
}

/** Opens the sessions of a function and compiles its sweeps. */
export async function compile(
  shared: Shared,
  f: ProgramFunction,
  { traced, staged }: { readonly traced: Traced; readonly staged: Staged },
): Promise<Compiled> {
  const { graph, stateCount, outputCount, outputs, writesState } = traced
  const values = valuesOf(traced, staged)
  const own = new Map<Value, Input>()
  const inputAt = (value: Value): Input => {
    const place = values.placeOf(value)
    if (place?.kind === 'state') return shared.held.state[place.index]
    const input = own.get(value) ?? emptyInput(value)
    own.set(value, input)
    return input
  }
  // A function that changes nothing has no sweeps, and reads parts of leaves where they are.
  const viewed = writesState ? undefined : viewInputs(graph, graph.inputs.slice(0, stateCount))
  const views = (viewed?.views ?? []).map(({ value, whole, offset }): [Value, View] => {
    const size = sizeOf(value.shape)
    return [value, { input: inputAt(value), whole: inputAt(whole), offset, size, of: undefined }]
  })
  const context = { ...shared, caller: f.caller, writesState, staged, values, views: new Map(views), inputAt }
  const stages: CompiledStage[] = []
  for (const stage of viewed === undefined ? staged.stages : [{ graph: viewed.graph, sweeps: [] }])
    stages.push(await compileStage(context, stage))

  const sources = graph.outputs.map(values.sourceOf)
  const newState = sources
    .slice(outputCount)
    .map((source, index) => ({ index, source }))
    .filter(({ index, source }) => source.kind !== 'state' || source.index !== index)
  const operands = staged.stages.flatMap(({ sweeps }) => sweeps.flatMap(operandsOf))
  return {
    caller: f.caller,
    writesState,
    stages,
    args: [...own].flatMap(([value, input]) => {
      const place = values.placeOf(value)
      return place?.kind === 'argument' ? [{ input, index: place.index }] : []
    }),
    outputs,
    sources: sources.slice(0, outputCount),
    handed: new Map(
      [...operands, ...staged.handedOn.values()].map((value) => [value, values.sourceOf(value)]),
    ),
    newState,
    kept: new Set(newState.flatMap(({ source }) => (source.kind === 'computed' ? [source.name] : []))),
    plan: undefined,
  }
}

async function compileStage(context: Context, { graph, sweeps }: Stage): Promise<CompiledStage> {
  const { runtime, threads, held, opened, caller, writesState, staged, values, views, inputAt } = context
  const read = new Set<Value | null>(graph.nodes.flatMap((node) => node.inputs))
  const inputs = [...graph.inputs, ...views.keys()].filter((value) => read.has(value))
  const made = [...new Set(graph.outputs)].filter((value) => values.sourceOf(value).kind === 'computed')
  const model = { graph: { inputs, nodes: graph.nodes, outputs: made }, outputNames: made.map(values.nameOf) }
  const openSession = async (): Promise<Session> =>
    await createSession(runtime, encodeModel({ name: caller, ...model }), threadsFor(graph, threads))
  const place = (value: Value): Floats => {
    const { whole, offset } = views.get(value) ?? { whole: inputAt(value), offset: 0 }
    return { of: whole, offset }
  }
  const readsState = inputs.some((value) => views.has(value) || values.placeOf(value)?.kind === 'state')
  const mayBeSmall = !writesState && readsState && made.length > 0
  const small = mayBeSmall ? createHostSession({ ...model, place }) : undefined
  const session = made.length === 0 ? undefined : (small ?? (await openSession()))
  if (session !== undefined) opened.push(session)
  return {
    session,
    feeds: Object.fromEntries(inputs.map((value) => [value.input as string, inputAt(value)])),
    // What is computed here finds its places itself.
    views: small === undefined ? [...views.values()] : [],
    handedOn: inputs.flatMap((input) => {
      const value = staged.handedOn.get(input)
      return value === undefined ? [] : [{ input: inputAt(input), value }]
    }),
    sweeps: await Promise.all(sweeps.map((sweep) => held.memory.bind(sweep, staged.swept))),
  }
}

/** Where the values of a function come from. What sessions compute has names. */
interface Values {
  readonly placeOf: (value: Value) => Place | undefined
  readonly sourceOf: (value: Value) => Source
  readonly nameOf: (value: Value) => string
}

function valuesOf({ graph, stateCount }: Traced, { swept }: Staged): Values {
  const placeAt = (i: number): Place =>
    i < stateCount ? { kind: 'state', index: i } : { kind: 'argument', index: i - stateCount }
  const places = new Map(graph.inputs.map((value, i) => [value, placeAt(i)]))
  const names = new Map<Value, string>()
  const nameOf = (value: Value): string => {
    const name = names.get(value) ?? `result${names.size}`
    names.set(value, name)
    return name
  }
  const placeOf = (value: Value): Place | undefined => places.get(value)
  const sourceOf = (value: Value): Source => {
    const leaf = swept.get(value)
    if (leaf !== undefined) return { kind: 'swept', swept: leaf }
    const place = placeOf(value)
    if (place !== undefined) return place
    if (value.constant !== undefined) return { kind: 'constant', data: constantArray(value) }
    return { kind: 'computed', name: nameOf(value) }
  }
  return { placeOf, sourceOf, nameOf }
}

/** For data of every call. */
function emptyInput({ shape, dtype }: Value): Input {
  const spec = new LeafSpec(shape, dtype as LeafSpec['dtype'])
  return inputOf(spec, typedArray(spec.dtype, 0))
}
