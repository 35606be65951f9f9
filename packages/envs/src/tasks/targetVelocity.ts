import { integers, key, uniform } from '@maxent/core/keys'
import { chosen } from '../chosen.ts'
import type { Task, TaskSplit } from '../mujoco/model.ts'
import { ability, controlInterval } from '../mujoco/model.ts'
import { floor } from './arena.ts'

/** source: PEARL, `cheetah-vel`: 130 velocities uniform in (0, 3), the first 100 for training. */
const TASKS = 130
const TRAINING = 100
const MOST = 3
const CONTROL = 0.05
const STEPS = 200

const SEED = chosen('seed of the key that draws the velocities', 1337, "PEARL's seed, which draws with NumPy")
const FREE = chosen(
  'velocity of an episode without a task',
  'drawn from the training set',
  'test velocities stay unseen',
)

/** The velocity of each task, m/s. */
export const targetVelocities: Float32Array = uniform(key(SEED.value), TASKS).map((u) => MOST * u)

const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i)

/** Numbers of the tasks. */
const tasks: TaskSplit<number> = { train: range(0, TRAINING), test: range(TRAINING, TASKS) }

const NAME = 'target-velocity'

/** layout: places in the memory: x of the last step, number of the task, whether `reset` chose it. */
const X = 0
const TASK = 1
const CHOSEN = 2

/**
 * Run at the velocity v* of the task:  r = −|Δx / Δt − v*| − 0.05 Σ aᵢ².  Never terminates. The group `task` tells v*; leave it out
 * (`selectGroups`) where it has to be found out.
 */
export const targetVelocity: Task = {
  name: NAME,
  source: 'released code of Rakelly et al. 2019, cheetah-vel',
  chosen: [SEED, FREE],
  maxEpisodeSteps: STEPS,
  arena: floor,
  observation: { task: 1 },
  tasks,
  bind: (body, simulation) => {
    const forward = ability(body, NAME, 'forward')
    const interval = controlInterval(body.timing)
    const task = new Float32Array(1)
    const info = { xPosition: 0, xVelocity: 0, rewardForward: 0, rewardControl: 0 }
    const outcome = { reward: 0, terminated: false, info }
    const memory = new Float64Array(3)
    return {
      outcome,
      memory,
      observation: { task },
      setTask: (number) => {
        if (typeof number !== 'number' || !Number.isInteger(number) || number < 0 || number >= TASKS) {
          throw new RangeError(
            `reset: task must be the number of a velocity in ${NAME}, an integer from 0 to ${TASKS - 1}, got ${JSON.stringify(number)}`,
          )
        }
        memory[TASK] = number
        memory[CHOSEN] = 1
      },
      start: (startKey) => {
        if (memory[CHOSEN] === 0) memory[TASK] = tasks.train[integers(startKey, 1, TRAINING)[0]]
        task[0] = targetVelocities[memory[TASK]]
        memory[X] = info.xPosition = forward(simulation)
        info.xVelocity = info.rewardForward = info.rewardControl = 0
      },
      after: (action) => {
        let squares = 0
        for (let i = 0; i < action.length; i++) squares += action[i] * action[i]
        info.xPosition = forward(simulation)
        info.xVelocity = (info.xPosition - memory[X]) / interval
        memory[X] = info.xPosition
        info.rewardForward = -Math.abs(info.xVelocity - targetVelocities[memory[TASK]])
        info.rewardControl = -CONTROL * squares
        outcome.reward = info.rewardForward + info.rewardControl
      },
    }
  },
}
