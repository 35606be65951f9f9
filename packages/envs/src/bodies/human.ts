import type { ModelFragment } from '../mujoco/model.ts'
import type { Attributes } from '../mujoco/xml.ts'
import { element } from '../mujoco/xml.ts'

const DEGREE = Math.PI / 180

/** The joints, in the order of their coordinates. */
export const HUMAN_JOINTS = [
  'abdomen_z',
  'abdomen_y',
  'abdomen_x',
  'right_hip_x',
  'right_hip_z',
  'right_hip_y',
  'right_knee',
  'right_ankle_y',
  'right_ankle_x',
  'left_hip_x',
  'left_hip_z',
  'left_hip_y',
  'left_knee',
  'left_ankle_y',
  'left_ankle_x',
  'right_shoulder1',
  'right_shoulder2',
  'right_elbow',
  'left_shoulder1',
  'left_shoulder2',
  'left_elbow',
] as const

/** The name of a joint. */
export type HumanJoint = (typeof HUMAN_JOINTS)[number]

/** The joints in the order of the motors. */
const LEG_MOTORS = ['hip_x', 'hip_z', 'hip_y', 'knee', 'ankle_x', 'ankle_y']
const ARM_MOTORS = ['shoulder1', 'shoulder2', 'elbow']
const MOTORS = [
  ...['abdomen_y', 'abdomen_z', 'abdomen_x'],
  ...['right', 'left'].flatMap((side) => LEG_MOTORS.map((joint) => `${side}_${joint}`)),
  ...['right', 'left'].flatMap((side) => ARM_MOTORS.map((joint) => `${side}_${joint}`)),
]

/** What differs between rllab's human and dm_control's. Lengths in metres, angles in degrees. */
interface Human {
  readonly name: string
  /** Of the torso in the model. */
  readonly height: number
  /** What geoms and joints have in common. */
  readonly geom: Attributes
  readonly joint: Attributes
  /** Damping, stiffness and armature of each joint, apart from that. */
  readonly joints: Readonly<Record<HumanJoint, Attributes>>
  /** How far the knees stretch. */
  readonly kneeMost: number
  /** Torque in N m at the control 1, and the control at the action 1. */
  readonly gears: Readonly<Record<string, number>> & { readonly scale: number }
  /** Whether head and hands are bodies of their own. */
  readonly separateEnds: boolean
}

interface Side {
  readonly name: 'right' | 'left'
  readonly y: 1 | -1
}
type Vector = readonly [number, number, number]

