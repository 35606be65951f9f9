/** source: Gymnasium `Humanoid-v5`, its model asset; the parity tests compare the compiled arrays. */
import { chosen } from '../chosen.ts'
import type { Body, ModelFragment } from '../mujoco/model.ts'
import type { Attributes } from '../mujoco/xml.ts'
import { element } from '../mujoco/xml.ts'
import { derivedGroup, jointGroup } from './proprioception.ts'
import { freeRoot } from './root.ts'
import { startNearRest } from './start.ts'

const DEGREE = Math.PI / 180

/** Metres; torques in N m at the action 1, though motors take 0.4 at most. */
const HEIGHT = 1.4
const MAX_ACTION = 0.4
const CONTACT: Attributes = { margin: 0.001 }
/** Health: the height of the torso. */
const LEAST_HEIGHT = 1
const MOST_HEIGHT = 2
const START_NOISE = 0.01
/** How far a hip bends forward, degrees. */
const HIP = -110
/** Joints in the order of the motors, with their gears. */
const GEARS: readonly (readonly [string, number])[] = [
  ['abdomen_y', 100],
  ['abdomen_z', 100],
  ['abdomen_x', 100],
  ...(['right', 'left'] as const).flatMap(
    (side) =>
      [
        [`${side}_hip_x`, 100],
        [`${side}_hip_z`, 100],
        [`${side}_hip_y`, 300],
        [`${side}_knee`, 200],
      ] as const,
  ),
  ...(['right', 'left'] as const).flatMap(
    (side) =>
      [
        [`${side}_shoulder1`, 25],
        [`${side}_shoulder2`, 25],
        [`${side}_elbow`, 25],
      ] as const,
  ),
]

const POSITIONS = 7 + GEARS.length
export const VELOCITIES: number = 6 + GEARS.length
/** Bodies without the world: torso, waist, pelvis, three per leg, two per arm. */
export const BODIES: number = 3 + 2 * 3 + 2 * 2

/** A side of the body: its name, and the sign of y there. */
interface Side {
  readonly name: 'right' | 'left'
  readonly y: 1 | -1
}
const SIDES: readonly Side[] = [
  { name: 'right', y: -1 },
  { name: 'left', y: 1 },
]

type Vector = readonly [number, number, number]

/** Lower and upper bound in degrees. */
type Range = readonly [number, number]

/** Attributes of a hinge with its range in degrees. */
type Hinge = Attributes & { readonly degrees: Range }

const hinge = (name: string, axis: Vector, { degrees, ...rest }: Hinge): string =>
  element('joint', { name, type: 'hinge', axis, range: degrees.map((a) => a * DEGREE), ...rest })

const capsule = (name: string, size: number, [from, to]: readonly [Vector, Vector]): string =>
  element('geom', { name, type: 'capsule', size, fromto: [...from, ...to] })

const sphere = (name: string, size: number, pos: Vector): string =>
  element('geom', { name, type: 'sphere', size, pos })

/** Waist and pelvis lean by this rotation, as published. */
const LEAN = [1, 0, -0.002, 0]

const stiff = { damping: 5, stiffness: 10 }

/** Thigh, shin and foot. The published legs differ in the armature of a hip and in a spring in the left knee. */
function leg({ name, y }: Side, leftHip: number): string {
  const left = name === 'left'
  return element('body', { name: `${name}_thigh`, pos: [0, 0.1 * y, -0.04] }, [
    hinge(`${name}_hip_x`, [-y, 0, 0], { degrees: [-25, 5], ...stiff, armature: 0.01 }),
    hinge(`${name}_hip_z`, [0, 0, -y], { degrees: [-60, 35], ...stiff, armature: 0.01 }),
    hinge(`${name}_hip_y`, [0, 1, 0], {
      degrees: [left ? leftHip : HIP, 20],
      ...stiff,
      stiffness: 20,
      armature: left ? 0.01 : 0.008,
    }),
    capsule(`${name}_thigh`, 0.06, [
      [0, 0, 0],
      [0, -0.01 * y, -0.34],
    ]),
    element('body', { name: `${name}_shin`, pos: [0, -0.01 * y, -0.403] }, [
      hinge(`${name}_knee`, [0, -1, 0], {
        degrees: [-160, -2],
        pos: [0, 0, 0.02],
        armature: 0.006,
        stiffness: left ? 1 : 0,
      }),
      capsule(`${name}_shin`, 0.049, [
        [0, 0, 0],
        [0, 0, -0.3],
      ]),
      element('body', { name: `${name}_foot`, pos: [0, 0, -0.45] }, [
        sphere(`${name}_foot`, 0.075, [0, 0, 0.1]),
      ]),
    ]),
  ])
}

