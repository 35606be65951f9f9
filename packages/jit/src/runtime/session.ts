/**
 * Sessions of ONNX Runtime. In Node they are those of its own binding, which `InferenceSession` of `onnxruntime-node` puts behind a turn of the
 * event loop and a second check of every name: for a policy of two layers, between two updates, a fifth of what the action costs.
 */
import type { InferenceSession } from '#onnxruntime'
import type * as Native from '#onnxruntime-binding'
import type { Runtime, RuntimeTensor } from './runtime.ts'

type Tensors = Readonly<Record<string, RuntimeTensor>>

/** Names of outputs, as ONNX Runtime takes them where it is to make the tensors. */
export type Fetches = Readonly<Record<string, null>>

/** A compiled graph. */
export interface Session {
  readonly inputNames: readonly string[]
  readonly outputNames: readonly string[]
  /**
   * The outputs that `fetches` names. In Node the thread is held until the graph has run; `isLong` gives signals, timers and other requests a
   * turn before.
   */
  run(feeds: Tensors, fetches: Fetches, options: { readonly isLong: boolean }): Tensors | Promise<Tensors>
  release(): void | Promise<void>
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
      : webSession(await runtime.InferenceSession.create(model, options))
  live.add(session)
  return session
}

/** Frees a session. */
export async function releaseSession(session: Session): Promise<void> {
  live.delete(session)
  await session.release()
}

function nativeSession(
  { binding, initOrt }: typeof Native,
  model: Uint8Array,
  options: InferenceSession.SessionOptions,
): Session {
  initOrt()
  const session = new binding.InferenceSession()
  session.loadModel(model.buffer as ArrayBuffer, model.byteOffset, model.byteLength, options)
  return {
    inputNames: session.inputMetadata.map(({ name }) => name),
    outputNames: session.outputMetadata.map(({ name }) => name),
    run: (feeds, fetches, { isLong }) =>
      isLong
        ? new Promise((resolve) => setImmediate(resolve)).then(() => session.run(feeds, fetches, {}))
        : session.run(feeds, fetches, {}),
    release: () => session.dispose(),
  }
}

function webSession(session: InferenceSession): Session {
  return {
    inputNames: session.inputNames,
    outputNames: session.outputNames,
    run: (feeds, fetches) => session.run(feeds, fetches),
    release: () => session.release(),
  }
}
