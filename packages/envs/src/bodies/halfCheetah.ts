import { chosen } from '../chosen.ts'
import type { Body } from '../mujoco/model.ts'
import type { Attributes } from '../mujoco/xml.ts'
import { element } from '../mujoco/xml.ts'
import { jointGroup } from './proprioception.ts'
import { startNearRest } from './start.ts'

/**
 * A capsule in the plane of motion, placed by its centre and its pitch about y (0 is upright), or by its two ends.
 * Pairs are x and z, in metres, in the frame of the link.
 */
type Capsule =
  | { readonly centre: readonly [number, number]; readonly pitch: number; readonly halfLength: number }
  | { readonly from: readonly [number, number]; readonly to: readonly [number, number] }

/** A link of a leg: a hinge about y at its origin, a motor on the hinge, a capsule. */
interface Link {
  readonly name: string
  /** Origin in the frame of the parent. */
  readonly at: readonly [number, number]
  /** Hinge angles in radians. */
  readonly range: readonly [number, number]
  /** N m / rad */
  readonly stiffness: number
  /** N m s / rad */
  readonly damping: number
  /** Torque in N m at the action 1. */
  readonly gear: number
  readonly capsule: Capsule
  readonly next?: Link
}

/** source: the half-cheetah of Wawrzyński 2009 as OpenAI Gym published them (asset of `HalfCheetah-v1` to `-v5`). */
const RADIUS = 0.046
const TOTAL_MASS = 14
const HEIGHT = 0.7
const TRUNK: readonly [string, Capsule][] = [
  ['torso', { from: [-0.5, 0], to: [0.5, 0] }],
  ['head', { centre: [0.6, 0.1], pitch: 0.87, halfLength: 0.15 }],
]
const BACK_LEG: Link = {
  name: 'bthigh',
  at: [-0.5, 0],
  range: [-0.52, 1.05],
  stiffness: 240,
  damping: 6,
  gear: 120,
  capsule: { centre: [0.1, -0.13], pitch: -3.8, halfLength: 0.145 },
  next: {
    name: 'bshin',
    at: [0.16, -0.25],
    range: [-0.785, 0.785],
    stiffness: 180,
    damping: 4.5,
    gear: 90,
    capsule: { centre: [-0.14, -0.07], pitch: -2.03, halfLength: 0.15 },
    next: {
      name: 'bfoot',
      at: [-0.28, -0.14],
      range: [-0.4, 0.785],
      stiffness: 120,
      damping: 3,
      gear: 60,
      capsule: { centre: [0.03, -0.097], pitch: -0.27, halfLength: 0.094 },
    },
  },
}
const FRONT_LEG: Link = {
  name: 'fthigh',
  at: [0.5, 0],
  range: [-1, 0.7],
  stiffness: 180,
  damping: 4.5,
  gear: 120,
  capsule: { centre: [-0.07, -0.12], pitch: 0.52, halfLength: 0.133 },
  next: {
    name: 'fshin',
    at: [-0.14, -0.24],
    range: [-1.2, 0.87],
    stiffness: 120,
    damping: 3,
    gear: 60,
    capsule: { centre: [0.065, -0.09], pitch: -0.6, halfLength: 0.106 },
    next: {
      name: 'ffoot',
      at: [0.13, -0.18],
      range: [-0.5, 0.5],
      stiffness: 60,
      damping: 1.5,
      gear: 30,
      capsule: { centre: [0.045, -0.07], pitch: -0.6, halfLength: 0.07 },
    },
  },
}
const LEGS = [BACK_LEG, FRONT_LEG]
const CONTACT: Attributes = {
  condim: 3,
  friction: [0.4, 0.1, 0.1],
  solref: [0.02, 1],
  solimp: [0, 0.8, 0.01],
}
const HINGE_LIMIT: Attributes = { solreflimit: [0.02, 1], solimplimit: [0, 0.8, 0.03] }
const HINGE_ARMATURE = 0.1

/** Start noise: positions uniform within, velocities normal times this; source: Gymnasium v5, `reset_noise_scale`. */
const START_NOISE = 0.1

const CLASS = 'half-cheetah'

