import { foldIn, key } from '@maxent/core/keys'
import { makeEnv } from '@maxent/envs'
import type { Policy } from '../../run/baseline.ts'
import type { CellData } from '../../run/cellResult.ts'

/** Episodes of the multi-goal task, and the steps after which one has reached nothing: thesis, appendix C.1. */
export interface RolloutRequest {
  readonly policy: Policy
  readonly seed: number
  readonly count: number
  readonly horizon: number
  /** Where episodes begin: in the very middle, or where the environment has them begin, around it. */
  readonly start: 'origin' | 'around'
}

/** Paths that a figure shows. */
const drawn = 40

/**
 * Episodes. Scalars: `reached`, the share that ends at a goal; `most` and `least`, the shares of all episodes that end at the
 * goal visited most and least; `split`, the entropy in nats of the goals among those that reach one. Samples: `path.x`,
 * `path.y` and `path.lengths`.
 */
export async function rollOut(request: RolloutRequest): Promise<Pick<CellData, 'scalars' | 'samples'>> {
  const { policy, seed, count, horizon, start } = request
  const env = await makeEnv('multi-goal')
  const visits = [0, 0, 0, 0]
  const path = { x: [] as number[], y: [] as number[], lengths: [] as number[] }
  const draw = ([x, y]: Float32Array): void => {
    path.x.push(digits(x))
    path.y.push(digits(y))
  }
  try {
    for (let i = 0; i < count; i++) {
      let { observation } = env.reset({ seed: foldIn(foldIn(key(seed), 'rollouts'), i)[0] })
      if (start === 'origin') {
        env.restore({ ...env.snapshot(), state: Float64Array.of(0, 0) })
        observation = { proprio: Float32Array.of(0, 0) }
      }
      const before = path.x.length
      if (i < drawn) draw(observation.proprio)
      for (let t = 0; t < horizon; t++) {
        const result = env.step(await policy(observation))
        ;({ observation } = result)
        if (i < drawn) draw(observation.proprio)
        if (!result.terminated) continue
        visits[result.info.goal] += 1
        break
      }
      if (i < drawn) path.lengths.push(path.x.length - before)
    }
  } finally {
    env.close()
  }
  return {
    scalars: {
      reached: sum(visits) / count,
      most: Math.max(...visits) / count,
      least: Math.min(...visits) / count,
      split: entropy(visits),
    },
    samples: { 'path.x': path.x, 'path.y': path.y, 'path.lengths': path.lengths },
  }
}

/** The entropy in nats of what the counts are of; 0 where nothing was counted. */
function entropy(counts: readonly number[]): number {
  const total = sum(counts)
  return sum(counts.map((n) => (n === 0 ? 0 : -(n / total) * Math.log(n / total))))
}

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0)
const digits = (value: number): number => Number(value.toPrecision(4))
