import { chosen } from '../chosen.ts'
import type { Body } from '../mujoco/model.ts'
import type { Attributes } from '../mujoco/xml.ts'
import { element } from '../mujoco/xml.ts'
import { joinGroups, mappedGroup, ownRotation, ownVelocity, stateGroup } from './egocentric.ts'
import { derivedGroup } from './proprioception.ts'
import { freeRoot } from './root.ts'
import { startAround } from './start.ts'

const DEGREE = Math.PI / 180

/** source: dm_control, suite, `quadruped`. Metres, angles in degrees. */
const HEIGHT = 0.57
const TORSO = { axes: [0.3, 0.27, 0.2], density: 1000 }
const HIP_AT = 0.2
const HIP = { yaw: [-50, 50], pitch: [-20, 60], to: [0.3, 0, 0.11], radius: 0.08 } as const
const KNEE = { pitch: [-60, 50], to: [0.25, 0, -0.25], radius: 0.065 } as const
const ANKLE = { pitch: [-45, 55], to: [0, 0, -0.25], radius: 0.055 } as const
const TOE = { at: [0, 0, -0.3], radius: 0.08, friction: 1.5, felt: 0.084 }
const LINK: Attributes = { condim: 1, density: 500 }
const JOINT: Attributes = { damping: 30, armature: 0.01, solimplimit: [0, 0.99, 0.01] }
const CONTACT: Attributes = { solref: [0.01, 1], solimp: [0.9, 0.99, 0.003] }
/** source: the same. A leg's pitch, knee and ankle stay at the mean 0; the shares are as published. */
const COUPLING = {
  shares: { pitch: 0.333, knee: 0.333, ankle: 0.333 },
  constraint: { solimp: [0.95, 0.99, 0.01], solref: [0.005, 0.5] },
}
/** source: the same. Servos: what each pulls on, and the range of what is asked of it. */
const SERVO = { gainprm: 1000, biasprm: [0, -1000], biastype: 'affine', dyntype: 'filter', dynprm: 0.1 }
const LIFT = { shares: { pitch: 0.5, ankle: -0.5 }, range: [-1, 1.1] } as const
const EXTEND = { shares: { pitch: 0.25, knee: -0.5, ankle: 0.25 }, range: [-0.8, 0.8] } as const
const YAW = { range: [-1, 1] } as const

const NOISE = chosen(
  'start of the quadruped: joint angles and velocities uniform within ±',
  0.01,
  'the source starts it in any attitude, from where most tasks cannot be told; this is rllab’s noise',
)

const CLASS = 'quadruped'

/** source: the same. Signs of x and y along the leg. */
interface Leg {
  readonly name: string
  readonly x: 1 | -1
  readonly y: 1 | -1
}
/** source: the same. In the order of coordinates and servos. */
const LEGS: readonly Leg[] = [
  { name: 'front_left', x: 1, y: 1 },
  { name: 'front_right', x: 1, y: -1 },
  { name: 'back_right', x: -1, y: -1 },
  { name: 'back_left', x: -1, y: 1 },
]

/** source: the same; yaw, pitch, knee and ankle of each leg. */
const HINGES = 4 * LEGS.length

const SERVOS = LEGS.flatMap(({ name }) => [
  { name: `yaw_${name}`, on: { joint: `yaw_${name}` }, range: YAW.range },
  { name: `lift_${name}`, on: { tendon: `lift_${name}` }, range: LIFT.range },
  { name: `extend_${name}`, on: { tendon: `extend_${name}` }, range: EXTEND.range },
])

const hinge = (name: string, axis: readonly number[], range: readonly number[]): string =>
  element('joint', { name, type: 'hinge', axis, range: range.map((a) => a * DEGREE) })

const link = (name: string, { to, radius }: { to: readonly number[]; radius: number }): string =>
  element('geom', { name, type: 'capsule', size: radius, fromto: [0, 0, 0, ...to] })

