import { foldIn, uniform } from '@maxent/core/keys'
import type { Body } from '../mujoco/model.ts'
import type { Attributes } from '../mujoco/xml.ts'
import { element } from '../mujoco/xml.ts'
import { joinGroups, stateGroup } from './egocentric.ts'
import { derivedGroup } from './proprioception.ts'

/** source: Gymnasium `Pusher-v5`. Metres, radians, N m. Links of the arm, shoulder first, along x at rest. */
const SHOULDER = [0, -0.6, 0]
const UPPER = 0.4
const FORE = 0.291
const WRIST = 0.321
/** source: the same. Half the width of the fork at the end of the arm, and the length of its prongs. */
const FORK = 0.1
const TORQUE = 2
/** source: the same. */
const TABLE = { middle: [0, 0.5, -0.325], size: [1, 1, 0.1] }
const OBJECT = [0.45, -0.05, -0.275]
const GOAL = [0.45, -0.05, -0.323]
/** source: the same. Density of the object and of the goal, which is only seen, kg/m³. */
const DENSITY = { object: 0.01, goal: 1e-5 }
const JOINT: Attributes = { armature: 0.04, damping: 1 }
const GEOM: Attributes = {
  friction: [0.8, 0.1, 0.1],
  density: 300,
  margin: 0.002,
  condim: 1,
  contype: 0,
  conaffinity: 0,
}
const LOOSE = 0.1
const SLIDE: Attributes = { type: 'slide', range: [-10.3213, 10.3], damping: 0.5 }
/** source: the same. The object lies so far from the middle of its slides along y and along x, and no nearer to the goal. */
const START = { y: [-0.3, 0], x: [-0.2, 0.2], least: 0.17, velocities: 0.005 } as const

/** source: the same. What collides. */
const TOUCHES: Attributes = { contype: 1, conaffinity: 1 }
const CLASS = 'pusher'
/** layout: joints of the arm; and bodies by number, after the world and the links. */
const ARM = 7
const HAND = 10
const OBJECT_BODY = 11
const GOAL_BODY = 12

interface Joint {
  readonly name: string
  readonly axis: readonly number[]
  readonly range: readonly number[]
  readonly damping?: number
}

const [ROLL, PITCH, YAW] = [
  [1, 0, 0],
  [0, 1, 0],
  [0, 0, 1],
]

/** source: Gymnasium, model asset. In the order of coordinates and motors. */
const JOINTS = {
  pan: { name: 'shoulder_pan', axis: YAW, range: [-2.2854, 1.714602] },
  lift: { name: 'shoulder_lift', axis: PITCH, range: [-0.5236, 1.3963] },
  upperRoll: { name: 'upper_arm_roll', axis: ROLL, range: [-1.5, 1.7], damping: LOOSE },
  elbow: { name: 'elbow_flex', axis: PITCH, range: [-2.3213, 0], damping: LOOSE },
  foreRoll: { name: 'forearm_roll', axis: ROLL, range: [-1.5, 1.5], damping: LOOSE },
  wrist: { name: 'wrist_flex', axis: PITCH, range: [-1.094, 0], damping: LOOSE },
  wristRoll: { name: 'wrist_roll', axis: ROLL, range: [-1.5, 1.5], damping: LOOSE },
} as const satisfies Record<string, Joint>

const hinge = ({ name, axis, range, damping }: Joint): string =>
  element('joint', { name, type: 'hinge', axis, range, damping })

const link = (fromto: readonly number[], size: number, more: Attributes = {}): string =>
  element('geom', { type: 'capsule', fromto, size, ...more })

const ball = (pos: readonly number[], size: number): string => element('geom', { type: 'sphere', pos, size })

/** A thing on two slides, along y and then along x. */
const sliding = (name: string, pos: readonly number[], geom: Attributes): string =>
  element('body', { name, childclass: CLASS, pos }, [
    element('geom', { name, type: 'cylinder', ...geom }),
    element('joint', { name: `${name}_y`, axis: [0, 1, 0], ...SLIDE }),
    element('joint', { name: `${name}_x`, axis: [1, 0, 0], ...SLIDE }),
  ])

