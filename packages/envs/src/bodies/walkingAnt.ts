import { chosen } from '../chosen.ts'
import type { Body } from '../mujoco/model.ts'
import type { Attributes } from '../mujoco/xml.ts'
import { element } from '../mujoco/xml.ts'
import { CONTROL } from './dmControl.ts'
import {
  joinGroups,
  mappedGroup,
  ownRotation,
  ownVelocity,
  partPlaces,
  stateGroup,
  worldUp,
} from './egocentric.ts'
import { derivedGroup } from './proprioception.ts'
import { freeRoot } from './root.ts'
import { startAround } from './start.ts'

/** source: dm_control, locomotion, `Ant`. Metres, N m at the action 1. Legs lie along diagonals, as in Gymnasium's ant. */
const HEIGHT = 0.522
const TORSO = { radius: 0.25, density: 100 }
const LEG_RADIUS = 0.08
const LEG_DENSITY = 50
const PIECE = 0.2
const SHIN = 0.4
const HIP = 0.52359
const ANKLE = 0.34906
/** source: the same; the rotation that points a shin down before its joint turns, as a quaternion that is not of unit length. */
const BEND = { w: 0.984807753012208, across: 0.33428158105097677 }
const GEAR = 75
const CONTACT: Attributes = { condim: 3, friction: [1, 0.5, 0.5], solref: [0.02, 1], solimp: [0, 0.8, 0.01] }
const JOINT: Attributes = {
  armature: 1,
  damping: 1,
  stiffness: 1,
  solreflimit: [0.04, 1],
  solimplimit: [0, 0.8, 0.03],
}
/** source: the same; half sides of the boxes in which contacts are felt: torso, upper leg, and shins (the front left one is larger). */
const FELT = { torso: 0.26, leg: [0.09, 0.09, 0.24], shin: [0.09, 0.09, 0.39], first: [0.1, 0.1, 0.45] }
/** source: dm_control, locomotion, its walkers. A force beyond this is felt as 1, else 0. */
const TOUCH = 1e-3

const NOISE = chosen(
  'start of the go-to-target ant: joint angles and velocities uniform within ±',
  0.01,
  'the source starts at rest, where every episode would be the same; this is rllab’s noise',
)

const CLASS = 'walking-ant'

/** source: the same. Signs of x and y along the leg. */
interface Leg {
  readonly name: string
  readonly x: 1 | -1
  readonly y: 1 | -1
}
/** source: the same. In the order of coordinates and motors. */
const LEGS: readonly Leg[] = [
  { name: 'front_left', x: 1, y: 1 },
  { name: 'front_right', x: 1, y: -1 },
  { name: 'back_right', x: -1, y: -1 },
  { name: 'back_left', x: -1, y: 1 },
]
const MOTORS = LEGS.flatMap(({ name }) => [`${name}_hip`, `${name}_ankle`])

/** source: the same. Bodies as MuJoCo numbers them: the world, the torso, three pieces per leg. */
const FEET = LEGS.map((_, i) => 3 * i + 4)
const TOUCHES = 2 * LEGS.length + 1

const touch = (name: string): string => element('touch', { name: `${name}_touch`, site: `${name}_touch` })

/** Where contacts of a piece are felt, turned along the leg. */
const felt = (name: string, size: readonly number[], middle: readonly number[]): string =>
  element('site', {
    name: `${name}_touch`,
    type: 'box',
    size,
    pos: middle,
    zaxis: middle,
    rgba: [0, 0, 0, 0],
  })