/** source: rllab's `humanoid` and dm_control's, which are alike in this: places, sizes, axes and ranges. */
export function human(of: Human): ModelFragment {
  const hinge = (
    name: HumanJoint,
    { axis, range, pos }: { axis: Vector; range: readonly [number, number]; pos?: Vector },
  ): string =>
    element('joint', {
      name,
      type: 'hinge',
      axis,
      pos,
      range: range.map((a) => a * DEGREE),
      ...of.joints[name],
    })
  const capsule = (name: string, size: number, [from, to]: readonly [Vector, Vector]): string =>
    element('geom', { name, type: 'capsule', size, fromto: [...from, ...to] })
  /** A sphere at the end of a limb: a body where ends are separate. */
  const end = (name: string, size: number, pos: Vector): string =>
    of.separateEnds
      ? element('body', { name, pos }, [element('geom', { name, type: 'sphere', size })])
      : element('geom', { name, type: 'sphere', size, pos })
  const lean = [1, 0, -0.002, 0]

  const leg = ({ name, y }: Side): string =>
    element('body', { name: `${name}_thigh`, pos: [0, 0.1 * y, -0.04] }, [
      hinge(`${name}_hip_x`, { axis: [-y, 0, 0], range: [-25, 5] }),
      hinge(`${name}_hip_z`, { axis: [0, 0, -y], range: [-60, 35] }),
      hinge(`${name}_hip_y`, { axis: [0, 1, 0], range: [y < 0 ? -110 : -120, 20] }),
      capsule(`${name}_thigh`, 0.06, [
        [0, 0, 0],
        [0, -0.01 * y, -0.34],
      ]),
      element('body', { name: `${name}_shin`, pos: [0, -0.01 * y, -0.403] }, [
        hinge(`${name}_knee`, { axis: [0, -1, 0], range: [-160, of.kneeMost], pos: [0, 0, 0.02] }),
        capsule(`${name}_shin`, 0.049, [
          [0, 0, 0],
          [0, 0, -0.3],
        ]),
        element('body', { name: `${name}_foot`, pos: [0, 0, -0.39] }, [
          hinge(`${name}_ankle_y`, { axis: [0, 1, 0], range: [-50, 50], pos: [0, 0, 0.08] }),
          hinge(`${name}_ankle_x`, { axis: [1, 0, 0.5], range: [-50, 50], pos: [0, 0, 0.04] }),
          capsule(`${name}_sole`, 0.027, [
            [-0.07, 0.02 * y, 0],
            [0.14, 0.04 * y, 0],
          ]),
          capsule(`${name}_inner_sole`, 0.027, [
            [-0.07, 0, 0],
            [0.14, -0.02 * y, 0],
          ]),
        ]),
      ]),
    ])

  const arm = ({ name, y }: Side): string => {
    const shoulder: readonly [number, number] = y < 0 ? [-85, 60] : [-60, 85]
    const lower = capsule(`${name}_lower_arm`, 0.031, [
      [0.01, -0.01 * y, 0.01],
      [0.17, -0.17 * y, 0.17],
    ])
    return element('body', { name: `${name}_upper_arm`, pos: [0, 0.17 * y, 0.06] }, [
      hinge(`${name}_shoulder1`, { axis: [2, -y, 1], range: shoulder }),
      hinge(`${name}_shoulder2`, { axis: [0, y, 1], range: shoulder }),
      capsule(`${name}_upper_arm`, 0.04, [
        [0, 0, 0],
        [0.16, 0.16 * y, -0.16],
      ]),
      element('body', { name: `${name}_lower_arm`, pos: [0.18, 0.18 * y, -0.18] }, [
        hinge(`${name}_elbow`, { axis: [0, -1, -y], range: [-90, 50] }),
        lower,
        end(`${name}_hand`, 0.04, [0.18, -0.18 * y, 0.18]),
      ]),
    ])
  }

  const sides: readonly Side[] = [
    { name: 'right', y: -1 },
    { name: 'left', y: 1 },
  ]
  const gear = (joint: string): number => {
    const kind = Object.keys(of.gears).find((name) => joint.includes(name))
    if (kind === undefined) throw new RangeError(`human: gears must have one of "${joint}", got none`)
    return of.gears.scale * of.gears[kind]
  }
  return {
    default: [element('default', { class: of.name }, [element('joint', of.joint), element('geom', of.geom)])],
    worldbody: [
      element('body', { name: 'torso', childclass: of.name, pos: [0, 0, of.height] }, [
        element('freejoint', { name: 'root' }),
        capsule('chest', 0.07, [
          [0, -0.07, 0],
          [0, 0.07, 0],
        ]),
        capsule('upper_waist', 0.06, [
          [-0.01, -0.06, -0.12],
          [-0.01, 0.06, -0.12],
        ]),
        end('head', 0.09, [0, 0, 0.19]),
        element('body', { name: 'waist', pos: [-0.01, 0, -0.26], quat: lean }, [
          hinge('abdomen_z', { axis: [0, 0, 1], range: [-45, 45], pos: [0, 0, 0.065] }),
          hinge('abdomen_y', { axis: [0, 1, 0], range: [-75, 30], pos: [0, 0, 0.065] }),
          capsule('waist', 0.06, [
            [0, -0.06, 0],
            [0, 0.06, 0],
          ]),
          element('body', { name: 'pelvis', pos: [0, 0, -0.165], quat: lean }, [
            hinge('abdomen_x', { axis: [1, 0, 0], range: [-35, 35], pos: [0, 0, 0.1] }),
            capsule('pelvis', 0.09, [
              [-0.02, -0.07, 0],
              [-0.02, 0.07, 0],
            ]),
            ...sides.map(leg),
          ]),
        ]),
        ...sides.map(arm),
      ]),
    ],
    actuator: MOTORS.map((joint) =>
      element('motor', { name: joint, joint, gear: gear(joint), ctrlrange: [-1, 1] }),
    ),
  }
}
