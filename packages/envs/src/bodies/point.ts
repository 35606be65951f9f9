import { foldIn, uniform } from '@maxent/core/keys'
import { chosen } from '../chosen.ts'
import type { Body } from '../mujoco/model.ts'
import { element } from '../mujoco/xml.ts'
import { stateGroup } from './egocentric.ts'
import { uprightRoot } from './root.ts'

const RADIUS = chosen(
  'radius of the point, m',
  0.25,
  "the ant's torso, so that arenas made for the ant fit it",
)
const MASS = chosen('mass of the point, kg', 1, 'forces in N are then accelerations in m/s²')
const DAMPING = chosen('drag on the point, N s/m', 4, 'it reaches 63 % of its speed in a quarter of a second')
const GEAR = chosen(
  'force on the point at the action 1, N',
  8,
  'a top speed of 2 m/s along each axis, with the drag',
)
const TIMESTEP = chosen('time step of the point, s', 0.01, 'that of the ant')
const FRAME_SKIP = chosen('time steps per action of the point', 5, 'those of the ant')
const CLEARANCE = chosen('gap between the point and the ground, m', 0.01, 'the ground must not rub on it')
const START = chosen('start of the point: x and y uniform within ±, m', 0.1, 'as the ant starts')

const HEIGHT = RADIUS.value + CLEARANCE.value

/** A sphere that slides in the plane, pushed by two motors along the world's axes. It has no heading. */
export const point: Body = {
  name: 'point-mass',
  source: 'own',
  chosen: [RADIUS, CLEARANCE, MASS, DAMPING, GEAR, TIMESTEP, FRAME_SKIP, START],
  timing: { timestep: TIMESTEP.value, frameSkip: FRAME_SKIP.value },
  action: { low: [-1, -1], high: [1, 1] },
  surface: {},
  root: uprightRoot({ x: 0, y: 1, height: HEIGHT }),
  frail: [],
  forward: ({ qpos }) => qpos[0],
  velocity: ({ qvel }, out) => {
    out[0] = qvel[0]
    out[1] = qvel[1]
    out[2] = 0
  },
  fragment: {
    worldbody: [
      element('body', { name: 'point', pos: [0, 0, HEIGHT] }, [
        element('joint', { name: 'x', type: 'slide', axis: [1, 0, 0], damping: DAMPING.value }),
        element('joint', { name: 'y', type: 'slide', axis: [0, 1, 0], damping: DAMPING.value }),
        element('geom', { name: 'point', type: 'sphere', size: RADIUS.value, mass: MASS.value }),
      ]),
    ],
    actuator: ['x', 'y'].map((joint) =>
      element('motor', { name: joint, joint, gear: GEAR.value, ctrlrange: [-1, 1] }),
    ),
  },
  /** Its velocity. */
  proprioception: { proprio: stateGroup('qvel', 0, 2) },
  start: ({ qpos }, key) => {
    const shifts = uniform(foldIn(key, 'positions'), 2)
    for (let i = 0; i < 2; i++) qpos[i] = START.value * (2 * shifts[i] - 1)
  },
}
