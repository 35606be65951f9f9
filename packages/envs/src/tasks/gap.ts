import { foldIn, uniform } from '@maxent/core/keys'
import { checkFalls, checkFit } from '../arenas/fit.ts'
import type { Wall } from '../arenas/walls.ts'
import { THICKNESS, wall, wallElements } from '../arenas/walls.ts'
import { chosen } from '../chosen.ts'
import type { Task } from '../mujoco/model.ts'
import { ability } from '../mujoco/model.ts'
import { element } from '../mujoco/xml.ts'
import { takeBearings } from './bearing.ts'

/** source: Tirumala et al. 2019, E.2.1: the length of the gap, m. */
const LEAST = 0.3
const MOST = 2.5
/** source: dm_control, gaps corridor: width, floor behind the start, thickness, and the height below which a body has fallen in, m. */
const WIDTH = 4
const BEHIND = 2
const HALF_THICKNESS = 0.16
const PIT = -0.5

const STEPS = chosen(
  'gap: steps of an episode',
  400,
  'the paper gives none for this task; those of its go-to-target tasks',
)
const MIDDLE = chosen(
  'middle of the gap, m from the start',
  6,
  "the length of the platform that dm_control's corridors start with",
)
const LENGTH = chosen('length of the corridor, m', 12, 'the gap is in its middle')
const WEIGHT = chosen('reward of a velocity of 1 m/s', 1, 'proportional, says the paper, without a factor')
const FALLEN = chosen(
  'part of the body that falls into the gap',
  'its root',
  "dm_control looks at the ends of legs, which the papers' bodies do not all have",
)

/** source: none, colours have no part in the physics. */
const COLOR = [0.45, 0.5, 0.56, 1]
/** The platforms reach beyond the walls at both ends, whatever the gap. */
const HALF_PLATFORM = MIDDLE.value
const T = THICKNESS.value
const END = LENGTH.value + BEHIND
const WALLS: readonly Wall[] = [
  wall([-BEHIND - T, -WIDTH / 2 - T], [-BEHIND, WIDTH / 2 + T]),
  wall([-BEHIND, WIDTH / 2], [END, WIDTH / 2 + T]),
  wall([-BEHIND, -WIDTH / 2 - T], [END, -WIDTH / 2]),
]
const NAME = 'gap'
const PLATFORMS = ['near', 'far'] as const

/**
 * Run along a corridor over a gap in its middle (Tirumala et al. 2019, E.2.1): r = v_x of the centre of mass, m/s. Terminates at the
 * end of the corridor and in the gap. Every episode draws the length of the gap uniformly from 0.3 to 2.5 m; `reset({ task })` takes
 * one and keeps it. The group `gap` tells how far ahead its middle is, along the corridor, and how long it is.
 */
export const gapCorridor: Task = {
  name: NAME,
  source: 'Tirumala et al. 2019, appendix E.2.1',
  chosen: [STEPS, MIDDLE, LENGTH, WEIGHT, FALLEN, THICKNESS],
  maxEpisodeSteps: STEPS.value,
  arena: (surface) => ({
    ground: PLATFORMS,
    worldbody: wallElements(WALLS, { contype: 1, conaffinity: 1, ...surface }),
    objects: PLATFORMS.map((name) =>
      element('body', { name, mocap: 'true', pos: [0, 0, -HALF_THICKNESS] }, [
        element('geom', {
          name,
          type: 'box',
          size: [HALF_PLATFORM, WIDTH / 2 + T, HALF_THICKNESS],
          rgba: COLOR,
          contype: 1,
          conaffinity: 1,
          ...surface,
        }),
      ]),
    ),
  }),
  observation: { gap: 2 },
  distribution: 'length of the gap uniform from 0.3 to 2.5 m, for training and tests alike',
  bind: (body, simulation) => {
    const bearing = takeBearings(body, simulation, NAME)
    const root = ability(body, NAME, 'root')
    const readVelocity = ability(body, NAME, 'velocity')
    const velocity = new Float64Array(3)
    checkFit(NAME, body, { simulation, room: WIDTH / 2 })
    checkFalls(NAME, body, simulation)
    const gap = new Float32Array(2)
    const info = { xPosition: 0, success: 0 }
    const outcome = { reward: 0, terminated: false, info }
    // The length of the gap, and whether it was given.
    const memory = new Float64Array(2)
    const look = (): void => {
      bearing.take()
      info.xPosition = bearing.position[0]
      info.success = info.xPosition >= LENGTH.value ? 1 : 0
      gap[0] = MIDDLE.value - info.xPosition
      gap[1] = memory[0]
    }
    return {
      outcome,
      memory,
      observation: { gap },
      setTask: (wanted) => {
        if (typeof wanted !== 'number' || !(wanted >= LEAST && wanted <= MOST)) {
          throw new RangeError(
            `reset: task must be the length of the gap, from ${LEAST} to ${MOST} m, got ${JSON.stringify(wanted)}`,
          )
        }
        memory[0] = wanted
        memory[1] = 1
      },
      place: (key) => {
        if (memory[1] === 0) memory[0] = LEAST + (MOST - LEAST) * uniform(foldIn(key, 'gap'), 1)[0]
        const places = simulation.derived('mocap_pos')
        places[0] = MIDDLE.value - memory[0] / 2 - HALF_PLATFORM
        places[3] = MIDDLE.value + memory[0] / 2 + HALF_PLATFORM
        root.place(simulation, { x: 0, y: 0, yaw: -root.yaw(simulation) })
      },
      start: look,
      after: () => {
        look()
        readVelocity(simulation, velocity)
        outcome.reward = WEIGHT.value * velocity[0]
        outcome.terminated = info.success === 1 || bearing.position[2] < PIT
      },
    }
  },
}
