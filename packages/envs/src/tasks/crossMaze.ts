import { foldIn, integers } from '@maxent/core/keys'
import { checkFit } from '../arenas/fit.ts'
import { discMark, moveMark } from '../arenas/marks.ts'
import { mazeArena } from '../arenas/mazeArena.ts'
import { crossMaze } from '../arenas/mazes.ts'
import { chosen } from '../chosen.ts'
import type { Task } from '../mujoco/model.ts'
import { POSE, takeBearings } from './bearing.ts'

/** source: thesis C.4 and the released code of latent space policies. */
const REWARD = 1000
const REACHED = 2
const STEPS = 1000

const GOALS = crossMaze.goals
const NUMBERS = GOALS.map((_, goal) => goal)
const NAME = 'cross-maze'

/**
 * Reach a goal of a cross-shaped maze, far from everything that pays (thesis 7.4): r = 1000 · [‖position − goal‖ < 2]. Terminates at
 * the goal, and when a body that has to stay healthy is not. The goals 0, 1 and 2 lie to the right, to the left and straight on.
 *
 * `reset({ task })` takes the number of a goal and keeps it; without one every episode draws one. The group `target` tells the goal;
 * the paper learns each goal by itself and leaves the group out.
 */
export const crossMazeTask: Task = {
  name: NAME,
  source: 'Haarnoja 2018, section 7.4 and C.4, and its released code',
  chosen: [
    chosen(
      'goal of an episode without a task, cross-maze',
      'one of the three',
      'the paper gives each run one',
    ),
  ],
  maxEpisodeSteps: STEPS,
  arena: mazeArena(crossMaze, [discMark({ name: 'goal', color: 'green', radius: REACHED })]),
  observation: { pose: POSE, target: 2 },
  tasks: { train: NUMBERS, test: NUMBERS },
  bind: (body, simulation) => {
    const bearing = takeBearings(body, simulation, NAME)
    checkFit(NAME, body, { simulation, room: crossMaze.room })
    const target = new Float32Array(2)
    const info = { distance: 0, success: 0 }
    const outcome = { reward: 0, terminated: false, info }
    // The number of the goal, and whether it was given.
    const memory = new Float64Array(2)
    const look = (): void => {
      bearing.take()
      const goal = GOALS[memory[0]]
      bearing.see(goal, target)
      info.distance = bearing.distance(goal[0], goal[1])
      info.success = info.distance < REACHED ? 1 : 0
    }
    return {
      outcome,
      memory,
      observation: { pose: bearing.pose, target },
      setTask: (wanted) => {
        const goal = NUMBERS.find((number) => number === wanted)
        if (goal === undefined) {
          throw new RangeError(
            `reset: task must be the number of a goal, ${NUMBERS.join(', ')}, got ${JSON.stringify(wanted)}`,
          )
        }
        memory[0] = goal
        memory[1] = 1
      },
      place: (key) => {
        if (memory[1] === 0) memory[0] = integers(foldIn(key, 'goal'), 1, GOALS.length)[0]
        moveMark(simulation, 0, GOALS[memory[0]])
      },
      start: look,
      after: () => {
        look()
        outcome.reward = REWARD * info.success
        outcome.terminated = info.success === 1 || body.healthy?.(simulation) === false
      },
    }
  },
}
