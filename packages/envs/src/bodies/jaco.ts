import { foldIn, uniform } from '@maxent/core/keys'
import { chosen } from '../chosen.ts'
import type { Body } from '../mujoco/model.ts'
import type { Attributes } from '../mujoco/xml.ts'
import { element } from '../mujoco/xml.ts'
import { joinGroups, stateGroup } from './egocentric.ts'
import type { Chain, Link } from './link.ts'
import { derivedGroup } from './proprioception.ts'

interface Servo {
  readonly armature: number
  readonly frictionloss: number
  /** Most torque, N m, and most speed, rad/s. */
  readonly torque: number
  readonly speed: number
  /** Radius of the rings between the links, m. */
  readonly ring: number
}

const DEGREE = Math.PI / 180

/** source: dm_control, `third_party/kinova` and `entities/manipulators/kinova`. Metres, kilograms, radians, N m. */
const LARGE: Servo = { armature: 4, frictionloss: 2, torque: 30.5, speed: 36 * DEGREE, ring: 0.044 }
const SMALL: Servo = { armature: 2, frictionloss: 1, torque: 6.8, speed: 48 * DEGREE, ring: 0.035 }
/** source: the same. N m s per rad of the servos, and damping of the joints of the arm. */
const SERVO_GAIN = 500
const DAMPING = 0.01

interface JacoLink extends Link {
  readonly servo: Servo
  /** Default: it turns without end. */
  readonly range?: readonly [number, number]
  readonly mass: number
}

/** source: the same. The last link is the hand. */
const LINKS: readonly JacoLink[] = [
  { servo: LARGE, mass: 0.643205, pos: [0, 0, 0.15675], quat: [0, 0, 1, 0] },
  {
    servo: LARGE,
    mass: 1.16915,
    pos: [0, 0.0016, -0.11875],
    quat: [0, 0, -1, 1],
    range: [0.820305, 5.462881],
  },
  { servo: LARGE, mass: 0.673443, pos: [0, -0.41, 0], quat: [0, 0, 1, 0], range: [0.331613, 5.951573] },
  { servo: SMALL, mass: 0.221432, pos: [0, 0.2073, -0.0114], quat: [0, 0, -1, 1] },
  { servo: SMALL, mass: 0.221432, pos: [0, -0.03703, -0.06414], quat: [0, 0, 0.5, 0.866025] },
  { servo: SMALL, mass: 0.54719, pos: [0, -0.03703, -0.06414], quat: [0, 0, 0.5, 0.866025] },
]
/** source: the same. Where fingers begin in the hand, where their tips do in the fingers, and where they pinch. */
const FINGERS: readonly Link[] = [
  { pos: [0.00279, 0.03126, -0.11467], quat: [0.24396, -0.63159, -0.38818, 0.62521] },
  { pos: [-0.02226, -0.02707, -0.11482], quat: [0.601679, -0.254671, 0.659653, -0.37146] },
  { pos: [0.02226, -0.02707, -0.11482], quat: [0.659653, -0.37146, 0.601679, -0.254671] },
]
const TIP = [0.044, -0.003, 0]
const PINCH: Link = { pos: [0.015, 0.0024, -0.193], quat: [1, 0, 0, 0] }
/** source: the same. Joints and servos of the fingers, and masses of a finger and its tip. */
const FINGER: Attributes = { range: [0.15, 1.35], frictionloss: 0.1, armature: 0.1, damping: 0.75 }
const FINGER_SERVO = { gain: 10, torque: 1, speed: 5 }
const FINGER_MASS = { proximal: 0.0255204, tip: 0.0132655 }
/** source: the same, `manipulation/shared`: where the base stands, m; and seconds between actions, with MuJoCo's own time step. */
const BASE = [0, 0.4, 0] as const
const BASE_MASS = 0.718306
const TIMING = { timestep: 0.002, frameSkip: 20 }

const SHAPE = chosen(
  'links of the jaco',
  'capsules from hinge to hinge, as thick as the rings between them, with the published masses',
  'the published shapes are meshes of the maker',
)
const FINGER_SHAPE = chosen(
  'fingers of the jaco: radius, and length of the tips, m',
  [0.01, 0.04],
  'about those of the meshes',
)
const LONELY = chosen(
  'contacts of the jaco',
  'with what is around it; its links pass through each other',
  'capsules are thicker than the meshes and would touch at the wrist; steps stay cheap',
)
const REST = chosen(
  'start of the jaco: angles of the joints and of the fingers, rad',
  [-1.75, 3.45, 1.51, -0.41, 1.43, -1.67, 0.6, 0.6, 0.6],
  'the hand points down over the middle of the cube of targets, fingers half open',
)
const NOISE = chosen(
  'start of the jaco: each angle uniform within ±, rad',
  0.1,
  'the hand begins anywhere within about a decimetre',
)
const SENSES = chosen(
  'proprioception of the jaco',
  'sines and cosines of the six joints, angles of the fingers, all velocities; no torques',
  'angles of joints that turn without end are bounded so, as in dm_control; the paper lists nothing',
)

