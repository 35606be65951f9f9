import { foldIn, normal } from '@maxent/core/keys'
import type { Chosen } from './chosen.ts'
import { chosen } from './chosen.ts'
import type { Dynamics, Outcome } from './episodes.ts'
import { part } from './episodes.ts'
import { dot, GOAL, PAPER } from './render/colors.ts'
import type { Shape } from './render/plane.ts'
import { drawPlane } from './render/plane.ts'

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

/** source: thesis C.1. */
export const GAUSSIAN_GOALS_STEPS = 20

const WIDTH = chosen(
  'width of the bumps at the goals',
  1,
  'as wide as the released goals, and so narrow that the middle pays nothing',
)
export const gaussianGoalsChosen: readonly Chosen[] = [
  WIDTH,
  chosen(
    'entropy weight α',
    0.1,
    'the optimal policy, by quadrature at discount 0.99, is at a goal after 20 steps in 98 % of episodes, a quarter of them at each; at 1 in 62 %, and the 10 of the thesis leaves it all but uniform',
  ),
  chosen('cost of actions, end at a goal', 'none', 'the thesis speaks of the mixture of Gaussians alone'),
  chosen('moves and start', 'those of the released code', 'the thesis does not tell them'),
]

const clip = (x: number, bound: number): number => Math.min(Math.max(x, -bound), bound)

/** What a kind of reward makes of a step: called with the squared action and the squared distance to each goal. */
interface Payment {
  readonly outcome: Outcome
  start(): void
  pay(effort: number, squares: Float64Array): void
}

/**
 * A point in a square that may go to any of four goals g (thesis section 3.4), with a clipped to ±1 and s to ±7:
 *
 *   s' = s + a,   r = −30 ‖a‖² − min_g ‖s' − g‖² + 10 · [min_g ‖s' − g‖ < 1]
 *
 * Starts around the middle with deviation 0.1. Terminates within 1 of a goal. This is the released reward; the thesis speaks of a
 * mixture of Gaussians: {@link gaussianGoalsDynamics}.
 */
export function multiGoalDynamics(): Dynamics {
  const info = { goal: 0, rewardControl: 0, rewardDistance: 0, rewardGoal: 0 }
  const outcome = { reward: 0, terminated: false, info }
  return pointDynamics({
    outcome,
    start: () => {
      info.rewardControl = info.rewardDistance = info.rewardGoal = 0
    },
    pay: (effort, squares) => {
      const distance = squares[info.goal]
      outcome.terminated = distance < REACHED ** 2
      info.rewardControl = -ACTION_COST * effort
      info.rewardDistance = -DISTANCE_COST * distance
      info.rewardGoal = outcome.terminated ? GOAL_REWARD : 0
      outcome.reward = info.rewardControl + info.rewardDistance + info.rewardGoal
    },
  })
}

/**
 * The same point with the reward that the thesis describes, a mixture of Gaussians at the goals:
 *
 *   r = Σ_g exp(−‖s' − g‖² / (2 width²))
 *
 * Never terminates.
 *
 * @throws RangeError for a width that is not positive.
 */
export function gaussianGoalsDynamics({ width = WIDTH.value }: { readonly width?: number } = {}): Dynamics {
  if (!(width > 0 && Number.isFinite(width))) {
    throw new RangeError(`makeEnv: width must be positive, got ${width}, ${WIDTH.value} is the default`)
  }
  const info = { goal: 0 }
  const outcome = { reward: 0, terminated: false, info }
  return pointDynamics({
    outcome,
    start: () => undefined,
    pay: (_, squares) => {
      outcome.reward = 0
      for (let i = 0; i < squares.length; i++) outcome.reward += Math.exp(-squares[i] / (2 * width ** 2))
    },
  })
}

/** The point itself. `info.goal` of the payment is the nearest goal. */
function pointDynamics({ outcome, start, pay }: Payment): Dynamics {
  const proprio = new Float32Array(2)
  const state = new Float64Array(2)
  const squares = new Float64Array(GOALS.length)
  const measure = (): void => {
    let least = Infinity
    for (let i = 0; i < GOALS.length; i++) {
      squares[i] = (state[0] - GOALS[i][0]) ** 2 + (state[1] - GOALS[i][1]) ** 2
      if (squares[i] < least) {
        least = squares[i]
        outcome.info.goal = i
      }
    }
  }
  return {
    observation: { proprio },
    outcome,
    paint: (options) =>
      drawPlane(
        {
          low: [-BOUND, -BOUND],
          high: [BOUND, BOUND],
          background: PAPER,
          shapes: [
            ...GOALS.map((at): Shape => ({ kind: 'disc', at, radius: REACHED, color: GOAL })),
            dot([state[0], state[1]], BOUND),
          ],
        },
        options,
      ),
    start: (key) => {
      const noise = normal(foldIn(key, 'start'), 2)
      for (let i = 0; i < 2; i++) state[i] = START_NOISE * noise[i]
      measure()
      start()
      proprio.set(state)
    },
    advance: (action) => {
      let effort = 0
      for (let i = 0; i < 2; i++) {
        const move = clip(action[i], 1)
        effort += move * move
        state[i] = clip(state[i] + move, BOUND)
      }
      measure()
      pay(effort, squares)
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
