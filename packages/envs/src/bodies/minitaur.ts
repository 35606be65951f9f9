import { foldIn, uniform } from '@maxent/core/keys'
import { chosen } from '../chosen.ts'
import type { Body } from '../mujoco/model.ts'
import type { Simulation } from '../mujoco/simulation.ts'
import type { Attributes } from '../mujoco/xml.ts'
import { element } from '../mujoco/xml.ts'
import { freeRoot } from './root.ts'

/** source: Bullet's `minitaur.urdf`, the robot of Tan et al. 2018. Metres, kilograms, radians. */
const CHASSIS = { sides: [0.33, 0.14, 0.07], mass: 3 }
/** source: the same; the plates at both sides, which lean outwards by five degrees, and their rails. */
const SIDE = { y: 0.1, sides: [0.17, 0.1, 0.05], rail: [0.34, 0.01, 0.04], railAt: 0.035, mass: 0.1 }
const LEAN = 0.0872665
/** source: the same; motors stand so far ahead of the middle and behind it. */
const HIP_AT = 0.21
const MOTOR = { radius: 0.0434, length: 0.026, mass: 0.25, at: [0.04, -0.025] }
/** source: the same; two links hang on each pair of motors, and their ends are one toe. */
const UPPER = { length: 0.115, mass: 0.05 }
const LOWER = { length: 0.2, mass: 0.05 }
const LINK_WIDTH = 0.01
const FRICTION = 1
/** source: released environment of the robot (`pd_control_enabled`): gains in N m per rad and N m s per rad, and the most in N m. */
const GAINS = { position: 8, velocity: 0.3, most: 3.5 }
/** source: the released reactive environment: extension about which actions are taken, and their bounds, rad. */
const REST = 2
const BOUND = 0.5

const TIMING = chosen(
  'time step of the minitaur, s, and steps per action',
  [0.002, 10],
  'actions every 0.02 s: 160,000 steps of the thesis took two hours with all pauses, at most 0.045 s each',
)
const PLANE = chosen(
  'links of a leg of the minitaur',
  'both pairs in one plane; they touch each other and the chassis no more than in the source',
  'the source has them a centimetre apart, so that they pass each other',
)
const SERVO = chosen(
  'motors of the minitaur',
  'ideal servos: no voltage, no friction',
  'the source has a model of the motor as well; swing and extension through a PD controller is what the thesis tells',
)
const NOISE = chosen(
  'start of the minitaur: swing of each leg uniform within ±, rad',
  0.05,
  'the source starts at rest, where every episode would be the same; a swing keeps the links of a leg together',
)
const SENSES = chosen(
  'proprioception of the minitaur',
  'eight angles of motors from rest, roll, pitch, angular velocity of the chassis in its own frame',
  'angles from rest differ from the published ones by constants; the rate of yaw does not drift as yaw does',
)

/** Angle of the upper links to the vertical at rest, and how far below the hip their ends and the toe are. */
const SPREAD = Math.PI - REST
const KNEE = { ahead: UPPER.length * Math.sin(SPREAD), below: UPPER.length * Math.cos(SPREAD) }
const LEG = KNEE.below + Math.sqrt(LOWER.length ** 2 - KNEE.ahead ** 2)

/** A leg: on which side, and at which end. */
interface Leg {
  readonly name: string
  readonly x: 1 | -1
  readonly y: 1 | -1
}
/** source: the same. In the order of coordinates and actions. */
export const LEGS: readonly Leg[] = [
  { name: 'front_left', x: 1, y: 1 },
  { name: 'back_left', x: -1, y: 1 },
  { name: 'front_right', x: 1, y: -1 },
  { name: 'back_right', x: -1, y: -1 },
]
const COUNT = LEGS.length

/** layout: of a leg's four hinges those of the motors, ahead and behind, in `qpos` after the free root. */
const ROOT = 7
const HINGES = 4
const AHEAD = 0
const BEHIND = 2

/** Swing of a leg, rad: how far it points ahead of straight down. */
export const swingOf = ({ qpos }: Simulation, leg: number): number =>
  (qpos[ROOT + HINGES * leg + AHEAD] + qpos[ROOT + HINGES * leg + BEHIND]) / 2

