/** What a browser may lack, told before ONNX Runtime fails at it. */
import type { Env } from '#onnxruntime'

/** A module of one function that drops a vector: valid where there is SIMD. */
const simdModule = Uint8Array.of(
  ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00], // magic, version 1
  ...[0x01, 0x04, 0x01, 0x60, 0x00, 0x00], // types: () -> ()
  ...[0x03, 0x02, 0x01, 0x00], // functions: one of type 0
  ...[0x0a, 0x17, 0x01, 0x15, 0x00], // code: one body of 21 bytes, no locals
  ...[0xfd, 0x0c, ...new Uint8Array(16), 0x1a, 0x0b], // v128.const 0, drop, end
)

/** @throws Error where the browser has no WebAssembly SIMD, without which there is no build of ONNX Runtime. */
export function checkSimd(): void {
  if (typeof WebAssembly !== 'undefined' && WebAssembly.validate(simdModule)) return
  throw new Error(
    '@maxent/jit: the browser must have WebAssembly SIMD, got one without, use Chrome 91, Firefox 89, Safari 16.4 or later',
  )
}

/**
 * How many threads a program gets in a browser. All sessions of a page share one pool, whose size is fixed by the first; more than one thread
 * needs shared memory, which pages have only where they are cross-origin isolated. Says so where it gives fewer than wanted.
 */
export function webThreads({ wasm }: Pick<Env, 'wasm'>, wanted: number): number {
  const isolated = globalThis.crossOriginIsolated
  const threads = Math.min(wanted, isolated ? Infinity : 1, wasm.numThreads ?? Infinity)
  if (threads < wanted) {
    warn(
      `@maxent/jit: mode.threads is ${wanted}, but the program runs on ${threads}: ` +
        (isolated
          ? `the first program of the page fixed the threads of all; make the one with the most threads first`
          : `the page is not cross-origin isolated; serve it with Cross-Origin-Opener-Policy: same-origin and ` +
            `Cross-Origin-Embedder-Policy: require-corp`),
    )
  }
  wasm.numThreads ??= threads
  return threads
}

function warn(message: string): void {
  // A page has no other place for what its developer should know; nothing fails.
  // eslint-disable-next-line no-console
  console.warn(message)
}
