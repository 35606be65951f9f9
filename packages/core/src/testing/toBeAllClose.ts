import * as tf from '@tensorflow/tfjs'
import { expect } from 'vitest'

/** How far two numbers may be apart: |received − expected| ≤ atol + rtol · |expected|. */
export interface Tolerance {
  /** 1e-5 when absent. */
  readonly rtol?: number
  /** 1e-6 when absent. */
  readonly atol?: number
}

declare module 'vitest' {
  // The parameters must be named as in vitest's own declaration.
  // eslint-disable-next-line @typescript-eslint/no-unused-vars
  interface Matchers<R extends void | Promise<void> = void | Promise<void>, T = unknown> {
    /**
     * Every number of a tree is close to its counterpart: |received − expected| ≤ atol + rtol · |expected|. Tensors, typed arrays and
     * nested arrays of the same numbers are equal; NaN is close to NaN, an infinity to itself.
     */
    toBeAllClose(expected: unknown, tolerance?: Tolerance): R
  }
}

interface Verdict {
  readonly pass: boolean
  readonly message: () => string
}

/** The matcher that importing this entry point adds to vitest's `expect`. */
export function toBeAllClose(received: unknown, expected: unknown, tolerance: Tolerance = {}): Verdict {
  const { rtol = 1e-5, atol = 1e-6 } = tolerance
  const got = entries(received)
  const wanted = entries(expected)
  const problem = structureProblem(got, wanted)
  if (problem !== undefined) return { pass: false, message: () => `toBeAllClose: ${problem}` }
  const far = got.flatMap((entry, i) => (isClose(entry.value, wanted[i].value, { rtol, atol }) ? [] : [i]))
  const [first] = far
  return {
    pass: far.length === 0,
    message: () =>
      far.length === 0
        ? `toBeAllClose: all ${got.length} numbers are within ${atol} + ${rtol} × |expected|, expected one to differ`
        : `toBeAllClose: ${describe(got[first])}, expected ${String(wanted[first].value)} within ${atol} + ${rtol} × |expected|; ` +
          `${far.length} of ${got.length} numbers differ`,
  }
}

interface Entry {
  readonly path: string
  readonly value: unknown
}

/** Every number with its path. An empty array or record counts as one entry, so that it differs from nothing. */
function entries(root: unknown): Entry[] {
  const found: Entry[] = []
  const walk = (value: unknown, path: string): void => {
    const plain = toPlain(value)
    const children = childrenOf(plain)
    if (children === undefined)
      found.push({ path, value: typeof plain === 'boolean' ? Number(plain) : plain })
    else if (children.length === 0) found.push({ path, value: Array.isArray(plain) ? '[]' : '{}' })
    else for (const [key, child] of children) walk(child, `${path}${key}`)
  }
  walk(root, '')
  return found
}

function toPlain(value: unknown): unknown {
  if (value instanceof tf.Tensor) return value.arraySync()
  return ArrayBuffer.isView(value) && !(value instanceof DataView) ? Array.from(value as Float32Array) : value
}

function childrenOf(value: unknown): [string, unknown][] | undefined {
  if (Array.isArray(value)) return value.map((child, i) => [`[${i}]`, child])
  if (typeof value === 'object' && value !== null)
    return Object.entries(value).map(([key, child]) => [`/${key}`, child])
  return undefined
}

function structureProblem(got: readonly Entry[], wanted: readonly Entry[]): string | undefined {
  for (let i = 0; i < Math.max(got.length, wanted.length); i++) {
    if (got[i]?.path === wanted[i]?.path) continue
    const [here, there] = [got[i], wanted[i]].map((entry) =>
      entry === undefined ? 'nothing further' : describe(entry),
    )
    return `both sides must have the same structure, got ${here} where ${there} was expected`
  }
  return undefined
}

function isClose(value: unknown, expected: unknown, { rtol, atol }: Required<Tolerance>): boolean {
  if (Object.is(value, expected)) return true
  if (typeof value !== 'number' || typeof expected !== 'number') return false
  // An infinite expectation would allow an infinite error.
  return Number.isFinite(expected) && Math.abs(value - expected) <= atol + rtol * Math.abs(expected)
}

function describe({ path, value }: Entry): string {
  return `${path === '' ? 'the value' : path} is ${String(value)}`
}

expect.extend({ toBeAllClose })