/** How much longer than at rest a leg is stretched, as an angle of its motors, rad. */
export const extensionOf = ({ qpos }: Simulation, leg: number): number =>
  (qpos[ROOT + HINGES * leg + BEHIND] - qpos[ROOT + HINGES * leg + AHEAD]) / 2

/** source: none, colours have no part in the physics. */
const COLORS = { chassis: [0.3, 0.3, 0.3, 1], rail: [0.65, 0.65, 0.75, 1], motor: [0.85, 0.85, 0.85, 1] }

const box = (name: string, sides: readonly number[], more: Attributes): string =>
  element('geom', { name, type: 'box', size: sides.map((side) => side / 2), ...more })

const hinge = (name: string, more: Attributes = {}): string =>
  // A positive angle turns what hangs down ahead.
  element('joint', { name, type: 'hinge', axis: [0, -1, 0], ...more })

/** One of the two chains of a leg: a motor with its link, and the link that ends in the toe. */
function chain(leg: Leg, end: 'ahead' | 'behind'): string {
  const name = `${leg.name}_${end}`
  const sign = end === 'ahead' ? 1 : -1
  const knee = [sign * KNEE.ahead, 0, -KNEE.below]
  const toe = [-sign * KNEE.ahead, 0, KNEE.below - LEG]
  return element(
    'body',
    {
      name: `upper_${name}`,
      pos: [leg.x * HIP_AT, leg.y * SIDE.y, 0],
      axisangle: [1, 0, 0, leg.y * LEAN],
    },
    [
      hinge(`motor_${name}`, { actuatorfrcrange: [-GAINS.most, GAINS.most] }),
      element('geom', {
        name: `motor_${name}`,
        type: 'cylinder',
        size: [MOTOR.radius, MOTOR.length / 2],
        pos: [0, leg.y * MOTOR.at[end === 'ahead' ? 0 : 1], 0],
        zaxis: [0, 1, 0],
        mass: MOTOR.mass,
        rgba: COLORS.motor,
      }),
      element('geom', {
        name: `upper_${name}`,
        type: 'capsule',
        size: LINK_WIDTH / 2,
        fromto: [0, 0, 0, ...knee],
        mass: UPPER.mass,
      }),
      element('body', { name: `lower_${name}`, pos: knee }, [
        hinge(`knee_${name}`),
        element('geom', {
          name: `lower_${name}`,
          type: 'capsule',
          size: LINK_WIDTH / 2,
          fromto: [0, 0, 0, ...toe],
          mass: LOWER.mass,
        }),
      ]),
    ],
  )
}

/** The side plate of the chassis, and its two rails. */
function side(y: 1 | -1): string[] {
  const name = y === 1 ? 'left' : 'right'
  return [
    box(`plate_${name}`, SIDE.sides, { pos: [0, y * SIDE.y, 0], mass: 0, rgba: COLORS.chassis }),
    ...[1, -1].map((end) =>
      box(`rail_${name}_${end === 1 ? 'out' : 'in'}`, SIDE.rail, {
        pos: [0, y * SIDE.y + end * SIDE.railAt, 0],
        axisangle: [1, 0, 0, y * LEAN],
        mass: SIDE.mass / 2,
        rgba: COLORS.rail,
      }),
    ),
  ]
}

const tendon = (kind: string, leg: string, shares: { ahead: number; behind: number }): string =>
  element('fixed', { name: `${kind}_${leg}` }, [
    element('joint', { joint: `motor_${leg}_ahead`, coef: shares.ahead }),
    element('joint', { joint: `motor_${leg}_behind`, coef: shares.behind }),
  ])

/** A PD controller of both motors towards a swing or an extension: half of its force arrives at each. */
const servo = (kind: string, leg: string): string =>
  element('general', {
    name: `${kind}_${leg}`,
    tendon: `${kind}_${leg}`,
    ctrlrange: [-BOUND, BOUND],
    gainprm: 2 * GAINS.position,
    biastype: 'affine',
    biasprm: [0, -2 * GAINS.position, -2 * GAINS.velocity],
  })

