import { foldIn, integers } from '@maxent/core/keys'
import type { Chosen } from './chosen.ts'
import { chosen } from './chosen.ts'
import type { Dynamics } from './episodes.ts'
import { part } from './episodes.ts'
import type { TaskSplit } from './mujoco/model.ts'
import { planeLength } from './planeLength.ts'
import { dot, FAINT, GOAL, PAPER } from './render/colors.ts'
import { drawPlane } from './render/plane.ts'

/** source: the sparse point robot of PEARL. */
const GOALS = 100
const TRAINING_GOALS = 80
const RADIUS = 1
const STEP = 0.1
const REACHED = 0.2
export const NAVIGATION_STEPS = 20

export const navigationChosen: readonly Chosen[] = [
  chosen('goal of an episode without a task', 'drawn from the training set', 'test goals stay unseen'),
]

/** source: PEARL, whose goals NumPy's legacy generator shuffles with the seed 1337: the goals in that order. */
// prettier-ignore
const ORDER: readonly number[] = [
  2, 48, 86, 44, 59, 56, 79, 70, 91, 17, 50, 32, 36, 87, 15, 11, 63, 81, 30, 43,
  10, 73, 76, 53, 52, 31, 25, 94, 5, 80, 37, 16, 40, 21, 55, 49, 83, 77, 78, 45,
  0, 33, 12, 13, 28, 69, 64, 35, 58, 7, 47, 74, 29, 85, 62, 38, 14, 71, 4, 42,
  34, 41, 3, 26, 18, 93, 46, 97, 68, 95, 98, 8, 20, 67, 57, 51, 19, 60, 65, 75,
  66, 22, 88, 27, 1, 24, 99, 54, 6, 9, 72, 84, 82, 90, 96, 89, 39, 92, 61, 23,
]

/** The goals by number, 0 on the right and 99 on the left of the half circle, in the order of the released code. */
export const navigationTasks: TaskSplit<number> = {
  train: ORDER.slice(0, TRAINING_GOALS),
  test: ORDER.slice(TRAINING_GOALS),
}

const goalAngle = (goal: number): number => (Math.PI * goal) / (GOALS - 1)

/**
 * A point that has to find a goal g on the upper half of the unit circle, with a clipped to ±1:
 *
 *   s' = s + 0.1 a,   r = 1 − ‖s' − g‖ where that distance is at most 0.2, else 0
 *
 * Starts at the middle and never terminates. `reset({ task })` takes the number of a goal and keeps it; without one every episode
 * draws a goal of the training set. The group `task` tells the goal. `info.distance` is the negative dense reward.
 */
export function sparseNavigationDynamics(): Dynamics {
  const proprio = new Float32Array(2)
  const task = new Float32Array(2)
  const position = new Float64Array(2)
  const target = new Float64Array(2)
  const info = { distance: 0 }
  const outcome = { reward: 0, terminated: false, info }
  let goal = 0
  let kept = false
  const observe = (): void => {
    proprio.set(position)
    target[0] = RADIUS * Math.cos(goalAngle(goal))
    target[1] = RADIUS * Math.sin(goalAngle(goal))
    task.set(target)
    info.distance = planeLength(position[0] - target[0], position[1] - target[1])
  }
  return {
    observation: { proprio, task },
    outcome,
    paint: (options) =>
      drawPlane(
        {
          low: [-1.3 * RADIUS, -1.3 * RADIUS],
          high: [1.3 * RADIUS, 1.3 * RADIUS],
          background: PAPER,
          shapes: [
            { kind: 'ring', at: [0, 0], radius: RADIUS, width: 0.01 * RADIUS, color: FAINT },
            { kind: 'disc', at: [target[0], target[1]], radius: REACHED, color: GOAL },
            dot([position[0], position[1]], RADIUS),
          ],
        },
        options,
      ),
    setTask: (wanted) => {
      if (typeof wanted !== 'number' || !Number.isInteger(wanted) || wanted < 0 || wanted >= GOALS) {
        throw new RangeError(
          `reset: task must be the number of a goal from 0 to ${GOALS - 1}, got ${JSON.stringify(wanted)}`,
        )
      }
      goal = wanted
      kept = true
    },
    start: (episodeKey) => {
      if (!kept) goal = navigationTasks.train[integers(foldIn(episodeKey, 'task'), 1, TRAINING_GOALS)[0]]
      position.fill(0)
      observe()
    },
    advance: (action) => {
      for (let i = 0; i < 2; i++) position[i] += STEP * Math.min(Math.max(action[i], -1), 1)
      observe()
      outcome.reward = info.distance <= REACHED ? 1 - info.distance : 0
      return true
    },
    save: () => ({ state: position.slice(), task: Float64Array.of(goal, Number(kept)) }),
    load: (snapshot) => {
      const state = part(snapshot, 'state', 2)
      const [savedGoal, savedKept] = part(snapshot, 'task', 2)
      position.set(state)
      goal = savedGoal
      kept = savedKept === 1
      observe()
    },
    close: () => undefined,
  }
}
