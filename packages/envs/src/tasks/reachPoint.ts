import { foldIn, uniform } from '@maxent/core/keys'
import { ballMark, liftMark } from '../arenas/marks.ts'
import { chosen } from '../chosen.ts'
import type { Task } from '../mujoco/model.ts'
import { ability } from '../mujoco/model.ts'
import { emptySpace } from './arena.ts'
import { apart, costOf } from './armReward.ts'

const SUCCESS = chosen('distance at which a hand has reached a point, m', 0.02, 'less than half of a hand')
const CONTROL = chosen(
  'cost of torques of a reaching arm, for the sum of their squares as shares of their bounds',
  0.01,
  'the released code leaves the weight to each run; it only breaks ties here, far from the point',
)
const STEPS = chosen('steps of an episode of reaching', 100, '5 s; the arm crosses its targets in two')
const FIXED = chosen(
  'the point to reach, m from the base: ahead, to the left, up',
  [0.6, 0.15, 0.3],
  'beside the start, at the height of the elbow',
)
const LEAST = chosen(
  'random points to reach: least ahead, to the left and up, m from the base',
  [0.5, -0.25, 0.1],
  'with the largest a box before the robot that it reaches from its start without turning over',
)
const LARGEST = chosen(
  'random points to reach: largest ahead, to the left and up, m from the base',
  [0.7, 0.25, 0.4],
  'with the least a box before the robot that it reaches from its start without turning over',
)

/** layout: of a point. */
const AXES = 3

const NAME = 'reach'

const inBox = (task: unknown): task is readonly number[] =>
  Array.isArray(task) &&
  task.length === AXES &&
  task.every((x, i) => x >= LEAST.value[i] && x <= LARGEST.value[i])

/** Writes a point of the box. */
function drawPoint(key: Parameters<typeof uniform>[0], out: Float64Array): void {
  const draws = uniform(key, AXES)
  for (let i = 0; i < AXES; i++) {
    out[i] = LEAST.value[i] + (LARGEST.value[i] - LEAST.value[i]) * draws[i]
  }
}

/**
 * Bring a hand to a point, where aᵢ are torques as shares of their bounds:
 *
 *   r = −‖hand − point‖ − 0.01 Σ aᵢ²
 *
 * Never terminates (thesis 3.4, figure 3.9).
 */
function reachPoint(random: boolean): Task {
  return {
    name: random ? 'random-reach' : NAME,
    source: 'Haarnoja 2018, section 3.4, with the reward of the released code for the robot',
    chosen: [SUCCESS, CONTROL, STEPS, ...(random ? [LEAST, LARGEST] : [FIXED])],
    maxEpisodeSteps: STEPS.value,
    arena: (surface) => ({
      ...emptySpace(surface),
      objects: [ballMark({ name: 'point', color: 'green', radius: SUCCESS.value })],
    }),
    ...(random
      ? {
          observation: { target: AXES },
          distribution: 'point uniform in a box of 0.2 by 0.5 by 0.3 m, for training and tests alike',
        }
      : {}),
    bind: (body, simulation) => {
      const { hand } = ability(body, NAME, 'reaches')
      const cost = costOf(body, CONTROL.value)
      const target = new Float32Array(AXES)
      const info = { distance: 0, success: 0, rewardDistance: 0, rewardControl: 0 }
      const outcome = { reward: 0, terminated: false, info }
      // Whether a point was given, then the point.
      const memory = new Float64Array(1 + AXES)
      const point = memory.subarray(1)
      point.set(FIXED.value)
      const look = (): void => {
        info.distance = apart(simulation, hand, point)
        info.success = info.distance < SUCCESS.value ? 1 : 0
      }
      return {
        outcome,
        memory,
        ...(random
          ? {
              observation: { target },
              setTask: (task: unknown) => {
                if (!inBox(task)) {
                  throw new RangeError(
                    `reset: task must be a point from ${LEAST.value.join(', ')} to ${LARGEST.value.join(', ')} m, got ${JSON.stringify(task)}`,
                  )
                }
                point.set(task)
                memory[0] = 1
              },
            }
          : {}),
        place: (key) => {
          if (random && memory[0] === 0) drawPoint(foldIn(key, 'point'), point)
          liftMark(simulation, 0, point)
        },
        start: () => {
          target.set(point)
          info.rewardDistance = info.rewardControl = 0
          look()
        },
        after: (action) => {
          look()
          info.rewardDistance = -info.distance
          info.rewardControl = -cost(action)
          outcome.reward = info.rewardDistance + info.rewardControl
        },
      }
    },
  }
}

/** Reach the same point in every episode. */
export const reachOnePoint: Task = reachPoint(false)

/**
 * Reach a point that every episode draws and the group `target` tells, the robot's own with the point appended. `reset({ task })` takes a
 * point and keeps it.
 */
export const reachAnyPoint: Task = reachPoint(true)
