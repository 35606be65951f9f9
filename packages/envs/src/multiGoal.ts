import { foldIn, normal } from '@maxent/core/keys'
import type { Dynamics } from './episodes.ts'
import { part } from './episodes.ts'

/** source: the released code of soft Q-learning. */
const BOUND = 7
const GOALS: readonly (readonly [number, number])[] = [
  [5, 0],
  [-5, 0],
  [0, 5],
  [0, -5],
]
const REACHED = 1
const ACTION_COST = 30
const DISTANCE_COST = 1
const GOAL_REWARD = 10
const START_NOISE = 0.1
export const MULTI_GOAL_STEPS = 30

const clip = (x: number, bound: number): number => Math.min(Math.max(x, -bound), bound)

/**
 * A point in a square that may go to any of four goals g (thesis section 3.4), with a clipped to ±1 and s to ±7:
 *
 *   s' = s + a,   r = −30 ‖a‖² − min_g ‖s' − g‖² + 10 · [min_g ‖s' − g‖ < 1]
 *
 * Starts around the middle with deviation 0.1. Terminates within 1 of a goal. This is the released reward; the thesis speaks of a
 * mixture of Gaussians.
 */
export function multiGoalDynamics(): Dynamics {
  const proprio = new Float32Array(2)
  const state = new Float64Array(2)
  const info = { goal: 0, rewardControl: 0, rewardDistance: 0, rewardGoal: 0 }
  const outcome = { reward: 0, terminated: false, info }
  /** Finds the nearest goal and gives its squared distance. */
  const nearest = (): number => {
    let least = Infinity
    for (let i = 0; i < GOALS.length; i++) {
      const square = (state[0] - GOALS[i][0]) ** 2 + (state[1] - GOALS[i][1]) ** 2
      if (square < least) {
        least = square
        info.goal = i
      }
    }
    return least
  }
  return {
    observation: { proprio },
    outcome,
    start: (key) => {
      const noise = normal(foldIn(key, 'start'), 2)
      for (let i = 0; i < 2; i++) state[i] = START_NOISE * noise[i]
      nearest()
      info.rewardControl = info.rewardDistance = info.rewardGoal = 0
      proprio.set(state)
    },
    advance: (action) => {
      let squares = 0
      for (let i = 0; i < 2; i++) {
        const move = clip(action[i], 1)
        squares += move * move
        state[i] = clip(state[i] + move, BOUND)
      }
      const distance = nearest()
      outcome.terminated = distance < REACHED ** 2
      info.rewardControl = -ACTION_COST * squares
      info.rewardDistance = -DISTANCE_COST * distance
      info.rewardGoal = outcome.terminated ? GOAL_REWARD : 0
      outcome.reward = info.rewardControl + info.rewardDistance + info.rewardGoal
      proprio.set(state)
      return true
    },
    save: () => ({ state: state.slice() }),
    load: (snapshot) => {
      state.set(part(snapshot, 'state', 2))
      proprio.set(state)
    },
    close: () => undefined,
  }
}
