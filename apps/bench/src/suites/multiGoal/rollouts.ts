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
}

/** Paths that a figure shows. */
const drawn = 40

/**
 * Episodes from the middle. Scalars: `reached`, the share that ends at a goal; `most` and `least`, the shares of all episodes that end at the
 * goal visited most and least; `split`, the entropy in nats of the goals among those that reach one. Samples: `path.x` and `path.y`.
 */
export async function rollOut(request: RolloutRequest): Promise<Pick<CellData, 'scalars' | 'samples'>> {
  const { policy, seed, count, horizon } = request
  const env = await makeEnv('multi-goal')
  const visits = [0, 0, 0, 0]
  const path = { x: [] as number[], y: [] as number[] }
  const draw = ([x, y]: Float32Array): void => {
    path.x.push(digits(x))
    path.y.push(digits(y))
  }
  try {
    for (let i = 0; i < count; i++) {
      let { observation } = env.reset({ seed: foldIn(foldIn(key(seed), 'rollouts'), i)[0] })
      if (i < drawn) draw(observation.proprio)
      for (let t = 0; t < horizon; t++) {
        const result = env.step(await policy(observation))
        ;({ observation } = result)
        if (i < drawn) draw(observation.proprio)
        if (!result.terminated) continue
        visits[result.info.goal] += 1
        break
      }
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
    samples: { 'path.x': path.x, 'path.y': path.y },
  }
}

/** The entropy in nats of what the counts are of; 0 where nothing was counted. */
function entropy(counts: readonly number[]): number {
  const total = sum(counts)
  return sum(counts.map((n) => (n === 0 ? 0 : -(n / total) * Math.log(n / total))))
}

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0)
const digits = (value: number): number => Number(value.toPrecision(4))
