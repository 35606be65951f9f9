import type { Body, ModelFragment } from '../mujoco/model.ts'
import type { Attributes } from '../mujoco/xml.ts'
import { element } from '../mujoco/xml.ts'
import { derivedGroup, jointGroup } from './proprioception.ts'
import { freeRoot } from './root.ts'
import { startNearRest } from './start.ts'

const DEGREE = Math.PI / 180

/** source: Gymnasium `Ant-v5`. A leg goes out along a diagonal: two pieces to (0.2, 0.2) each, one to (0.4, 0.4). */
const TORSO_RADIUS = 0.25
const HEIGHT = 0.75
const LEG_RADIUS = 0.08
const PIECE = 0.2
const SHIN = 0.4
const HIP = 30 * DEGREE
const ANKLE = [30 * DEGREE, 70 * DEGREE] as const
const GEAR = 150
export const SURFACE: Attributes = { condim: 3, friction: [1, 0.5, 0.5], margin: 0.01 }
/** Health: the height of the torso. */
const LEAST_HEIGHT = 0.2
const MOST_HEIGHT = 1
/** Largest contact force and torque of the observation. */
const CLIP = 1
const START_NOISE = 0.1

/** Signs of x and y along each leg, in the order of the coordinates. */
const LEGS = [
  [1, 1],
  [-1, 1],
  [-1, -1],
  [1, -1],
] as const
/** The motors go round from the last leg; source: the same. */
export const MOTORS: readonly string[] = [4, 1, 2, 3].flatMap((leg) => [`hip${leg}`, `ankle${leg}`])
export const POSITIONS: number = 7 + MOTORS.length
export const VELOCITIES: number = 6 + MOTORS.length
/** Bodies without the world: the torso, and three pieces per leg. */
export const BODIES: number = 1 + 3 * LEGS.length

function leg([x, y]: (typeof LEGS)[number], index: number): string {
  const number = index + 1
  const along = (length: number): number[] => [x * length, y * length, 0]
  const piece = (name: string, length: number): string =>
    element('geom', {
      name: `${name}${number}`,
      type: 'capsule',
      size: LEG_RADIUS,
      fromto: [0, 0, 0, ...along(length)],
    })
  // The ankle's axis lies across the leg; its sign, and so the sign of the angle, are as published.
  const down = x > 0 ? ANKLE : [-ANKLE[1], -ANKLE[0]]
  return element('body', { name: `leg${number}` }, [
    piece('leg', PIECE),
    element('body', { name: `thigh${number}`, pos: along(PIECE) }, [
      element('joint', { name: `hip${number}`, type: 'hinge', axis: [0, 0, 1], range: [-HIP, HIP] }),
      piece('thigh', PIECE),
      element('body', { name: `shin${number}`, pos: along(PIECE) }, [
        element('joint', { name: `ankle${number}`, type: 'hinge', axis: [-x * y, 1, 0], range: down }),
        piece('shin', SHIN),
      ]),
    ]),
  ])
}

/** The ant's part of a model, with the contacts of its geoms. */
export function antFragment(name: string, surface: Attributes): ModelFragment {
  // source: the same.
  return {
    default: [
      element('default', { class: name }, [
        element('joint', { armature: 1, damping: 1 }),
        // It touches the arena, never itself.
        element('geom', { contype: 1, conaffinity: 0, density: 5, ...surface }),
      ]),
    ],
    worldbody: [
      element('body', { name: 'torso', childclass: name, pos: [0, 0, HEIGHT] }, [
        element('joint', { name: 'root', type: 'free', armature: 0, damping: 0, margin: 0.01 }),
        element('geom', { name: 'torso', type: 'sphere', size: TORSO_RADIUS }),
        ...LEGS.map(leg),
      ]),
    ],
    actuator: MOTORS.map((joint) => element('motor', { name: joint, joint, gear: GEAR, ctrlrange: [-1, 1] })),
  }
}

/** A sphere on four legs of three pieces, eight motors. */
export const ant: Body = {
  name: 'ant',
  source: 'Gymnasium Ant-v5',
  timing: { timestep: 0.01, frameSkip: 5 },
  physics: { integrator: 'RK4' },
  feelsContact: true,
  action: { low: MOTORS.map(() => -1), high: MOTORS.map(() => 1) },
  surface: SURFACE,
  forward: (simulation) => simulation.derived('xpos')[3],
  root: freeRoot,
  healthy: ({ qpos }) => qpos[2] >= LEAST_HEIGHT && qpos[2] <= MOST_HEIGHT,
  fragment: antFragment('ant', SURFACE),
  proprioception: {
    /** Every position but x and y, then every velocity. */
    proprio: jointGroup({ positions: POSITIONS, velocities: VELOCITIES, skip: 2 }),
    /** Torque and force on each body from outside. */
    contact: derivedGroup({ name: 'cfrc_ext', from: 6, size: 6 * BODIES, clip: CLIP }),
  },
  start: startNearRest({ positions: START_NOISE, velocities: START_NOISE, law: 'normal' }),
}
