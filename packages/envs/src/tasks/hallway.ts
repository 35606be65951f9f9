import { checkFit } from '../arenas/fit.ts'
import { mazeArena } from '../arenas/mazeArena.ts'
import type { Maze } from '../arenas/mazes.ts'
import { narrowHallway, wideHallway } from '../arenas/mazes.ts'
import { chosen } from '../chosen.ts'
import type { Task } from '../mujoco/model.ts'
import { ability } from '../mujoco/model.ts'
import { planeLength } from '../planeLength.ts'
import { POSE, takeBearings } from './bearing.ts'
import { flips } from './flips.ts'

/** source: thesis C.1. */
const STEPS = 500

const PROGRESS = chosen(
  'distance along a hallway that counts as success, m',
  5,
  'more than its width leaves to a body that moves at random',
)

/**
 * Run between two walls, either way (thesis 3.4): r = ‖v_xy‖ of the centre of mass, m/s. Terminates when the body has flipped over.
 * Success is to be 5 m from the start along the hallway.
 */
function hallwayRun(name: string, maze: Maze): Task {
  return {
    name,
    source: 'Haarnoja 2018, section 3.4 and C.1',
    chosen: [...maze.chosen, PROGRESS, ...flips.chosen],
    maxEpisodeSteps: STEPS,
    arena: mazeArena(maze),
    observation: { pose: POSE },
    bind: (body, simulation) => {
      const bearing = takeBearings(body, simulation, name)
      const root = ability(body, name, 'root')
      const readVelocity = ability(body, name, 'velocity')
      checkFit(name, body, { simulation, room: maze.room })
      const velocity = new Float64Array(3)
      const info = { xPosition: 0, success: 0 }
      const outcome = { reward: 0, terminated: false, info }
      const look = (): void => {
        bearing.take()
        info.xPosition = bearing.position[0]
        info.success = Math.abs(info.xPosition) >= PROGRESS.value ? 1 : 0
      }
      return {
        outcome,
        memory: new Float64Array(0),
        observation: { pose: bearing.pose },
        start: look,
        after: () => {
          look()
          readVelocity(simulation, velocity)
          outcome.reward = planeLength(velocity[0], velocity[1])
          outcome.terminated = flips.flipped(root.upright(simulation))
        },
      }
    },
  }
}

/** Running through the wide hallway, as `hallwayRun` makes it. */
export const wideHallwayRun: Task = hallwayRun('wide-hallway', wideHallway)
/** Running through the narrow hallway, as `hallwayRun` makes it. */
export const narrowHallwayRun: Task = hallwayRun('narrow-hallway', narrowHallway)
