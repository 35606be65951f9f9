import { foldIn, uniform } from '@maxent/core/keys'
import { bricksChosen, HELD, heldBrick, INSIDE } from '../arenas/bricks.ts'
import { chosen } from '../chosen.ts'
import type { Body } from '../mujoco/model.ts'
import type { Simulation } from '../mujoco/simulation.ts'
import { element } from '../mujoco/xml.ts'
import { joinGroups, stateGroup } from './egocentric.ts'
import type { Chain, Link } from './link.ts'
import { clamp, derivedGroup } from './proprioception.ts'

interface SawyerLink extends Link {
  readonly range: readonly [number, number]
  /** Most that the motor gives, N m, and how fast the joint turns at most, rad/s. */
  readonly most: { readonly torque: number; readonly speed: number }
  readonly inertial: {
    readonly mass: number
    readonly pos: readonly number[]
    readonly quat: readonly number[]
    readonly diaginertia: readonly number[]
  }
  /** Capsules around it, end to end, and their radius. */
  readonly capsules: readonly (readonly number[])[]
  readonly radius: number
}

/** source: Rethink Robotics' description of the robot (`sawyer_description`), as in MuJoCo Menagerie. Metres, kilograms, radians, N m. */
const LINKS: readonly SawyerLink[] = [
  {
    pos: [0, 0, 0.08],
    quat: [1, 0, 0, 0],
    range: [-3.0503, 3.0503],
    most: { torque: 80, speed: 1.74 },
    inertial: {
      mass: 5.3213,
      pos: [0.0243645, 0.0109688, 0.143631],
      quat: [0.894821, 0.0089945, -0.17028, 0.412576],
      diaginertia: [0.0651599, 0.0510954, 0.0186221],
    },
    capsules: [[0, 0, -0.005, 0, 0, 0.25]],
    radius: 0.07,
  },
  {
    pos: [0.081, 0.05, 0.237],
    quat: [1, -1, 1, 1],
    range: [-3.8095, 2.2736],
    most: { torque: 80, speed: 1.328 },
    inertial: {
      mass: 4.505,
      pos: [-0.0030849, -0.026811, 0.092521],
      quat: [0.424888, 0.891987, 0.132364, -0.0794294],
      diaginertia: [0.0224339, 0.0221624, 0.00970971],
    },
    capsules: [[0, 0, -0.06, 0, 0, 0.13]],
    radius: 0.068,
  },
  {
    pos: [0, -0.14, 0.1425],
    quat: [1, 1, 0, 0],
    range: [-3.0426, 3.0426],
    most: { torque: 40, speed: 1.957 },
    inertial: {
      mass: 1.745,
      pos: [-0.00016044, -0.014967, 0.13582],
      quat: [0.707831, -0.0524761, 0.0516006, 0.702537],
      diaginertia: [0.0257928, 0.025506, 0.00292516],
    },
    capsules: [[0, 0, -0.15, 0, 0, 0.26]],
    radius: 0.055,
  },
  {
    pos: [0, -0.042, 0.26],
    quat: [1, -1, 0, 0],
    range: [-3.0439, 3.0439],
    most: { torque: 40, speed: 1.957 },
    inertial: {
      mass: 2.5097,
      pos: [-0.0048135, -0.0281, -0.084154],
      quat: [0.902999, 0.385391, -0.0880901, 0.168247],
      diaginertia: [0.0102404, 0.0096997, 0.00369622],
    },
    capsules: [[0, 0, -0.115, 0, 0, 0.03]],
    radius: 0.055,
  },
  {
    pos: [0, -0.125, -0.1265],
    quat: [1, 1, 0, 0],
    range: [-2.9761, 2.9761],
    most: { torque: 9, speed: 3.485 },
    inertial: {
      mass: 1.1136,
      pos: [-0.00188917, 0.00689948, 0.134095],
      quat: [0.803247, 0.031244, -0.0298409, 0.594077],
      diaginertia: [0.0136555, 0.0135498, 0.00127385],
    },
    capsules: [[0, 0, -0.13, 0, 0, 0.27]],
    radius: 0.045,
  },
  {
    pos: [0, 0.031, 0.275],
    quat: [1, -1, 0, 0],
    range: [-2.9761, 2.9761],
    most: { torque: 9, speed: 3.485 },
    inertial: {
      mass: 1.5625,
      pos: [0.0061133, -0.023697, 0.076416],
      quat: [0.404076, 0.9135, 0.0473125, 0.00158335],
      diaginertia: [0.00474131, 0.00422857, 0.00190672],
    },
    capsules: [
      [0, 0, -0.02, 0, 0, 0.1],
      [0, 0, 0.105, 0, -0.082, 0.105],
    ],
    radius: 0.045,
  },
  {
    pos: [0, -0.11, 0.1053],
    quat: [0.0616248, 0.06163, -0.704416, 0.704416],
    range: [-4.7124, 4.7124],
    most: { torque: 9, speed: 4.545 },
    inertial: {
      mass: 0.3292,
      pos: [-8.0726e-6, 0.0085838, -0.0049566],
      quat: [0.479044, 0.515636, -0.513069, 0.491321],
      diaginertia: [0.000360268, 0.000311078, 0.000214984],
    },
    capsules: [],
    radius: 0.045,
  },
]
/** source: the same. Where a tool is screwed on, along z of the last link. */
const FLANGE = 0.0245