function leg({ name, x, y }: Leg, index: number): string {
  const along = (length: number): number[] => [x * length, y * length, 0]
  const piece = (part: string, length: number): string =>
    element('geom', { name: `${name}_${part}`, type: 'capsule', fromto: [0, 0, 0, ...along(length)] })
  // The ankle's axis lies across the leg; a positive angle lifts the foot.
  const quat = [BEND.w, -y * BEND.across, x * BEND.across, 0]
  return element('body', { name: `${name}_leg` }, [
    piece('leg', PIECE),
    element('body', { name: `${name}_thigh`, pos: along(PIECE) }, [
      element('joint', { name: `${name}_hip`, type: 'hinge', axis: [0, 0, 1], range: [-HIP, HIP] }),
      piece('thigh', PIECE),
      felt(`${name}_thigh`, FELT.leg, along(PIECE / 2)),
      element('body', { name: `${name}_foot`, pos: along(PIECE), quat }, [
        element('joint', {
          name: `${name}_ankle`,
          type: 'hinge',
          axis: [y, -x, 0],
          range: [-ANKLE, ANKLE],
        }),
        piece('foot', SHIN),
        felt(`${name}_foot`, index === 0 ? FELT.first : FELT.shin, along(SHIN / 2)),
      ]),
    ]),
  ])
}

/** The heavier ant of go-to-target tasks, with springs in its joints; eight motors. It knows nothing of where it is or heads. */
export const walkingAnt: Body = {
  name: 'walking-ant',
  source: 'dm_control, locomotion, Ant',
  chosen: [NOISE],
  ...CONTROL,
  action: { low: MOTORS.map(() => -1), high: MOTORS.map(() => 1) },
  surface: {},
  root: freeRoot,
  frail: ['torso', ...LEGS.flatMap(({ name }) => [`${name}_leg`, `${name}_thigh`])],
  forward: ({ qpos }) => qpos[0],
  velocity: (simulation, out) => {
    const values = simulation.derived('subtree_linvel')
    for (let i = 0; i < 3; i++) out[i] = values[3 + i]
  },
  fragment: {
    default: [
      element('default', { class: CLASS }, [
        element('joint', JOINT),
        element('geom', { size: LEG_RADIUS, density: LEG_DENSITY, ...CONTACT }),
      ]),
    ],
    worldbody: [
      element('body', { name: 'torso', childclass: CLASS, pos: [0, 0, HEIGHT] }, [
        element('freejoint', { name: 'root' }),
        element('geom', { name: 'torso', type: 'sphere', size: TORSO.radius, density: TORSO.density }),
        element('site', { name: 'torso', pos: [0, 0, 0] }),
        element('site', {
          name: 'torso_touch',
          type: 'box',
          size: [FELT.torso, FELT.torso, FELT.torso],
          rgba: [0, 0, 0, 0],
        }),
        // source: the same.
        element('camera', {
          name: 'egocentric',
          pos: [0.25, 0, 0.11],
          xyaxes: [0, -1, 0, 0, 0, 1],
          fovy: 90,
        }),
        ...LEGS.map(leg),
      ]),
    ],
    contact: LEGS.map(({ name }) => element('exclude', { body1: 'torso', body2: `${name}_thigh` })),
    actuator: MOTORS.map((joint) => element('motor', { name: joint, joint, gear: GEAR, ctrlrange: [-1, 1] })),
    sensor: [
      touch('torso'),
      ...LEGS.flatMap(({ name }) => [touch(`${name}_thigh`), touch(`${name}_foot`)]),
      element('accelerometer', { name: 'acceleration', site: 'torso' }),
    ],
  },
  proprioception: {
    proprio: joinGroups(
      stateGroup('qpos', 7, MOTORS.length),
      stateGroup('qvel', 6, MOTORS.length),
      stateGroup('qpos', 2, 1),
      partPlaces(FEET),
      worldUp,
      ownVelocity,
      ownRotation,
      derivedGroup({ name: 'sensordata', from: TOUCHES, size: 3 }),
      mappedGroup({ name: 'sensordata', from: 0, size: TOUCHES }, (force) => (force > TOUCH ? 1 : 0)),
    ),
  },
  start: startAround({ joints: MOTORS.length, noise: NOISE.value }),
}
