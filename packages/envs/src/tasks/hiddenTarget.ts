import type { Key } from '@maxent/core/keys'
import { foldIn, integers, key as seedKey, uniform } from '@maxent/core/keys'
import { discMark, moveMark } from '../arenas/marks.ts'
import type { Point } from '../arenas/walls.ts'
import { chosen } from '../chosen.ts'
import { watchFall } from '../mujoco/fall.ts'
import type { Pose, Task } from '../mujoco/model.ts'
import { ability } from '../mujoco/model.ts'
import { floor } from './arena.ts'
import { POSE, takeBearings } from './bearing.ts'

/** source: Galashov et al. 2020, appendix B: cost per step, tasks, steps in 10 s at 20 Hz, the square of starts, ring and rectangle. */
const STEP_COST = 0.005
const TRAINING = 100
const TEST = 30
const STEPS = 200
/** source: the same. Seconds between actions. */
export const HIDDEN_TARGET_INTERVAL: number = 1 / 20
/** source: the same. */
const RING = { least: 3, most: 7, side: 16, reward: 10 }
const RECTANGLE = { side: 8, reward: 1, fall: 1 }

const RADIUS = chosen(
  'distance at which a hidden target is reached, m',
  1,
  "that of dm_control's go_to_target; the paper gives none",
)
const SEED = chosen(
  'seed of the keys that draw hidden targets',
  2020,
  'the year of the paper, which gives none; task i has the key (seed, name of the task, i)',
)
const DRAWN = chosen(
  'hidden target of an episode without a task',
  'one of the training set',
  'test targets stay unseen',
)
const TOLD = chosen(
  'group `task` of hidden targets',
  'one-hot number of a training task, zeros for a test task',
  'the paper gives the policy a number in training and nothing in a test',
)

const HEADING = chosen(
  'heading of the body at the start of hidden targets',
  'uniform, 0 to 2π',
  'the paper draws the place alone; so no heading tells where the target is',
)
const INSIDE = chosen(
  'hidden targets: starts within reach of the target',
  'left as drawn; the first step arrives',
  'the paper draws start and target independently of each other',
)
const SEEN = chosen(
  'group `pose` of hidden targets',
  'x, y, cosine and sine of the heading',
  'of the global position and orientation that the paper shows, what the way to a target depends on',
)

const TASKS = {
  train: Array.from({ length: TRAINING }, (_, i) => i),
  test: Array.from({ length: TEST }, (_, i) => TRAINING + i),
}

interface HiddenTarget {
  readonly name: string
  /** For arriving. */
  readonly reward: number
  /** For falling, which ends an episode. Default: a fall is no end. */
  readonly fall?: number
  /** Side of the square where a body starts, m. */
  readonly side: number
  draw(key: Key): Point
  /** Whether a test task keeps its start from episode to episode. */
  readonly keepsStart: boolean
}

/** A place in a square around the middle. */
function inSquare(side: number, key: Key): Point {
  const [x, y] = uniform(key, 2)
  return [side * (x - 0.5), side * (y - 0.5)]
}

/**
 * Find a target that stays where it is from episode to episode (Galashov et al. 2020, appendix B):
 *
 *   r = reward · [‖position − target‖ < 1] − fall · [fallen] − 0.005
 *
 * Terminates at the target and, where that counts, on falling. The tasks 0 to 99 are to learn from, 100 to 129 to be tested on.
 * `reset({ task })` keeps one; without it every episode draws one to learn from. The groups `task` (the number, one-hot) and `target`
 * (ahead and to the left) are what a learner may be told; `pose` tells where the body is and heads.
 */
function hiddenTarget({ name, reward, fall, side, draw, keepsStart }: HiddenTarget): Task {
  const taskKey = (task: number): Key => foldIn(foldIn(seedKey(SEED.value), name), task)
  return {
    name,
    source: 'Galashov et al. 2020, appendix B',
    chosen: [RADIUS, SEED, DRAWN, TOLD, HEADING, INSIDE, SEEN],
    maxEpisodeSteps: STEPS,
    arena: (surface) => ({
      ...floor(surface),
      objects: [discMark({ name: 'target', color: 'green', radius: RADIUS.value })],
    }),
    observation: { pose: POSE, target: 2, task: TRAINING },
    tasks: TASKS,
    ...(fall === undefined ? {} : { watchesFall: true }),
    bind: (body, simulation) => {
      const bearing = takeBearings(body, simulation, name)
      const root = ability(body, name, 'root')
      const fallen =
        fall === undefined ? () => false : watchFall(ability(body, name, 'frail'), simulation, ['floor'])
      const target = new Float32Array(2)
      const task = new Float32Array(TRAINING)
      const info = { distance: 0, success: 0, fallen: 0 }
      const outcome = { reward: 0, terminated: false, info }
      // The number of the task, whether it was given, and x and y of the target.
      const memory = new Float64Array(4)
      const place = memory.subarray(2)
      const look = (): void => {
        bearing.take()
        bearing.see(place, target)
        info.distance = bearing.distance(place[0], place[1])
        info.success = info.distance < RADIUS.value ? 1 : 0
      }
      const drawStart = (key: Key): Pose => {
        const [x, y] = inSquare(side, foldIn(key, 'start'))
        return { x, y, yaw: 2 * Math.PI * uniform(foldIn(key, 'yaw'), 1)[0] }
      }
      return {
        outcome,
        memory,
        observation: { pose: bearing.pose, target, task },
        setTask: (wanted) => {
          if (
            typeof wanted !== 'number' ||
            !Number.isInteger(wanted) ||
            wanted < 0 ||
            wanted >= TRAINING + TEST
          ) {
            throw new RangeError(
              `reset: task must be a number from 0 to ${TRAINING + TEST - 1}, got ${JSON.stringify(wanted)}`,
            )
          }
          memory[0] = wanted
          memory[1] = 1
        },
        place: (key) => {
          if (memory[1] === 0) memory[0] = integers(foldIn(key, 'task'), 1, TRAINING)[0]
          const own = taskKey(memory[0])
          const target = draw(foldIn(own, 'target'))
          place.set(target)
          moveMark(simulation, 0, target)
          root.place(simulation, drawStart(keepsStart && memory[0] >= TRAINING ? own : key))
        },
        start: () => {
          task.fill(0)
          if (memory[0] < TRAINING) task[memory[0]] = 1
          info.fallen = 0
          look()
        },
        after: () => {
          look()
          info.fallen = fallen() ? 1 : 0
          outcome.reward = reward * info.success - (fall ?? 0) * info.fallen - STEP_COST
          outcome.terminated = info.success === 1 || info.fallen === 1
        },
      }
    },
  }
}

/** Go to a place on a ring around the middle: 3 to 7 m away in any direction. */
export const goToRing: Task = hiddenTarget({
  name: 'ring',
  reward: RING.reward,
  side: RING.side,
  draw: (key) => {
    const [u, v] = uniform(key, 2)
    const radius = RING.least + (RING.most - RING.least) * u
    return [radius * Math.cos(2 * Math.PI * v), radius * Math.sin(2 * Math.PI * v)]
  },
  keepsStart: false,
})

/** Go to a place in a square without falling. In a test the body starts where it started in the episode before. */
export const goToTarget: Task = hiddenTarget({
  name: 'target',
  reward: RECTANGLE.reward,
  fall: RECTANGLE.fall,
  side: RECTANGLE.side,
  draw: (key) => inSquare(RECTANGLE.side, key),
  keepsStart: true,
})