/** Roll and pitch of a free root, rad. */
export function rollAndPitch({ qpos }: Simulation, out: Float32Array | Float64Array, at: number): void {
  const w = qpos[3]
  const x = qpos[4]
  const y = qpos[5]
  const z = qpos[6]
  out[at] = Math.atan2(2 * (w * x + y * z), 1 - 2 * (x * x + y * y))
  out[at + 1] = Math.asin(Math.min(Math.max(2 * (w * y - z * x), -1), 1))
}

/** layout: numbers that the minitaur senses: its motors, roll and pitch, three rates of turning. */
const SENSED: number = 2 * COUNT + 2 + 3

/**
 * A quadruped of 6 kg on four legs of five bars each, of Ghost Robotics' make: eight motors swing the legs (actions 0 to 3: front left,
 * back left, front right, back right) and stretch them (4 to 7). It does not sense its yaw.
 */
export const minitaur: Body = {
  name: 'minitaur',
  source: 'Tan et al. 2018, released model (Bullet, minitaur.urdf)',
  chosen: [TIMING, PLANE, SERVO, NOISE, SENSES],
  timing: { timestep: TIMING.value[0], frameSkip: TIMING.value[1] },
  physics: { integrator: 'implicitfast' },
  action: {
    low: Array.from({ length: 2 * COUNT }, () => -BOUND),
    high: Array.from({ length: 2 * COUNT }, () => BOUND),
  },
  surface: { friction: FRICTION },
  root: freeRoot,
  forward: ({ qpos }) => qpos[0],
  velocity: ({ qvel }, out) => {
    for (let i = 0; i < 3; i++) out[i] = qvel[i]
  },
  frail: ['chassis'],
  fragment: {
    default: [
      element('default', { class: 'minitaur' }, [
        // Its parts touch everything but each other.
        element('geom', { contype: 1, conaffinity: 0, friction: FRICTION }),
      ]),
    ],
    worldbody: [
      element('body', { name: 'chassis', childclass: 'minitaur', pos: [0, 0, LEG + LINK_WIDTH / 2] }, [
        element('freejoint', { name: 'root' }),
        box('chassis', CHASSIS.sides, { mass: CHASSIS.mass, rgba: COLORS.chassis }),
        ...side(1),
        ...side(-1),
        ...LEGS.flatMap((leg) => [chain(leg, 'ahead'), chain(leg, 'behind')]),
      ]),
    ],
    equality: LEGS.map(({ name }) =>
      element('connect', {
        name: `toe_${name}`,
        body1: `lower_${name}_ahead`,
        body2: `lower_${name}_behind`,
        anchor: [-KNEE.ahead, 0, KNEE.below - LEG],
      }),
    ),
    tendon: LEGS.flatMap(({ name }) => [
      tendon('swing', name, { ahead: 0.5, behind: 0.5 }),
      tendon('extension', name, { ahead: -0.5, behind: 0.5 }),
    ]),
    actuator: [
      ...LEGS.map(({ name }) => servo('swing', name)),
      ...LEGS.map(({ name }) => servo('extension', name)),
    ],
  },
  proprioception: {
    proprio: {
      size: SENSED,
      write: (simulation, out) => {
        const { qpos, qvel } = simulation
        for (let leg = 0; leg < COUNT; leg++) {
          out[2 * leg] = qpos[ROOT + HINGES * leg + AHEAD]
          out[2 * leg + 1] = qpos[ROOT + HINGES * leg + BEHIND]
        }
        rollAndPitch(simulation, out, 2 * COUNT)
        for (let axis = 0; axis < 3; axis++) out[2 * COUNT + 2 + axis] = qvel[3 + axis]
      },
    },
  },
  start: ({ qpos }, key) => {
    const swings = uniform(foldIn(key, 'swings'), COUNT)
    for (let leg = 0; leg < COUNT; leg++) {
      const swing = NOISE.value * (2 * swings[leg] - 1)
      qpos[ROOT + HINGES * leg + AHEAD] += swing
      qpos[ROOT + HINGES * leg + BEHIND] += swing
    }
  },
}
