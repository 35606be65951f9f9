import { chosen } from '../chosen.ts'
import type { Task } from '../mujoco/model.ts'
import { ability } from '../mujoco/model.ts'
import { planeLength } from '../planeLength.ts'
import { floor } from './arena.ts'
import { POSE, takeBearings } from './bearing.ts'
import { flips } from './flips.ts'

/** source: thesis C.1. */
const STEPS = 500

const PLANE = chosen(
  'speed: which',
  'that of the centre of mass in the plane',
  'the thesis says speed of the centre of mass; up and down would pay for jumping on the spot',
)

const NAME = 'speed'

/**
 * Move fast, wherever to (pretraining of the thesis, 3.4):  r = ‖v_xy‖,  v the velocity of the centre of mass. Terminates when the body
 * flips over (C.1). A placed body is shown its `pose`, as the tasks that follow show it.
 */
function moveFast(placed: boolean): Task {
  return {
    name: NAME,
    source: 'Haarnoja 2018, section 3.4 and C.1',
    chosen: [PLANE, ...flips.chosen],
    maxEpisodeSteps: STEPS,
    arena: floor,
    ...(placed && { observation: { pose: POSE } }),
    bind: (body, simulation) => {
      const readVelocity = ability(body, NAME, 'velocity')
      const { upright } = ability(body, NAME, 'root')
      const bearing = placed ? takeBearings(body, simulation, NAME) : undefined
      const velocity = new Float64Array(3)
      const info = { xVelocity: 0, yVelocity: 0 }
      const outcome = { reward: 0, terminated: false, info }
      return {
        outcome,
        memory: new Float64Array(0),
        ...(bearing && { observation: { pose: bearing.pose } }),
        start: () => {
          bearing?.take()
          info.xVelocity = info.yVelocity = 0
        },
        after: () => {
          bearing?.take()
          readVelocity(simulation, velocity)
          info.xVelocity = velocity[0]
          info.yVelocity = velocity[1]
          outcome.reward = planeLength(velocity[0], velocity[1])
          outcome.terminated = flips.flipped(upright(simulation))
        },
      }
    },
  }
}

/** Moving fast, for a body that senses where it is. */
export const speed: Task = moveFast(false)
/** The same for a body that does not. */
export const placedSpeed: Task = moveFast(true)
