import { chosen } from '../chosen.ts'
import type { Body } from '../mujoco/model.ts'
import type { Attributes } from '../mujoco/xml.ts'
import { antFragment, BODIES, MOTORS, POSITIONS, SURFACE, VELOCITIES } from './ant.ts'
import { joinGroups, stateGroup } from './egocentric.ts'
import type { HumanJoint } from './human.ts'
import { human, HUMAN_JOINTS } from './human.ts'
import { derivedGroup } from './proprioception.ts'
import { freeRoot } from './root.ts'
import { startNearRest } from './start.ts'
import { COORDINATES, MEDIUM, snake, snakeBody } from './swimmer.ts'

/** source: rllab, `MujocoEnv`: noise of the start, positions and velocities normal. */
const START = { positions: 0.01, positionLaw: 'normal', velocities: 0.1, law: 'normal' } as const
/** source: rllab, `AntEnv` and `SimpleHumanoidEnv`: the largest contact force and torque of the observation. */
const CLIP = 1

const ACTIONS = chosen(
  "rllab's bodies: actions",
  'within ±1, the whole range of a motor',
  'the released code normalises every environment of rllab so',
)
const FORCES = chosen(
  "rllab's bodies: contact forces",
  'those of the last evaluation within the time step',
  'rllab evaluates them once more after it, which would cost a fifth of the speed',
)

/** Where the centre of mass goes: the first body of the model and all that hangs on it. */
const velocity: Body['velocity'] = (simulation, out) => {
  const values = simulation.derived('subtree_linvel')
  for (let i = 0; i < 3; i++) out[i] = values[3 + i]
}
const centre = derivedGroup({ name: 'subtree_com', from: 3, size: 3 })

/** The state, every position and every velocity: rllab shows where a body is. */
const wholeState = (positions: number, velocities: number): Body['proprioception'][string] =>
  joinGroups(stateGroup('qpos', 0, positions), stateGroup('qvel', 0, velocities))

/** source: rllab, `SwimmerEnv` and its model. */
const SWIMMER = {
  gear: 50,
  timing: { timestep: 0.001, frameSkip: 50 },
  physics: { integrator: 'Euler', iterations: 1000, ...MEDIUM },
}

/** rllab's snake of three links: the geometry of Gymnasium's without armature, in smaller time steps. */
export const swimmerRllab: Body = {
  name: 'swimmer-rllab',
  source: 'rllab, SwimmerEnv',
  chosen: [ACTIONS],
  timing: SWIMMER.timing,
  physics: SWIMMER.physics,
  ...snakeBody,
  feelsPose: true,
  forward: (simulation) => simulation.derived('subtree_com')[3],
  velocity,
  fragment: snake({ name: 'swimmer-rllab', gear: SWIMMER.gear, armature: 0 }),
  proprioception: { proprio: wholeState(COORDINATES, COORDINATES), centre },
  start: startNearRest(START),
}

/** source: rllab, `AntEnv` and its model. */
const ANT = {
  surface: { ...SURFACE, solref: [0.02, 1], solimp: [0.8, 0.8, 0.01] } satisfies Attributes,
  timing: { timestep: 0.02, frameSkip: 1 },
  height: 0.55,
  /** The ankles, from the first leg. */
  ankles: [1, -1, -1, 1],
  healthy: { least: 0.2, most: 1 },
}

/** layout: the first ankle among the positions. */
const ANKLE = 8

const antNoise = startNearRest(START)

/** rllab's ant: the geometry of Gymnasium's with another time step, contacts and start. */
export const antRllab: Body = {
  name: 'ant-rllab',
  source: 'rllab, AntEnv',
  chosen: [ACTIONS, FORCES],
  timing: ANT.timing,
  physics: { integrator: 'RK4' },
  feelsContact: true,
  feelsPose: true,
  action: { low: MOTORS.map(() => -1), high: MOTORS.map(() => 1) },
  surface: ANT.surface,
  forward: (simulation) => simulation.derived('subtree_com')[3],
  root: freeRoot,
  velocity,
  healthy: ({ qpos }) => qpos[2] >= ANT.healthy.least && qpos[2] <= ANT.healthy.most,
  fragment: antFragment('ant-rllab', ANT.surface),
  proprioception: {
    proprio: wholeState(POSITIONS, VELOCITIES),
    /** Torque and force on each body from outside, the world's first. */
    contact: derivedGroup({ name: 'cfrc_ext', from: 0, size: 6 * (BODIES + 1), clip: CLIP }),
    /** Rotation matrix of the torso, row by row. */
    orientation: derivedGroup({ name: 'xmat', from: 9, size: 9 }),
    centre,
  },
  start: (simulation, key) => {
    const { qpos } = simulation
    qpos[2] = ANT.height
    for (let leg = 0; leg < ANT.ankles.length; leg++) qpos[ANKLE + 2 * leg] = ANT.ankles[leg]
    antNoise(simulation, key)
  },
}