function leg({ name, x, y }: Leg): string {
  const outwards = Math.atan2(y, x)
  return element(
    'body',
    { name: `hip_${name}`, pos: [x * HIP_AT, y * HIP_AT, 0], axisangle: [0, 0, 1, outwards] },
    [
      hinge(`yaw_${name}`, [0, 0, 1], HIP.yaw),
      hinge(`pitch_${name}`, [0, 1, 0], HIP.pitch),
      link(`thigh_${name}`, HIP),
      element('body', { name: `knee_${name}`, pos: HIP.to }, [
        hinge(`knee_${name}`, [0, 1, 0], KNEE.pitch),
        link(`shin_${name}`, KNEE),
        element('body', { name: `ankle_${name}`, pos: KNEE.to }, [
          hinge(`ankle_${name}`, [0, 1, 0], ANKLE.pitch),
          link(`foot_${name}`, ANKLE),
          element('body', { name: `toe_${name}`, pos: TOE.at }, [
            element('geom', {
              name: `toe_${name}`,
              type: 'sphere',
              size: TOE.radius,
              friction: TOE.friction,
            }),
            element('site', {
              name: `toe_${name}`,
              type: 'sphere',
              size: TOE.felt,
              rgba: [0, 0, 0, 0],
            }),
          ]),
        ]),
      ]),
    ],
  )
}

/** A weighted sum of a leg's angles. */
const tendon = (kind: string, leg: string, shares: Readonly<Record<string, number>>): string =>
  element(
    'fixed',
    { name: `${kind}_${leg}` },
    Object.entries(shares).map(([joint, coef]) => element('joint', { joint: `${joint}_${leg}`, coef })),
  )

/** A torso on four legs of four joints, twelve servos that turn, lift and stretch the legs. */
export const quadruped: Body = {
  name: 'quadruped',
  source: 'dm_control, suite, quadruped',
  chosen: [NOISE],
  // source: the same.
  timing: { timestep: 0.005, frameSkip: 4 },
  feelsPose: true,
  action: { low: SERVOS.map(({ range }) => range[0]), high: SERVOS.map(({ range }) => range[1]) },
  surface: CONTACT,
  root: freeRoot,
  frail: ['torso', ...LEGS.flatMap(({ name }) => [`hip_${name}`, `knee_${name}`])],
  forward: ({ qpos }) => qpos[0],
  velocity: (simulation, out) => {
    const values = simulation.derived('subtree_linvel')
    for (let i = 0; i < 3; i++) out[i] = values[3 + i]
  },
  fragment: {
    default: [
      element('default', { class: CLASS }, [
        element('joint', JOINT),
        element('geom', { ...LINK, ...CONTACT }),
        element('general', { ctrllimited: 'true', ...SERVO }),
      ]),
    ],
    worldbody: [
      element('body', { name: 'torso', childclass: CLASS, pos: [0, 0, HEIGHT] }, [
        element('freejoint', { name: 'root' }),
        element('geom', { name: 'torso', type: 'ellipsoid', size: TORSO.axes, density: TORSO.density }),
        element('site', { name: 'torso', pos: [0, 0, 0] }),
        // source: the same.
        element('camera', {
          name: 'egocentric',
          pos: [0.3, 0, 0.11],
          xyaxes: [0, -1, 0, 0.4, 0, 1],
          fovy: 60,
        }),
        ...LEGS.map(leg),
      ]),
    ],
    tendon: [
      ...LEGS.map(({ name }) => tendon('coupling', name, COUPLING.shares)),
      ...LEGS.flatMap(({ name }) => [
        tendon('extend', name, EXTEND.shares),
        tendon('lift', name, LIFT.shares),
      ]),
    ],
    equality: LEGS.map(({ name }) =>
      element('tendon', {
        name: `coupling_${name}`,
        tendon1: `coupling_${name}`,
        ...COUPLING.constraint,
      }),
    ),
    actuator: SERVOS.map(({ name, on, range }) =>
      element('general', { name, class: CLASS, ...on, ctrlrange: range }),
    ),
    sensor: [
      element('accelerometer', { name: 'acceleration', site: 'torso' }),
      ...LEGS.map(({ name }) => element('force', { name: `force_${name}`, site: `toe_${name}` })),
      ...LEGS.map(({ name }) => element('torque', { name: `torque_${name}`, site: `toe_${name}` })),
    ],
  },
  proprioception: {
    proprio: joinGroups(
      stateGroup('qpos', 7, HINGES),
      stateGroup('qvel', 6, HINGES),
      derivedGroup({ name: 'act', from: 0, size: SERVOS.length }),
      ownVelocity,
      { size: 1, write: (simulation, out) => void (out[0] = freeRoot.upright(simulation)) },
      ownRotation,
      derivedGroup({ name: 'sensordata', from: 0, size: 3 }),
      mappedGroup({ name: 'sensordata', from: 3, size: 6 * LEGS.length }, Math.asinh),
    ),
  },
  start: startAround({ joints: HINGES, noise: NOISE.value }),
}
