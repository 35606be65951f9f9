import { finishLine } from '@maxent/envs/mujoco'
import { meanOf } from '../../statistics/samples.ts'
import type { Rollout } from './rollouts.ts'
import type { Sight } from './stagedArm.ts'

/** Where the bonus begins, m. */
export const line: number = Number(
  finishLine.chosen?.find(({ name }) => name.startsWith('finish line'))?.value,
)

/** Share of the episodes of an evaluation that must cross: of uniform actions one in 150 does, so that some of hundreds do by chance. */
export const crossingShare = 0.5

/** Where the episodes of an evaluation end, how far any has been so far, and the most of an evaluation that crossed so far. */
export function lookAtCrossing(rollouts: readonly Rollout[], before: Sight['numbers'] | undefined): Sight {
  const places = rollouts.map(({ info }) => info.xPosition)
  const ends = places.map(({ last }) => last)
  const farthest = places.map(({ most }) => most)
  const crossing = farthest.filter((x) => x >= line).length / farthest.length
  return {
    numbers: {
      least: Math.min(...ends),
      most: Math.max(...ends),
      farthest: Math.max(before?.farthest ?? -Infinity, ...farthest),
      crossing: Math.max(before?.crossing ?? 0, crossing),
      return: meanOf(rollouts.map(({ discountedReturn }) => discountedReturn)),
    },
  }
}