/** source: rllab, `HumanoidEnv` and its model. Torques in N m at the action 1, which is a control of 0.4. */
const CONTROL = 0.4
const JOINTS: Readonly<Record<HumanJoint, Attributes>> = {
  abdomen_z: { damping: 5, stiffness: 20, armature: 0.02 },
  abdomen_y: { damping: 5, stiffness: 10, armature: 0.02 },
  abdomen_x: { damping: 5, stiffness: 10, armature: 0.02 },
  right_hip_x: { damping: 5, stiffness: 10, armature: 0.01 },
  right_hip_z: { damping: 5, stiffness: 10, armature: 0.01 },
  right_hip_y: { damping: 5, stiffness: 20, armature: 0.008 },
  right_knee: { armature: 0.006 },
  right_ankle_y: { stiffness: 4, armature: 0.0008 },
  right_ankle_x: { stiffness: 1, armature: 0.0006 },
  left_hip_x: { damping: 5, stiffness: 10, armature: 0.01 },
  left_hip_z: { damping: 5, stiffness: 10, armature: 0.01 },
  left_hip_y: { damping: 5, stiffness: 20, armature: 0.01 },
  left_knee: { stiffness: 1, armature: 0.006 },
  left_ankle_y: { stiffness: 4, armature: 0.0008 },
  left_ankle_x: { stiffness: 1, armature: 0.0006 },
  right_shoulder1: { stiffness: 1, armature: 0.0068 },
  right_shoulder2: { stiffness: 1, armature: 0.0051 },
  right_elbow: { armature: 0.0028 },
  left_shoulder1: { stiffness: 1, armature: 0.0068 },
  left_shoulder2: { stiffness: 1, armature: 0.0051 },
  left_elbow: { armature: 0.0028 },
}
const gears = {
  abdomen: 200,
  hip_x: 200,
  hip_z: 200,
  hip_y: 600,
  knee: 400,
  ankle: 100,
  shoulder: 100,
  elbow: 200,
}
const HUMANOID = {
  height: 1.4,
  contact: { margin: 0.001, solref: [0.02, 1], solimp: [0.8, 0.8, 0.01] } satisfies Attributes,
  timing: { timestep: 0.002, frameSkip: 4 },
  physics: { integrator: 'RK4', solver: 'PGS', iterations: 50 },
  kneeMost: -2,
  healthy: { least: 0.8, most: 2 },
  bodies: 14,
}

/** rllab's humanoid with ankles: 21 motors. */
export const humanoidRllab: Body = {
  name: 'humanoid-rllab',
  source: 'rllab, HumanoidEnv',
  chosen: [ACTIONS, FORCES],
  timing: HUMANOID.timing,
  physics: HUMANOID.physics,
  feelsContact: true,
  feelsPose: true,
  action: { low: HUMAN_JOINTS.map(() => -1), high: HUMAN_JOINTS.map(() => 1) },
  surface: { ...HUMANOID.contact, condim: 3 },
  forward: (simulation) => simulation.derived('subtree_com')[3],
  root: freeRoot,
  velocity,
  healthy: ({ qpos }) => qpos[2] >= HUMANOID.healthy.least && qpos[2] <= HUMANOID.healthy.most,
  fragment: human({
    name: 'humanoid-rllab',
    height: HUMANOID.height,
    geom: { condim: 1, ...HUMANOID.contact },
    joint: { damping: 1 },
    joints: JOINTS,
    kneeMost: HUMANOID.kneeMost,
    gears: { scale: CONTROL, ...gears },
    separateEnds: false,
  }),
  proprioception: {
    proprio: wholeState(HUMAN_JOINTS.length + 7, HUMAN_JOINTS.length + 6),
    /** Torque and force on each body from outside, the world's first. */
    contact: derivedGroup({ name: 'cfrc_ext', from: 0, size: 6 * HUMANOID.bodies, clip: CLIP }),
    centre,
  },
  start: startNearRest(START),
}
