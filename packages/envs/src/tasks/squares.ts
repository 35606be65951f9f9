import { foldIn, uniform, integers } from '@maxent/core/keys'
import { bodyRadius, checkFit } from '../arenas/fit.ts'
import { rectangleMark } from '../arenas/marks.ts'
import { mazeArena } from '../arenas/mazeArena.ts'
import type { Wall } from '../arenas/walls.ts'
import { THICKNESS, wall } from '../arenas/walls.ts'
import { chosen } from '../chosen.ts'
import type { Task } from '../mujoco/model.ts'
import { ability } from '../mujoco/model.ts'
import { POSE, takeBearings } from './bearing.ts'

const HALF = chosen(
  'half the side of the walled floor with the squares, m',
  5,
  'an ant of 1 m/s crosses it in 10 s, and a discount of 0.95 still sees the squares from the middle',
)
const AWAY = chosen(
  'middles of the red and the green square, m left and right of the middle',
  3,
  'as far as the floor allows with a way around them, and opposite, so that the rewards cannot both be had',
)
const SQUARE_HALF = chosen('half the side of a square, m', 1, 'an ant with its legs stretched out covers it')
const STEPS = chosen(
  'steps of an episode with squares',
  400,
  'the paper has no end; that of the other tasks of its authors',
)
const REWARD = chosen('reward of each step in a square', 1, 'sparse, says the paper, without a number')

/** Weights of red and green: each base task, and the composed one. source: Hunt et al. 2018, section 4 and figure 2. */
const WEIGHTS = [
  [1, 0],
  [0, 1],
  [0.5, 0.5],
] as const
/** Numbers of the tasks from a random pose, then of the same from the middle. */
const TRAIN = WEIGHTS.map((_, i) => i)
const TEST = TRAIN.map((i) => i + WEIGHTS.length)

const T = THICKNESS.value
const EDGE = HALF.value
const WALLS: readonly Wall[] = [
  wall([-EDGE - T, -EDGE - T], [-EDGE, EDGE + T]),
  wall([EDGE, -EDGE - T], [EDGE + T, EDGE + T]),
  wall([-EDGE, EDGE], [EDGE, EDGE + T]),
  wall([-EDGE, -EDGE - T], [EDGE, -EDGE]),
]
const NAME = 'squares'
const FEATURES = ['red', 'green'] as const

/** The rewards of a place: in the red square, in the green one. */
export function squareRewards(x: number, y: number, out: Float32Array): void {
  const inRow = Math.abs(y) <= SQUARE_HALF.value
  out[0] = inRow && Math.abs(x + AWAY.value) <= SQUARE_HALF.value ? REWARD.value : 0
  out[1] = inRow && Math.abs(x - AWAY.value) <= SQUARE_HALF.value ? REWARD.value : 0
}

/**
 * Stand on the red square or on the green one (Hunt et al. 2018, section 4): the features are 1 on a square and 0 off it, and
 * r = weights · features. Never terminates.
 *
 * The tasks 0, 1 and 2 (red, green, half of each) start anywhere, heading anywhere: to learn from. 3, 4 and 5 are the same from the
 * middle, heading anywhere: to be tested on. `reset({ task })` keeps one; without it every episode draws one to learn from. The group
 * `task` holds the weights.
 */
export const redAndGreen: Task = {
  name: NAME,
  source: 'Hunt et al. 2018, section 4 and appendix C',
  chosen: [HALF, AWAY, SQUARE_HALF, STEPS, REWARD, THICKNESS],
  maxEpisodeSteps: STEPS.value,
  arena: (surface) => {
    const ground = mazeArena({ walls: WALLS })(surface)
    return {
      ...ground,
      worldbody: [
        ...(ground.worldbody ?? []),
        rectangleMark({
          name: 'red',
          color: 'red',
          middle: [-AWAY.value, 0],
          half: [SQUARE_HALF.value, SQUARE_HALF.value],
        }),
        rectangleMark({
          name: 'green',
          color: 'green',
          middle: [AWAY.value, 0],
          half: [SQUARE_HALF.value, SQUARE_HALF.value],
        }),
      ],
    }
  },
  observation: { pose: POSE, task: FEATURES.length },
  tasks: { train: TRAIN, test: TEST },
  features: FEATURES,
  bind: (body, simulation) => {
    const bearing = takeBearings(body, simulation, NAME)
    const root = ability(body, NAME, 'root')
    checkFit(NAME, body, { simulation, room: HALF.value - AWAY.value })
    const free = HALF.value - bodyRadius(simulation)
    const task = new Float32Array(FEATURES.length)
    const features = new Float32Array(FEATURES.length)
    const info = { success: 0 }
    const outcome = { reward: 0, terminated: false, info }
    // The number of the task, and whether it was given.
    const memory = new Float64Array(2)
    const look = (): void => {
      bearing.take()
      squareRewards(bearing.position[0], bearing.position[1], features)
      outcome.reward = task[0] * features[0] + task[1] * features[1]
      info.success = outcome.reward > 0 ? 1 : 0
    }
    return {
      outcome,
      memory,
      features,
      observation: { pose: bearing.pose, task },
      setTask: (wanted) => {
        const number = [...TRAIN, ...TEST].find((known) => known === wanted)
        if (number === undefined) {
          throw new RangeError(
            `reset: task must be a number from 0 to ${TEST[TEST.length - 1]}, got ${JSON.stringify(wanted)}`,
          )
        }
        memory[0] = number
        memory[1] = 1
      },
      place: (key) => {
        if (memory[1] === 0) memory[0] = integers(foldIn(key, 'task'), 1, TRAIN.length)[0]
        const [u, v, w] = uniform(foldIn(key, 'pose'), 3)
        const spread = memory[0] < TRAIN.length ? free : 0
        const yaw = 2 * Math.PI * w
        root.place(simulation, { x: spread * (2 * u - 1), y: spread * (2 * v - 1), yaw })
      },
      start: () => {
        task.set(WEIGHTS[memory[0] % WEIGHTS.length])
        look()
      },
      after: look,
    }
  },
}
