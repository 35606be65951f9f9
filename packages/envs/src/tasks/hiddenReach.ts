import { foldIn, integers, key as seedKey, uniform } from '@maxent/core/keys'
import { ballMark, liftMark } from '../arenas/marks.ts'
import { chosen } from '../chosen.ts'
import type { Task } from '../mujoco/model.ts'
import { ability } from '../mujoco/model.ts'
import { floor } from './arena.ts'
import { apart } from './armReward.ts'

/** source: Galashov et al. 2020, appendix B: side of the cube and distance that counts, m; reward, tasks, steps in 10 s at 25 Hz. */
const SIDE = 0.4
const RADIUS = 0.05
const REWARD = 1
const TRAINING = 300
const TEST = 30
const STEPS = 250

const LOWEST = chosen(
  'cube of hidden points: height of its lowest points, m',
  0.02,
  "that of dm_control's reach_site, whose box it is but for its upper two centimetres",
)
const SEED = chosen(
  'seed of the keys that draw hidden points',
  2020,
  'the year of the paper, which gives none; task i has the key (seed, name of the task, i)',
)
const DRAWN = chosen(
  'hidden point of an episode without a task',
  'one of the training set',
  'test points stay unseen',
)
const TOLD = chosen(
  'group `task` of hidden points',
  'one-hot number of a training task, zeros for a test task',
  'the paper gives the policy a number in training and nothing in a test',
)
const PAID = chosen(
  'reward for a hidden point',
  'in every step within reach; arriving is no end',
  'the paper ends these episodes after 10 s alone',
)

/** layout: of a point. */
const AXES = 3

const TASKS = {
  train: Array.from({ length: TRAINING }, (_, i) => i),
  test: Array.from({ length: TEST }, (_, i) => TRAINING + i),
}
const NAME = 'hidden-reach'

/** The point of a task. */
function pointOf(task: number): readonly [number, number, number] {
  const [u, v, w] = uniform(foldIn(foldIn(seedKey(SEED.value), NAME), task), AXES)
  return [SIDE * (u - 0.5), SIDE * (v - 0.5), LOWEST.value + SIDE * w]
}

/**
 * Find a point that stays where it is from episode to episode: 1 in every step within 0.05 m of it, else 0 (Galashov et al. 2020,
 * appendix B). Never terminates. The tasks 0 to 299 are to learn from, 300 to 329 to be tested on. `reset({ task })` keeps one; without
 * it every episode draws one to learn from. The groups `task` (the number, one-hot) and `target` are what a learner may be told.
 */
export const reachHiddenPoint: Task = {
  name: NAME,
  source: 'Galashov et al. 2020, appendix B',
  chosen: [LOWEST, SEED, DRAWN, TOLD, PAID],
  maxEpisodeSteps: STEPS,
  arena: (surface) => ({
    ...floor(surface),
    objects: [ballMark({ name: 'point', color: 'green', radius: RADIUS })],
  }),
  observation: { target: AXES, task: TRAINING },
  tasks: TASKS,
  bind: (body, simulation) => {
    const { hand } = ability(body, NAME, 'reaches')
    const target = new Float32Array(AXES)
    const task = new Float32Array(TRAINING)
    const info = { distance: 0, success: 0 }
    const outcome = { reward: 0, terminated: false, info }
    // The number of the task, whether it was given, and the point.
    const memory = new Float64Array(2 + AXES)
    const point = memory.subarray(2)
    const look = (): void => {
      info.distance = apart(simulation, hand, point)
      info.success = info.distance < RADIUS ? 1 : 0
    }
    return {
      outcome,
      memory,
      observation: { target, task },
      setTask: (wanted) => {
        if (
          typeof wanted !== 'number' ||
          !(wanted >= 0 && wanted < TRAINING + TEST && Number.isInteger(wanted))
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
        point.set(pointOf(memory[0]))
        liftMark(simulation, 0, point)
      },
      start: () => {
        target.set(point)
        task.fill(0)
        if (memory[0] < TRAINING) task[memory[0]] = 1
        look()
      },
      after: () => {
        look()
        outcome.reward = REWARD * info.success
      },
    }
  },
}
