/**
 * Sessions of ONNX Runtime. In Node they are those of its own binding, which `InferenceSession` of `onnxruntime-node` puts behind a turn of the
 * event loop and a second check of every name: for a policy of two layers, between two updates, a fifth of what the action costs.
 */
import type { InferenceSession } from '#onnxruntime'
import type * as Native from '#onnxruntime-binding'
import type { DType, HostData } from '../types.ts'
import type { Runtime } from './runtime.ts'

/**
 * An array as a graph reads it, made once and given other data from call to call. The binding for Node looks at these fields of a tensor and
 * at nothing else.
 */
export interface Input {
  readonly location: 'cpu'
  readonly type: DType
  readonly dims: readonly number[]
  data: HostData
}

/** An input of a shape that shares the array. */
export function inputOf(
  { shape, dtype }: { readonly shape: readonly number[]; readonly dtype: DType },
  data: HostData,
): Input {
  return { location: 'cpu', type: dtype, dims: shape, data }
}

/** What a graph computed, by name. ONNX Runtime's bools are bytes. */
export type Results = Readonly<Record<string, { readonly data: HostData }>>

/** What a graph reads, by name. */
type Feeds = Readonly<Record<string, Input>>

/** Names of outputs, as ONNX Runtime takes them where it is to make the tensors. */
export type Fetches = Readonly<Record<string, null>>

/** A compiled graph. */
export interface Session {
  readonly inputNames: readonly string[]
  readonly outputNames: readonly string[]
  /** The outputs that `fetches` names. In Node the thread is held until the graph has run. */
  run(feeds: Feeds, fetches: Fetches): Results | Promise<Results>
  release(): void | Promise<void>
}

/** Gives signals, timers and other requests a turn before something long. A browser's runtime takes its time elsewhere. */
export async function giveTurn(): Promise<void> {
  if (typeof setImmediate === 'function') await new Promise((resolve) => setImmediate(resolve))
}

const live = new Set<Session>()

/** How many ONNX Runtime sessions of this package are not released. For leak checks. */
export function liveSessions(): number {
  return live.size
}

/** A session for a model. More than one thread only where asked; those stop spinning when a call ends, or they slow others down. */
export async function createSession(runtime: Runtime, model: Uint8Array, threads: number): Promise<Session> {
  // Left to itself the runtime of browsers takes a pool of half the cores.
  runtime.env.wasm.numThreads ??= threads
  const options: InferenceSession.SessionOptions = {
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    graphOptimizationLevel: 'all',
    logSeverityLevel: 3,
    ...(threads > 1 ? { extra: { session: { force_spinning_stop: '1' } } } : {}),
  }
  const native = await import('#onnxruntime-binding')
  const session =
    'binding' in native
      ? nativeSession(native, model, options)
      : webSession(runtime, await runtime.InferenceSession.create(model, options))
  live.add(session)
  return session
}

/** Frees a session. */
export async function releaseSession(session: Session): Promise<void> {
  live.delete(session)
  await session.release()
}

/** The declared `run` asks for tensors, and for options, which it would search for settings. */
type NativeSession = Omit<Native.Binding.InferenceSession, 'run'> & {
  run(feeds: Feeds, fetches: Fetches): Results
}

function nativeSession(
  { binding, initOrt }: typeof Native,
  model: Uint8Array,
  options: InferenceSession.SessionOptions,
): Session {
  initOrt()
  const session = new binding.InferenceSession() as unknown as NativeSession
  session.loadModel(model.buffer as ArrayBuffer, model.byteOffset, model.byteLength, options)
  return {
    inputNames: session.inputMetadata.map(({ name }) => name),
    outputNames: session.outputMetadata.map(({ name }) => name),
    run: (feeds, fetches) => session.run(feeds, fetches),
    release: () => session.dispose(),
  }
}

function webSession({ Tensor }: Runtime, session: InferenceSession): Session {
  return {
    inputNames: session.inputNames,
    outputNames: session.outputNames,
    run: async (feeds, fetches) => {
      const tensors = Object.entries(feeds).map(([name, { type, data, dims }]) => [
        name,
        new Tensor(type, data, dims),
      ])
      return (await session.run(Object.fromEntries(tensors) as never, fetches)) as Results
    },
    release: () => session.release(),
  }
}
