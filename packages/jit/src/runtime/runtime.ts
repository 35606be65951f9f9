/**
 * ONNX Runtime, loaded when it is first needed: `onnxruntime-node` in Node, `onnxruntime-web` elsewhere. The choice is made by the
 * `imports` field of the package, so that a bundler for browsers never meets the native one.
 */
import type { Env, InferenceSession, Tensor } from '#onnxruntime'
import type { HostData } from '../types.ts'
import { checkSimd, webThreads } from './web.ts'

/** The part of ONNX Runtime that programs use. */
export interface Runtime {
  readonly InferenceSession: typeof InferenceSession
  readonly env: Env
  readonly Tensor: typeof Tensor
}

/** Loads the runtime of this platform. @throws Error where a browser lacks what it needs. */
export async function loadRuntime(): Promise<Runtime> {
  const runtime = await import('#onnxruntime')
  if (isWeb(runtime)) checkSimd()
  return runtime
}

function isWeb({ env }: Pick<Runtime, 'env'>): boolean {
  return env.versions.web !== undefined
}

/** How many of the wanted threads there are: all in Node; in a browser, as many as its pool has or may have. */
export function threadsOf({ env }: Pick<Runtime, 'env'>, wanted: number): number {
  return isWeb({ env }) ? webThreads(env, wanted) : wanted
}

/**
 * Gives an array's memory back at once, where the platform can (`ArrayBuffer.prototype.transfer`). Left to the garbage collector, megabytes
 * per update would be collected in bursts, and the next outputs would land in fresh pages.
 */
export function freeArray({ buffer, byteLength }: HostData): void {
  if (buffer instanceof ArrayBuffer && buffer.byteLength === byteLength) buffer.transfer?.(0)
}