const chain = (link: Link): Link[] => (link.next === undefined ? [link] : [link, ...chain(link.next)])

const LINKS = LEGS.flatMap(chain)

/** Three coordinates of the trunk (x, z, pitch) and one of each hinge. */
const COORDINATES = 3 + LINKS.length

const length = (capsule: Capsule): number =>
  'halfLength' in capsule
    ? 2 * capsule.halfLength
    : Math.hypot(capsule.to[0] - capsule.from[0], capsule.to[1] - capsule.from[1])

/** Volume of a capsule: a cylinder and two half spheres; source: geometry. */
const volume = (capsule: Capsule): number => Math.PI * RADIUS ** 2 * (length(capsule) + (4 / 3) * RADIUS)

/**
 * Density that gives the published total mass. The asset asks the compiler to scale the mass of the whole model instead, which would
 * take the weight of an arena's objects into account.
 */
const DENSITY =
  TOTAL_MASS /
  [...TRUNK.map(([, c]) => c), ...LINKS.map((l) => l.capsule)].reduce((sum, c) => sum + volume(c), 0)

const inPlane = ([x, z]: readonly [number, number]): number[] => [x, 0, z]

function geom(name: string, capsule: Capsule): string {
  return 'halfLength' in capsule
    ? element('geom', {
        name,
        type: 'capsule',
        size: [RADIUS, capsule.halfLength],
        pos: inPlane(capsule.centre),
        axisangle: [0, 1, 0, capsule.pitch],
      })
    : element('geom', {
        name,
        type: 'capsule',
        size: RADIUS,
        fromto: [...inPlane(capsule.from), ...inPlane(capsule.to)],
      })
}

function linkBody(link: Link): string {
  const { name, range, stiffness, damping, next } = link
  return element('body', { name, pos: inPlane(link.at) }, [
    element('joint', { name, type: 'hinge', axis: [0, 1, 0], range, stiffness, damping }),
    geom(name, link.capsule),
    ...(next === undefined ? [] : [linkBody(next)]),
  ])
}

const rootJoint = (name: string, type: string, axis: readonly number[]): string =>
  element('joint', { name, type, axis, limited: 'false', armature: 0, damping: 0 })

/** The planar half-cheetah: a trunk that slides in x and z and pitches, two legs of three links each, six motors. */
export const halfCheetah: Body = {
  name: 'half-cheetah',
  source: 'Gymnasium HalfCheetah-v5',
  chosen: [
    chosen(
      'density',
      'that which gives the published mass of 14',
      'the asset lets the compiler rescale the whole model, which would take the weight of an arena; the arrays agree to 1e-12',
    ),
  ],
  timing: { timestep: 0.01, frameSkip: 5 },
  action: { low: LINKS.map(() => -1), high: LINKS.map(() => 1) },
  surface: CONTACT,
  forward: ({ qpos }) => qpos[0],
  fragment: {
    default: [
      element('default', { class: CLASS }, [
        element('joint', { armature: HINGE_ARMATURE, ...HINGE_LIMIT }),
        // It touches the arena, never itself.
        element('geom', { contype: 1, conaffinity: 0, density: DENSITY, ...CONTACT }),
        element('motor', { ctrllimited: 'true', ctrlrange: [-1, 1] }),
      ]),
    ],
    worldbody: [
      element('body', { name: 'torso', childclass: CLASS, pos: [0, 0, HEIGHT] }, [
        rootJoint('rootx', 'slide', [1, 0, 0]),
        rootJoint('rootz', 'slide', [0, 0, 1]),
        rootJoint('rooty', 'hinge', [0, 1, 0]),
        ...TRUNK.map(([name, capsule]) => geom(name, capsule)),
        ...LEGS.map(linkBody),
      ]),
    ],
    actuator: LINKS.map(({ name, gear }) => element('motor', { name, class: CLASS, joint: name, gear })),
  },
  proprioception: { proprio: jointGroup({ positions: COORDINATES, velocities: COORDINATES, skip: 1 }) },
  start: startNearRest({ positions: START_NOISE, velocities: START_NOISE, law: 'normal' }),
}
