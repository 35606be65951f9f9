import { foldIn, key } from '@maxent/core/keys'
import type { Policy } from '../../run/baseline.ts'
import { digits } from '../../run/digits.ts'
import { meanOf, varianceOf } from '../../statistics/samples.ts'
import { counted, type StepCounter } from '../composition/learnPart.ts'
import { goalEnv, type Goal } from './goals.ts'

/** Episodes to look at the end of. */
export interface FinalRequest {
  readonly goal: Goal
  readonly policy: Policy
  readonly episodes: number
  readonly seed: number
  readonly counter: StepCounter
  readonly signal: AbortSignal
}

/** Where the puck was at the end of each episode, m. */
export interface FinalPlaces {
  readonly x: readonly number[]
  readonly y: readonly number[]
  /** To the goal, along the axes that count. */
  readonly distance: readonly number[]
}

/** Whole episodes, each from a start that depends on the seed and its number alone. */
export async function finalPlaces(request: FinalRequest): Promise<FinalPlaces> {
  const { goal, policy, episodes, seed, counter, signal } = request
  const env = counted(await goalEnv(goal), counter)
  const places: { x: number[]; y: number[]; distance: number[] } = { x: [], y: [], distance: [] }
  try {
    for (let i = 0; i < episodes; i++) {
      let { observation } = env.reset({ seed: foldIn(foldIn(key(seed), 'final places'), i)[0] })
      for (;;) {
        signal.throwIfAborted()
        const result = env.step(await policy(observation))
        ;({ observation } = result)
        if (!result.truncated && !result.terminated) continue
        const [x, y] = observation.object
        places.x.push(x)
        places.y.push(y)
        places.distance.push(result.info.distance)
        break
      }
    }
    return places
  } finally {
    env.close()
  }
}

/** Mean and standard deviation of the distances, and the places: what a cell keeps, under a name. */
export function summaryOf(
  name: string,
  { x, y, distance }: FinalPlaces,
): { readonly scalars: Record<string, number>; readonly samples: Record<string, readonly number[]> } {
  return {
    scalars: {
      [`${name}.distance`]: digits(meanOf(distance)),
      [`${name}.sd`]: digits(distance.length > 1 ? Math.sqrt(varianceOf(distance)) : 0),
    },
    samples: { [`${name}.x`]: x.map(digits), [`${name}.y`]: y.map(digits) },
  }
}
