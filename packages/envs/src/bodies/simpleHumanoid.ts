import { chosen } from '../chosen.ts'
import type { Body } from '../mujoco/model.ts'
import type { Attributes } from '../mujoco/xml.ts'
import {
  inOwnFrame,
  joinGroups,
  ownRotation,
  ownVelocity,
  partPlaces,
  stateGroup,
  worldUp,
} from './egocentric.ts'
import type { HumanJoint } from './human.ts'
import { human, HUMAN_JOINTS } from './human.ts'
import { derivedGroup } from './proprioception.ts'
import { freeRoot } from './root.ts'
import { startAround } from './start.ts'

/** source: dm_control, suite, `humanoid`. Metres, torques in N m at the action 1. */
const CONTACT: Attributes = { condim: 1, friction: 0.7, solimp: [0.9, 0.99, 0.003], solref: [0.015, 1] }
const SMALL: Attributes = { damping: 0.2, stiffness: 1 }
const BIG: Attributes = { damping: 5, stiffness: 10 }
const STIFF: Attributes = { damping: 5, stiffness: 20 }
const JOINTS: Readonly<Record<HumanJoint, Attributes>> = {
  abdomen_z: STIFF,
  abdomen_y: BIG,
  abdomen_x: BIG,
  right_hip_x: BIG,
  right_hip_z: BIG,
  right_hip_y: STIFF,
  right_knee: SMALL,
  right_ankle_y: { ...SMALL, stiffness: 6 },
  right_ankle_x: { ...SMALL, stiffness: 3 },
  left_hip_x: BIG,
  left_hip_z: BIG,
  left_hip_y: STIFF,
  left_knee: SMALL,
  left_ankle_y: { ...SMALL, stiffness: 6 },
  left_ankle_x: { ...SMALL, stiffness: 3 },
  right_shoulder1: SMALL,
  right_shoulder2: SMALL,
  right_elbow: { ...SMALL, stiffness: 0 },
  left_shoulder1: SMALL,
  left_shoulder2: SMALL,
  left_elbow: { ...SMALL, stiffness: 0 },
}
const GEARS = {
  scale: 1,
  abdomen: 40,
  hip_x: 40,
  hip_z: 40,
  hip_y: 120,
  knee: 80,
  ankle: 20,
  shoulder: 20,
  elbow: 40,
}
const JOINT: Attributes = { armature: 0.01, solimplimit: [0, 0.99, 0.01] }
const KNEE_MOST = 2
/** source: the same. Bodies as MuJoCo numbers them: the head, and left hand and foot before the right ones. */
const HEAD = 2
const ENDS = [16, 10, 13, 7]

const HEIGHT = chosen(
  'height of the torso of the simple humanoid at the start, m',
  1.3,
  'it stands; the source places it in the air and then in any attitude',
)
const NOISE = chosen(
  'start of the simple humanoid: joint angles and velocities uniform within ±',
  0.01,
  'the source starts it in any attitude, from where it would first have to stand up; this is rllab’s noise',
)
const SENSES = chosen(
  'proprioception of the simple humanoid: velocities',
  'in the frame of the torso',
  'the source tells them in the world’s, which is no proprioception',
)
const HEALTHY = chosen(
  'the simple humanoid stands while the height of its torso is within, m',
  [0.8, 2],
  'rllab’s numbers for a body of the same size',
)

/** The human of 28 positions and 21 motors. It knows nothing of where it is or heads. */
export const simpleHumanoid: Body = {
  name: 'simple-humanoid',
  source: 'dm_control, suite, humanoid',
  chosen: [HEIGHT, NOISE, SENSES, HEALTHY],
  // source: the same.
  timing: { timestep: 0.005, frameSkip: 5 },
  feelsPose: true,
  action: { low: HUMAN_JOINTS.map(() => -1), high: HUMAN_JOINTS.map(() => 1) },
  surface: {},
  root: freeRoot,
  frail: [
    ...['torso', 'head', 'waist', 'pelvis'],
    ...['right', 'left'].flatMap((side) =>
      ['thigh', 'shin', 'upper_arm', 'lower_arm', 'hand'].map((part) => `${side}_${part}`),
    ),
  ],
  forward: ({ qpos }) => qpos[0],
  velocity: (simulation, out) => {
    const values = simulation.derived('subtree_linvel')
    for (let i = 0; i < 3; i++) out[i] = values[3 + i]
  },
  healthy: ({ qpos }) => qpos[2] >= HEALTHY.value[0] && qpos[2] <= HEALTHY.value[1],
  fragment: human({
    name: 'simple-humanoid',
    height: HEIGHT.value,
    geom: CONTACT,
    joint: JOINT,
    joints: JOINTS,
    kneeMost: KNEE_MOST,
    gears: GEARS,
    separateEnds: true,
  }),
  proprioception: {
    proprio: joinGroups(
      stateGroup('qpos', 7, HUMAN_JOINTS.length),
      derivedGroup({ name: 'xpos', from: 3 * HEAD + 2, size: 1 }),
      partPlaces(ENDS),
      worldUp,
      inOwnFrame('subtree_linvel', 3),
      ownVelocity,
      ownRotation,
      stateGroup('qvel', 6, HUMAN_JOINTS.length),
    ),
  },
  start: startAround({ joints: HUMAN_JOINTS.length, noise: NOISE.value }),
}