const TIMING = chosen(
  'time step of the sawyer, s, and steps per action',
  [0.0025, 20],
  'torques at 20 Hz, slow enough for a network beside a robot; the thesis gives no rate',
)
const COMPENSATED = chosen(
  'gravity on the sawyer, m/s²',
  0,
  "the robot's own controller adds the torques that hold its weight to those that it is told",
)
const SHARE = chosen(
  'torques of the sawyer, as a share of the published limits, at most',
  0.5,
  'room to overcome friction, and no blows at full speed',
)
const DAMPING = chosen(
  'damping of the joints of the sawyer',
  'published limit of the torque over that of the speed, N m s per rad',
  'the full torque leads to the full speed; the published models leave this to the servos',
)
const ARMATURE = chosen(
  'armature of the joints of the sawyer, kg m²',
  0.1,
  'that of a small motor behind a gear of a hundred to one',
)
const GRIPPER = chosen(
  'gripper of the sawyer: length, half its width, m, and mass, kg',
  [0.12, 0.012, 0.4],
  'about that of the electric gripper of the robot; it holds fast, and nothing opens it',
)
const LONELY = chosen(
  'contacts of the sawyer',
  'with what is around it; its links pass through each other',
  'the robot keeps itself from touching itself; steps stay cheap',
)
const STIFF = chosen(
  'sawyer: stiffness of friction against that of normal forces',
  20,
  "what friction holds then stays: at MuJoCo's 1 a brick creeps onto the other by itself",
)
const REST = chosen(
  'start of the sawyer: angles of the joints, rad',
  [-0.512, -1.186, 0.01, 1.608, 0, 1.148, 2.813],
  'the hand points down, 0.6 m ahead of the base, 0.15 m to the right and 0.25 m up',
)
const NOISE = chosen(
  'start of the sawyer: each angle uniform within ±, rad',
  0.05,
  'the hand begins some centimetres off, tilted by some degrees',
)
const FORCE = chosen(
  'downward force of the sawyer, N, at most',
  50,
  'the net force with which the brick presses on what it touches; the robot estimates it from its currents',
)

/** How the arm is put together; its hand is where the origin of a held brick is. */
export const sawyerChain: Chain & {
  /** Damping of the joints, N m s per rad. */
  readonly damping: readonly number[]
} = {
  base: [0, 0, 0],
  links: LINKS,
  // The hand's z axis points back along the arm: up, where the arm points down.
  hand: { pos: [0, 0, FLANGE + GRIPPER.value[0] + HELD], quat: [0, 0, 1, 0] },
  rest: REST.value,
  damping: LINKS.map(({ most }) => most.torque / most.speed),
}

/** layout: joints of the arm; the hand by its number among the bodies, after the world, the base and the links. */
const ARM = LINKS.length
const HAND = 2 + ARM
/** layout: of the three numbers of the sensor of the net force. */
const DOWN = 2

/** source: none, colours have no part in the physics. */
const COLORS = {
  base: [0.2, 0.2, 0.2, 1],
  link: [
    [0.75, 0.15, 0.15, 1],
    [0.3, 0.3, 0.32, 1],
  ],
  gripper: [0.55, 0.55, 0.6, 1],
}

