import { integers } from '@maxent/core/keys'
import { chosen } from '../chosen.ts'
import type { Task, TaskSplit } from '../mujoco/model.ts'
import { ability } from '../mujoco/model.ts'
import { floor } from './arena.ts'

/** source: Tirumala et al. 2019, D.2: forward, back, left and right, as unit vectors of the plane. */
const DIRECTIONS = [
  [1, 0],
  [-1, 0],
  [0, 1],
  [0, -1],
] as const

const SPEED = chosen('directions: speed asked for, m/s', 1, 'a walk; the paper says a fixed speed')
const REWARD = chosen(
  'directions: reward',
  'max(0, 1 − ‖v_xy − v*‖ / ‖v*‖), v the velocity of the centre of mass',
  'the paper says dense; 1 at the speed asked for, and 0 for standing or walking any other way',
)
const FRAME = chosen(
  'directions: axes',
  "the world's; the body starts along x",
  'the paper does not say; so a turn is no way to go left',
)
const STEPS = chosen('directions: steps of an episode', 400, 'those of the other tasks of the paper')
const HEALTH = chosen(
  'directions: end',
  'when the body does not stand',
  'the paper does not tell; lying about pays nothing',
)
const FREE = chosen(
  'directions of an episode without a task',
  'drawn from all pairs',
  'training and test draw from the same twelve pairs',
)

const OTHERS = DIRECTIONS.length - 1
const PAIRS = DIRECTIONS.length * OTHERS
const pairs = Array.from({ length: PAIRS }, (_, i) => i)

/** Numbers of the tasks. Each is a first direction and another one for the second half of the episode. */
const tasks: TaskSplit = { train: pairs, test: pairs }

/** The direction, 0 to 3, that a task asks of a step, counted from 0. */
export function directionAt(task: number, step: number): number {
  const first = Math.floor(task / OTHERS)
  return step < STEPS.value / 2 ? first : (first + 1 + (task % OTHERS)) % DIRECTIONS.length
}

const NAME = 'directions'

/** layout: places in the memory: steps of the episode, number of the task, whether `reset` chose it. */
const CLOCK = 0
const TASK = 1
const CHOSEN = 2

/**
 * Walk forward, back, left or right at a fixed speed; half-way through the episode the direction becomes another one. The group `task`
 * is the direction of the next step, one of four. Terminates when the body does not stand.
 */
export const directions: Task = {
  name: NAME,
  source: 'Tirumala et al. 2019, D.2',
  chosen: [SPEED, REWARD, FRAME, STEPS, HEALTH, FREE],
  maxEpisodeSteps: STEPS.value,
  arena: floor,
  observation: { task: DIRECTIONS.length },
  tasks,
  bind: (body, simulation) => {
    const readVelocity = ability(body, NAME, 'velocity')
    const healthy = ability(body, NAME, 'healthy')
    const velocity = new Float64Array(3)
    const task = new Float32Array(DIRECTIONS.length)
    const info = { xVelocity: 0, yVelocity: 0, direction: 0 }
    const outcome = { reward: 0, terminated: false, info }
    const memory = new Float64Array(3)
    const ask = (): void => {
      info.direction = directionAt(memory[TASK], memory[CLOCK])
      task.fill(0)
      task[info.direction] = 1
    }
    return {
      outcome,
      memory,
      observation: { task },
      setTask: (number) => {
        if (typeof number !== 'number' || !Number.isInteger(number) || number < 0 || number >= PAIRS) {
          throw new RangeError(
            `reset: task must be the number of a pair of directions, an integer from 0 to ${PAIRS - 1}, got ${JSON.stringify(number)}`,
          )
        }
        memory[TASK] = number
        memory[CHOSEN] = 1
      },
      start: (key) => {
        if (memory[CHOSEN] === 0) memory[TASK] = integers(key, 1, PAIRS)[0]
        memory[CLOCK] = 0
        info.xVelocity = info.yVelocity = 0
        ask()
      },
      after: () => {
        readVelocity(simulation, velocity)
        info.xVelocity = velocity[0]
        info.yVelocity = velocity[1]
        // By index: to take a pair apart would leave garbage.
        const direction = DIRECTIONS[directionAt(memory[TASK], memory[CLOCK])]
        const ahead = velocity[0] - SPEED.value * direction[0]
        const aside = velocity[1] - SPEED.value * direction[1]
        const error = Math.sqrt(ahead * ahead + aside * aside)
        outcome.reward = Math.max(0, 1 - error / SPEED.value)
        outcome.terminated = !healthy(simulation)
        memory[CLOCK]++
        ask()
      },
    }
  },
}
