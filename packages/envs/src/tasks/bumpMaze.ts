import { checkFit } from '../arenas/fit.ts'
import { discMark, moveMark } from '../arenas/marks.ts'
import { mazeArena } from '../arenas/mazeArena.ts'
import type { Maze } from '../arenas/mazes.ts'
import { blockedDistance, blockedMaze, uMaze } from '../arenas/mazes.ts'
import type { Chosen } from '../chosen.ts'
import { chosen } from '../chosen.ts'
import type { Task } from '../mujoco/model.ts'
import { ability } from '../mujoco/model.ts'
import { POSE, takeBearings } from './bearing.ts'
import { flips } from './flips.ts'

/** source: thesis C.1. */
const STEPS = 500

const BUMP = chosen(
  'width of the reward around the target of a maze, m',
  2,
  'half a passage: next to nothing where a body starts in the blocked maze, and the target pays five times what the nearest point of the closed passage does',
)
const ARRIVED = chosen(
  'distance that counts as arrived in the U-shaped maze, m',
  1,
  'an ant covers the target with its legs',
)

/** exp(−distance² / (2 width²)): a bump of height 1. */
export function bump(distance: number, width: number): number {
  return Math.exp(-(distance ** 2) / (2 * width ** 2))
}

interface BumpMaze {
  readonly name: string
  readonly maze: Maze
  /** Success is to be nearer than this, m. */
  readonly arrived: number
  readonly chosen?: readonly Chosen[]
}

/**
 * Find the way to the target of a maze (thesis 3.4): r = exp(−‖position − target‖² / (2 · 2²)). Terminates when the body has flipped
 * over, never at the target.
 */
function bumpMaze({ name, maze, arrived, chosen: more = [] }: BumpMaze): Task {
  const [[x, y]] = maze.goals
  return {
    name,
    source: 'Haarnoja 2018, section 3.4 and C.1',
    chosen: [...maze.chosen, BUMP, ...more, ...flips.chosen],
    maxEpisodeSteps: STEPS,
    arena: mazeArena(maze, [discMark({ name: 'target', color: 'green', radius: BUMP.value / 2 })]),
    observation: { pose: POSE },
    bind: (body, simulation) => {
      const bearing = takeBearings(body, simulation, name)
      const root = ability(body, name, 'root')
      checkFit(name, body, { simulation, room: maze.room })
      const info = { distance: 0, success: 0 }
      const outcome = { reward: 0, terminated: false, info }
      const look = (): void => {
        bearing.take()
        info.distance = bearing.distance(x, y)
        info.success = info.distance < arrived ? 1 : 0
      }
      return {
        outcome,
        memory: new Float64Array(0),
        observation: { pose: bearing.pose },
        place: () => moveMark(simulation, 0, [x, y]),
        start: look,
        after: () => {
          look()
          outcome.reward = bump(info.distance, BUMP.value)
          outcome.terminated = flips.flipped(root.upright(simulation))
        },
      }
    },
  }
}

/** The maze with a closed upper and an open lower passage; success is the threshold of thesis fig. 3.5b. */
export const blockedMazeTask: Task = bumpMaze({
  name: 'blocked-maze',
  maze: blockedMaze,
  arrived: blockedDistance,
})

/** The U-shaped maze. */
export const uMazeTask: Task = bumpMaze({
  name: 'u-maze',
  maze: uMaze,
  arrived: ARRIVED.value,
  chosen: [ARRIVED],
})