const CLASS = 'sawyer'
const MOST = LINKS.map(({ most }) => SHARE.value * most.torque)

/** The links from one on, each hanging on the one before, and the hand. */
function linksFrom(index: number, brick: boolean): string {
  if (index === ARM) {
    const [length, half, mass] = GRIPPER.value
    const { pos, quat } = sawyerChain.hand
    return element('body', { name: 'hand', pos, quat }, [
      element('geom', {
        name: 'gripper',
        type: 'box',
        pos: [0, 0, HELD + length / 2],
        size: [half, half, length / 2],
        mass,
        rgba: COLORS.gripper,
      }),
      ...(brick ? heldBrick() : []),
    ])
  }
  const { pos, quat, range, inertial, capsules, radius } = LINKS[index]
  return element('body', { name: `link${index}`, pos, quat }, [
    element('inertial', inertial),
    element('joint', {
      name: `joint${index}`,
      type: 'hinge',
      axis: [0, 0, 1],
      range,
      damping: sawyerChain.damping[index],
      armature: ARMATURE.value,
    }),
    ...capsules.map((fromto) =>
      element('geom', { type: 'capsule', fromto, size: radius, rgba: COLORS.link[index % 2] }),
    ),
    linksFrom(index + 1, brick),
  ])
}

/** The sensor tells what presses on the brick. */
const presses = (simulation: Simulation): number =>
  clamp(0 - simulation.derived('sensordata')[DOWN], FORCE.value)

const arm = (brick: boolean): Body => ({
  name: 'sawyer',
  source: "Rethink Robotics' Sawyer, described by its maker",
  chosen: [
    TIMING,
    COMPENSATED,
    SHARE,
    DAMPING,
    ARMATURE,
    GRIPPER,
    LONELY,
    STIFF,
    REST,
    NOISE,
    ...(brick ? [FORCE, ...bricksChosen] : []),
  ],
  timing: { timestep: TIMING.value[0], frameSkip: TIMING.value[1] },
  physics: {
    gravity: [0, 0, COMPENSATED.value],
    integrator: 'implicitfast',
    cone: 'elliptic',
    impratio: STIFF.value,
  },
  action: { low: MOST.map((most) => -most), high: MOST },
  surface: { contype: 1, conaffinity: 0 },
  feelsPose: true,
  reaches: { hand: HAND },
  ...(brick ? { brick: { inside: INSIDE, presses } } : {}),
  fragment: {
    default: [element('default', { class: CLASS }, [element('geom', { contype: 0, conaffinity: 1 })])],
    worldbody: [
      element('body', { name: 'base', childclass: CLASS }, [
        element('geom', {
          type: 'cylinder',
          fromto: [0, 0, 0, ...LINKS[0].pos],
          size: LINKS[0].radius,
          rgba: COLORS.base,
        }),
        linksFrom(0, brick),
      ]),
    ],
    actuator: MOST.map((most, i) =>
      element('motor', { name: `joint${i}`, joint: `joint${i}`, ctrlrange: [-most, most] }),
    ),
    sensor: brick
      ? [element('contact', { name: 'force', body1: 'hand', data: 'force', reduce: 'netforce', num: 1 })]
      : [],
  },
  proprioception: {
    /** Angles of the joints, then their velocities. */
    proprio: joinGroups(stateGroup('qpos', 0, ARM), stateGroup('qvel', 0, ARM)),
    /** Where the hand is. */
    hand: derivedGroup({ name: 'xpos', from: 3 * HAND, size: 3 }),
    ...(brick
      ? {
          /** The force with which the brick presses down. */
          force: {
            size: 1,
            write: (simulation: Simulation, out: Float32Array) => {
              out[0] = presses(simulation)
            },
          },
        }
      : {}),
  },
  start: ({ qpos }, key) => {
    const shifts = uniform(foldIn(key, 'positions'), ARM)
    for (let i = 0; i < ARM; i++) qpos[i] = REST.value[i] + NOISE.value * (2 * shifts[i] - 1)
  },
})

/** An arm of seven joints that takes torques, with a closed gripper. */
export const sawyer: Body = arm(false)

/** The same with a brick in its gripper. It feels with which force that presses down. */
export const sawyerWithBrick: Body = arm(true)