/** source: Gymnasium, model asset. Elbow and all that hangs on it. */
const forearm = (): string =>
  element('body', { name: 'elbow', pos: [UPPER, 0, 0] }, [
    link([0, -0.02, 0, 0, 0.02, 0], 0.06),
    hinge(JOINTS.elbow),
    element('body', { name: 'forearm_roll' }, [
      link([-0.1, 0, 0, 0.1, 0, 0], 0.02),
      hinge(JOINTS.foreRoll),
      element('body', { name: 'forearm' }, [
        link([0, 0, 0, FORE, 0, 0], 0.05),
        element('body', { name: 'wrist', pos: [WRIST, 0, 0] }, [
          link([0, -0.02, 0, 0, 0.02, 0], 0.01),
          hinge(JOINTS.wrist),
          element('body', { name: 'fork' }, [
            hinge(JOINTS.wristRoll),
            element('body', { name: 'hand' }, [ball([FORK, -FORK, 0], 0.01), ball([FORK, FORK, 0], 0.01)]),
            link([0, -FORK, 0, 0, FORK, 0], 0.02, TOUCHES),
            link([0, -FORK, 0, FORK, -FORK, 0], 0.02, TOUCHES),
            link([0, FORK, 0, FORK, FORK, 0], 0.02, TOUCHES),
          ]),
        ]),
      ]),
    ]),
  ])

/** source: Gymnasium, model asset. */
const arm = (): string =>
  element('body', { name: 'shoulder_pan', childclass: CLASS, pos: SHOULDER }, [
    ball([-0.06, 0.05, 0.2], 0.05),
    ball([0.06, 0.05, 0.2], 0.05),
    ball([-0.06, 0.09, 0.2], 0.03),
    ball([0.06, 0.09, 0.2], 0.03),
    link([0, 0, -0.4, 0, 0, 0.2], 0.1),
    hinge(JOINTS.pan),
    element('body', { name: 'shoulder_lift', pos: [0.1, 0, 0] }, [
      link([0, -0.1, 0, 0, 0.1, 0], 0.1),
      hinge(JOINTS.lift),
      element('body', { name: 'upper_arm_roll' }, [
        link([-0.1, 0, 0, 0.1, 0, 0], 0.02),
        hinge(JOINTS.upperRoll),
        element('body', { name: 'upper_arm' }, [link([0, 0, 0, UPPER, 0, 0], 0.06), forearm()]),
      ]),
    ]),
  ])

/** Where a part is. */
const place = (part: number): Body['proprioception'][string] =>
  derivedGroup({ name: 'xpos', from: 3 * part, size: 3 })

/** Where the object begins on its slides, along y and along x. */
function drawObject(key: Parameters<Body['start']>[1]): [number, number] {
  for (let attempt = 0; ; attempt++) {
    const [u, v] = uniform(foldIn(key, attempt), 2)
    const y = START.y[0] + (START.y[1] - START.y[0]) * u
    const x = START.x[0] + (START.x[1] - START.x[0]) * v
    if (Math.hypot(x, y) > START.least) return [y, x]
  }
}

/** An arm of seven joints that ends in a fork, over a table with a cylinder and a goal; no gravity. */
export const pusher: Body = {
  name: 'pusher',
  source: 'Gymnasium Pusher-v5',
  timing: { timestep: 0.01, frameSkip: 5 },
  physics: { gravity: [0, 0, 0], iterations: 20, integrator: 'Euler' },
  action: { low: Array<number>(ARM).fill(-TORQUE), high: Array<number>(ARM).fill(TORQUE) },
  surface: {},
  pushes: { hand: HAND, object: OBJECT_BODY, goal: GOAL_BODY },
  fragment: {
    default: [element('default', { class: CLASS }, [element('joint', JOINT), element('geom', GEOM)])],
    worldbody: [
      element('geom', {
        name: 'table',
        class: CLASS,
        type: 'plane',
        pos: TABLE.middle,
        size: TABLE.size,
        ...TOUCHES,
      }),
      arm(),
      sliding('object', OBJECT, { size: [0.05, 0.05, 0.05], density: DENSITY.object, contype: 1 }),
      sliding('goal', GOAL, { size: [0.08, 0.001, 0.1], density: DENSITY.goal }),
    ],
    actuator: Object.values(JOINTS).map(({ name }) =>
      element('motor', { name, joint: name, ctrlrange: [-TORQUE, TORQUE] }),
    ),
  },
  proprioception: {
    /** Angles of the joints, then their velocities. */
    proprio: joinGroups(stateGroup('qpos', 0, ARM), stateGroup('qvel', 0, ARM)),
    hand: place(HAND),
    object: place(OBJECT_BODY),
    goal: place(GOAL_BODY),
  },
  start: ({ qpos, qvel }, key) => {
    const pushes = uniform(foldIn(key, 'velocities'), ARM)
    for (let i = 0; i < ARM; i++) qvel[i] += START.velocities * (2 * pushes[i] - 1)
    qpos.set(drawObject(foldIn(key, 'object')), ARM)
  },
}
