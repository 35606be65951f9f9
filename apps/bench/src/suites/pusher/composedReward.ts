import type { Env } from '@maxent/core'
import type { TrainOfflineOptions } from '@maxent/train'
import { goals, type Goal } from './goals.ts'

/** source: `pushTo` of `@maxent/envs`: the cost of torques in (N m)². */
const CONTROL = 0.1

/** r = −distance − 0.1 Σ uᵢ² of a goal that is a line, from where the puck is after the step. */
function lineReward(goal: Goal, place: readonly [number, number], squares: number): number {
  const [axis, wanted] = goals[goal].task
  return -Math.abs(place[axis === 0 ? 0 : 1] - wanted) - CONTROL * squares
}

/** The mean of the rewards of lines (thesis 6.1), from where the puck is after the step and the sum of the squared torques. */
export function composedReward(
  parts: readonly Goal[],
  place: readonly [number, number],
  squares: number,
): number {
  return parts.reduce((sum, goal) => sum + lineReward(goal, place, squares) / parts.length, 0)
}

function squaresOf(action: ArrayLike<number>, from = 0, count = action.length): number {
  let squares = 0
  for (let i = from; i < from + count; i++) squares += action[i] * action[i]
  return squares
}

/** The environment with that reward in place of its own. */
export function withComposedReward(env: Env, parts: readonly Goal[]): Env {
  return {
    ...env,
    step: (action) => {
      const result = env.step(action)
      const [x, y] = result.observation.object
      return { ...result, reward: composedReward(parts, [x, y], squaresOf(action)) }
    },
  }
}

/** Batches of transitions of the parts with that reward in place of their own. */
export function relabelled(parts: readonly Goal[]): NonNullable<TrainOfflineOptions['relabel']> {
  return ({ reward, action, nextObservation: { object } }) => {
    const actions = action.length / reward.length
    const places = object.length / reward.length
    for (let b = 0; b < reward.length; b++) {
      const place = [object[b * places], object[b * places + 1]] as const
      reward[b] = composedReward(parts, place, squaresOf(action, b * actions, actions))
    }
  }
}