/** How the arm is put together; its hand is where the fingers pinch. */
export const jacoChain: Chain = {
  base: BASE,
  links: LINKS,
  hand: PINCH,
  rest: REST.value.slice(0, LINKS.length),
}

/** layout: joints of the arm and of the fingers; the place where they pinch by its number among the bodies. */
const ARM = LINKS.length
const COUNT = ARM + FINGERS.length
const HAND = 2 + ARM
/** layout: of a rotation. */
const ROTATION = 9

const CLASS = 'jaco'
/** source: none, colours have no part in the physics. */
const COLORS = { link: [0.25, 0.25, 0.27, 1], finger: [0.7, 0.7, 0.72, 1] }

const capsule = (to: readonly number[], size: number, more: Attributes): string =>
  element('geom', { type: 'capsule', fromto: [0, 0, 0, ...to], size, ...more })

function finger({ pos, quat }: Link, index: number): string {
  const [radius, length] = FINGER_SHAPE.value
  const more = { rgba: COLORS.finger }
  return element('body', { name: `finger${index}`, pos, quat }, [
    element('joint', { name: `finger${index}`, type: 'hinge', axis: [0, 0, 1], ...FINGER }),
    capsule(TIP, radius, { mass: FINGER_MASS.proximal, ...more }),
    element('body', { name: `tip${index}`, pos: TIP }, [
      capsule([length, 0, 0], radius, { mass: FINGER_MASS.tip, ...more }),
    ]),
  ])
}

/** The links from one on, each hanging on the one before; on the last the fingers. */
function linksFrom(index: number): string {
  const { pos, quat, servo, range, mass } = LINKS[index]
  const { armature, frictionloss, ring } = servo
  const last = index === ARM - 1
  return element('body', { name: `link${index}`, pos, quat }, [
    element('joint', {
      name: `joint${index}`,
      type: 'hinge',
      axis: [0, 0, 1],
      range,
      armature,
      frictionloss,
      damping: DAMPING,
    }),
    // The hand is as long as to where its fingers begin.
    capsule(last ? [0, 0, FINGERS[0].pos[2]] : LINKS[index + 1].pos, ring, { mass, rgba: COLORS.link }),
    ...(last
      ? [element('body', { name: 'pinch', pos: PINCH.pos }), ...FINGERS.map(finger)]
      : [linksFrom(index + 1)]),
  ])
}

const SERVOS = [
  ...LINKS.map(({ servo }, i) => ({ joint: `joint${i}`, gain: SERVO_GAIN, ...servo })),
  ...FINGERS.map((_, i) => ({ joint: `finger${i}`, ...FINGER_SERVO })),
]

/** Sines of the joints, then their cosines. */
const turns: Body['proprioception'][string] = {
  size: 2 * ARM,
  write: ({ qpos }, out) => {
    for (let i = 0; i < ARM; i++) {
      out[i] = Math.sin(qpos[i])
      out[ARM + i] = Math.cos(qpos[i])
    }
  },
}

/** An arm of six joints with a hand of three fingers, whose servos are told velocities. */
export const jaco: Body = {
  name: 'jaco',
  source: "dm_control's Kinova Jaco",
  chosen: [SHAPE, FINGER_SHAPE, LONELY, REST, NOISE, SENSES],
  timing: TIMING,
  action: { low: SERVOS.map(({ speed }) => -speed), high: SERVOS.map(({ speed }) => speed) },
  surface: { contype: 1, conaffinity: 0 },
  feelsPose: true,
  reaches: { hand: HAND },
  fragment: {
    default: [element('default', { class: CLASS }, [element('geom', { contype: 0, conaffinity: 1 })])],
    worldbody: [
      element('body', { name: 'base', childclass: CLASS, pos: BASE }, [
        capsule(LINKS[0].pos, LARGE.ring, { mass: BASE_MASS, contype: 0, conaffinity: 0, rgba: COLORS.link }),
        linksFrom(0),
      ]),
    ],
    actuator: SERVOS.map(({ joint, gain, torque, speed }) =>
      element('velocity', {
        name: joint,
        joint,
        kv: gain,
        ctrlrange: [-speed, speed],
        forcerange: [-torque, torque],
      }),
    ),
  },
  proprioception: {
    /** Sines and cosines of the joints, angles of the fingers, then all velocities. */
    proprio: joinGroups(turns, stateGroup('qpos', ARM, FINGERS.length), stateGroup('qvel', 0, COUNT)),
    /** Where the fingers pinch, and the rotation of the hand to the world, row by row. */
    pose: joinGroups(
      derivedGroup({ name: 'xpos', from: 3 * HAND, size: 3 }),
      derivedGroup({ name: 'xmat', from: ROTATION * HAND, size: ROTATION }),
    ),
  },
  start: ({ qpos }, key) => {
    const shifts = uniform(foldIn(key, 'positions'), COUNT)
    for (let i = 0; i < COUNT; i++) qpos[i] = REST.value[i] + NOISE.value * (2 * shifts[i] - 1)
  },
}
