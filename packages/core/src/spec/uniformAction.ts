import type { ActionSpec } from '../contracts.ts'
import { fillUniform, type Key } from '../keys/index.ts'

/** Fills `out` with an action that is uniform in the box or over the choices, and gives it; it depends on the key alone. */
export function uniformAction(key: Key, { low, high, choices }: ActionSpec, out: Float32Array): Float32Array {
  if (out.length !== low.length) {
    throw new RangeError(`uniformAction: out must have length ${low.length}, got ${out.length}`)
  }
  fillUniform(key, out)
  if (choices !== undefined) return out.fill(Math.floor(out[0] * choices))
  for (let i = 0; i < out.length; i++) out[i] = low[i] + out[i] * (high[i] - low[i])
  return out
}
