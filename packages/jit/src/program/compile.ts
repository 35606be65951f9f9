import { constantArray, typedArray } from '../graph/arrays.ts'
import { sizeOf, type Value } from '../graph/graph.ts'
import { encodeModel } from '../graph/onnx.ts'
import { threadsFor } from '../graph/products.ts'
import { createHostSession } from '../host/hostSession.ts'
import { viewInputs } from '../passes/viewInputs.ts'
import type { Runtime } from '../runtime/runtime.ts'
import { createSession, inputOf, type Input, type Session } from '../runtime/session.ts'
import type { RunSweep } from '../sweep/memory.ts'
import type { Stage, Staged, SweptLeaf } from '../sweep/stages.ts'
import { LeafSpec } from '../trace/result.ts'
import type { Traced } from '../trace/trace.ts'
import type { HostData } from '../types.ts'
import type { ProgramFunction } from './executor.ts'
import type { Held } from './held.ts'
import type { Plan } from './plan.ts'

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
  plan: Plan | undefined
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

/** Opens the sessions of a function and compiles its sweeps. */
export async function compile(
  shared: Shared,
  f: ProgramFunction,
  { traced, staged }: { readonly traced: Traced; readonly staged: Staged },
): Promise<Compiled> {
  const { stateCount, outputCount, outputs, writesState } = traced
  const { state, memory } = shared.held
  // A function that changes nothing has no sweeps, and reads parts of leaves where they are.
  const viewed = writesState ? undefined : viewInputs(traced.graph, traced.graph.inputs.slice(0, stateCount))
  const stages: readonly Stage[] =
    viewed === undefined ? staged.stages : [{ graph: viewed.graph, sweeps: [] }]
  const values = valuesOf(traced, staged)
  const own = new Map<Value, Input>()
  const inputAt = (value: Value): Input => {
    const place = values.placeOf(value)
    if (place?.kind === 'state') return state[place.index]
    const input = own.get(value) ?? emptyInput(value)
    own.set(value, input)
    return input
  }
  const views = new Map(
    viewed?.views.map(({ value, whole, offset }): [Value, View] => {
      const size = sizeOf(value.shape)
      return [value, { input: inputAt(value), whole: inputAt(whole), offset, size, of: undefined }]
    }),
  )
  const results = traced.graph.outputs.map(values.sourceOf)
  const swept = stages.flatMap(({ sweeps }) => sweeps.flatMap((sweep) => [...sweep.arrays, ...sweep.singles]))
  const handed = new Map(
    [...swept, ...staged.handedOn.values()].map((value) => [value, values.sourceOf(value)]),
  )

  const compileStage = async ({ graph, sweeps }: Stage): Promise<CompiledStage> => {
    const read = new Set<Value | null>(graph.nodes.flatMap((node) => node.inputs))
    const inputs = [...graph.inputs, ...views.keys()].filter((value) => read.has(value))
    const made = new Set(graph.outputs.filter((value) => values.sourceOf(value).kind === 'computed'))
    const model = {
      graph: { inputs, nodes: graph.nodes, outputs: [...made] },
      outputNames: [...made].map(values.nameOf),
    }
    const readsState = inputs.some((value) => views.has(value) || values.placeOf(value)?.kind === 'state')
    const place = (value: Value) => {
      const { whole, offset } = views.get(value) ?? { whole: inputAt(value), offset: 0 }
      return { of: whole, offset }
    }
    const small =
      !writesState && readsState && made.size > 0 ? createHostSession({ ...model, place }) : undefined
    const open = async (): Promise<Session> => {
      const { runtime, threads } = shared
      return await createSession(
        runtime,
        encodeModel({ name: f.caller, ...model }),
        threadsFor(traced.graph, threads),
      )
    }
    const session = made.size === 0 ? undefined : (small ?? (await open()))
    if (session !== undefined) shared.opened.push(session)
    return {
      session,
      feeds: Object.fromEntries(inputs.map((value) => [value.input ?? '', inputAt(value)])),
      // What is computed here finds its places itself.
      views: small === undefined ? [...views.values()] : [],
      handedOn: inputs.flatMap((value) => {
        const original = staged.handedOn.get(value)
        return original === undefined ? [] : [{ input: inputAt(value), value: original }]
      }),
      sweeps: await Promise.all(sweeps.map((sweep) => memory.bind(sweep, staged.swept))),
    }
  }
  const compiled: CompiledStage[] = []
  for (const stage of stages) compiled.push(await compileStage(stage))

  const newState = results
    .slice(outputCount)
    .map((source, index) => ({ index, source }))
    .filter(({ index, source }) => source.kind !== 'state' || source.index !== index)
  return {
    caller: f.caller,
    writesState,
    stages: compiled,
    args: [...own].flatMap(([value, input]) => {
      const place = values.placeOf(value)
      return place?.kind === 'argument' ? [{ input, index: place.index }] : []
    }),
    outputs,
    sources: results.slice(0, outputCount),
    handed,
    newState,
    kept: new Set(newState.flatMap(({ source }) => (source.kind === 'computed' ? [source.name] : []))),
    plan: undefined,
  }
}

/** Where the values of a function come from. What sessions compute gets names. */
function valuesOf({ graph, stateCount }: Traced, { swept }: Staged) {
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