/** Upper arm, lower arm and hand. */
function arm({ name, y }: Side): string {
  const shoulder: Range = y < 0 ? [-85, 60] : [-60, 85]
  return element('body', { name: `${name}_upper_arm`, pos: [0, 0.17 * y, 0.06] }, [
    hinge(`${name}_shoulder1`, [2, -y, 1], { degrees: shoulder, armature: 0.0068, stiffness: 1 }),
    hinge(`${name}_shoulder2`, [0, y, 1], { degrees: shoulder, armature: 0.0051, stiffness: 1 }),
    capsule(`${name}_upper_arm`, 0.04, [
      [0, 0, 0],
      [0.16, 0.16 * y, -0.16],
    ]),
    element('body', { name: `${name}_lower_arm`, pos: [0.18, 0.18 * y, -0.18] }, [
      hinge(`${name}_elbow`, [0, -1, -y], { degrees: [-90, 50], armature: 0.0028 }),
      capsule(`${name}_lower_arm`, 0.031, [
        [0.01, -0.01 * y, 0.01],
        [0.17, -0.17 * y, 0.17],
      ]),
      sphere(`${name}_hand`, 0.04, [0.18, -0.18 * y, 0.18]),
    ]),
  ])
}

/** A joint of the abdomen; there are three. */
const abdomen = (name: string, axis: Vector, rest: Hinge): string =>
  hinge(`abdomen_${name}`, axis, { ...stiff, armature: 0.02, ...rest })

/** The humanoid's part of a model, with the bound of the left hip in degrees. */
export function humanoidFragment(name: string, leftHip: number): ModelFragment {
  // source: the same.
  return {
    default: [
      element('default', { class: name }, [
        element('joint', { armature: 1, damping: 1 }),
        // It touches the arena and itself.
        element('geom', { contype: 1, conaffinity: 1, condim: 1, density: 1000, ...CONTACT }),
      ]),
    ],
    worldbody: [
      element('body', { name: 'torso', childclass: name, pos: [0, 0, HEIGHT] }, [
        element('joint', { name: 'root', type: 'free', armature: 0, damping: 0 }),
        capsule('chest', 0.07, [
          [0, -0.07, 0],
          [0, 0.07, 0],
        ]),
        sphere('head', 0.09, [0, 0, 0.19]),
        capsule('upper_waist', 0.06, [
          [-0.01, -0.06, -0.12],
          [-0.01, 0.06, -0.12],
        ]),
        element('body', { name: 'waist', pos: [-0.01, 0, -0.26], quat: LEAN }, [
          abdomen('z', [0, 0, 1], { degrees: [-45, 45], pos: [0, 0, 0.065], stiffness: 20 }),
          abdomen('y', [0, 1, 0], { degrees: [-75, 30], pos: [0, 0, 0.065] }),
          capsule('waist', 0.06, [
            [0, -0.06, 0],
            [0, 0.06, 0],
          ]),
          element('body', { name: 'pelvis', pos: [0, 0, -0.165], quat: LEAN }, [
            abdomen('x', [1, 0, 0], { degrees: [-35, 35], pos: [0, 0, 0.1] }),
            capsule('pelvis', 0.09, [
              [-0.02, -0.07, 0],
              [-0.02, 0.07, 0],
            ]),
            ...SIDES.map((side) => leg(side, leftHip)),
          ]),
        ]),
        ...SIDES.map(arm),
      ]),
    ],
    actuator: GEARS.map(([joint, gear]) =>
      element('motor', { name: joint, joint, gear, ctrlrange: [-MAX_ACTION, MAX_ACTION] }),
    ),
  }
}

/** A human of 13 bodies with 17 motors. */
export const humanoid: Body = {
  name: 'humanoid',
  source: 'Gymnasium Humanoid-v5',
  chosen: [chosen('tendons', 'none', "they only measure in Gymnasium's model")],
  timing: { timestep: 0.003, frameSkip: 5 },
  physics: { integrator: 'RK4', solver: 'PGS', iterations: 50 },
  feelsContact: true,
  action: { low: GEARS.map(() => -MAX_ACTION), high: GEARS.map(() => MAX_ACTION) },
  surface: { ...CONTACT, condim: 3, friction: [1, 0.1, 0.1], size: [20, 20, 0.125] },
  /** The centre of mass. */
  forward: (simulation) => simulation.derived('subtree_com')[3],
  root: freeRoot,
  healthy: ({ qpos }) => qpos[2] > LEAST_HEIGHT && qpos[2] < MOST_HEIGHT,
  fragment: humanoidFragment('humanoid', HIP),
  proprioception: {
    /** Every position but x and y, then every velocity. */
    proprio: jointGroup({ positions: POSITIONS, velocities: VELOCITIES, skip: 2 }),
    /** Inertia and mass of each body about the centre of mass. */
    inertia: derivedGroup({ name: 'cinert', from: 10, size: 10 * BODIES }),
    /** Angular and linear velocity of each body about the centre of mass. */
    velocity: derivedGroup({ name: 'cvel', from: 6, size: 6 * BODIES }),
    /** Torques of the motors. */
    actuator: derivedGroup({ name: 'qfrc_actuator', from: 6, size: GEARS.length }),
    /** Torque and force on each body from outside. */
    contact: derivedGroup({ name: 'cfrc_ext', from: 6, size: 6 * BODIES }),
  },
  start: startNearRest({ positions: START_NOISE, velocities: START_NOISE, law: 'uniform' }),
}
