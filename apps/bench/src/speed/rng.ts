import { fillNormal, fillUniform, foldIn, key } from '@maxent/core/keys'
import { alternate, median, pairedRatio, type Contestant } from './blocks.ts'
import type { Effort } from './effort.ts'

const length = 65_536
const fills = 16

/** Cost of filling an array with random numbers, against filling it with `Math.random`. */
export interface RngSpeed {
  /** Nanoseconds per number. */
  readonly uniformNs: number
  readonly normalNs: number
  readonly mathRandomNs: number
  readonly uniformToMathRandom: number
  readonly normalToMathRandom: number
}

export async function measureRng({ blocks }: Effort): Promise<RngSpeed> {
  const out = new Float32Array(length)
  const seed = key(1)
  const times = await alternate(
    {
      uniform: repeat((i) => fillUniform(foldIn(seed, i), out)),
      mathRandom: repeat(() => fillWithMathRandom(out)),
      normal: repeat((i) => fillNormal(foldIn(seed, i), out)),
    },
    Math.max(blocks, 2),
  )
  const nanoseconds = (ms: readonly number[]): number => (median(ms) * 1e6) / length
  return {
    uniformNs: nanoseconds(times.uniform),
    normalNs: nanoseconds(times.normal),
    mathRandomNs: nanoseconds(times.mathRandom),
    uniformToMathRandom: pairedRatio(times.uniform, times.mathRandom),
    normalToMathRandom: pairedRatio(times.normal, times.mathRandom),
  }
}

function repeat(fill: (i: number) => void): Contestant {
  return {
    runs: fills,
    run: (count) => {
      for (let i = 0; i < count; i++) fill(i)
    },
  }
}

function fillWithMathRandom(out: Float32Array): void {
  // eslint-disable-next-line no-restricted-syntax -- the yardstick itself
  for (let i = 0; i < out.length; i++) out[i] = Math.random()
}
