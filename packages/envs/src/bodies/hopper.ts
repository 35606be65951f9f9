import type { Body } from '../mujoco/model.ts'
import type { Attributes } from '../mujoco/xml.ts'
import { element } from '../mujoco/xml.ts'
import { legJoints, planarLeg, STANDING_HEIGHT, trunk } from './planarLeg.ts'
import { jointGroup } from './proprioception.ts'
import { startNearRest } from './start.ts'

/** source: Gymnasium `Hopper-v5`. */
const FRICTION = 0.9
const GEAR = 200
const CONTACT: Attributes = { margin: 0.001, solref: [0.02, 1], solimp: [0.8, 0.8, 0.01] }
/** Health: the height of the trunk, its lean, and every other coordinate and velocity. */
const LEAST_HEIGHT = 0.7
const MAX_LEAN = 0.2
const MAX_STATE = 100
/** Largest velocity of the observation. */
const CLIP = 10
const START_NOISE = 5e-3

const CLASS = 'hopper'
const JOINTS = legJoints('')
/** x, z and pitch of the trunk, and the joints. */
const COORDINATES = 3 + JOINTS.length

/** A trunk on one leg, in a plane. */
export const hopper: Body = {
  name: 'hopper',
  source: 'Gymnasium Hopper-v5',
  timing: { timestep: 0.002, frameSkip: 4 },
  physics: { integrator: 'RK4' },
  action: { low: JOINTS.map(() => -1), high: JOINTS.map(() => 1) },
  surface: { ...CONTACT, condim: 3, size: [20, 20, 0.125] },
  forward: ({ qpos }) => qpos[0],
  healthy: ({ qpos, qvel }) => {
    for (let i = 2; i < COORDINATES; i++) if (!(Math.abs(qpos[i]) < MAX_STATE)) return false
    for (let i = 0; i < COORDINATES; i++) if (!(Math.abs(qvel[i]) < MAX_STATE)) return false
    return qpos[1] > LEAST_HEIGHT && Math.abs(qpos[2]) < MAX_LEAN
  },
  fragment: {
    default: [
      element('default', { class: CLASS }, [
        element('joint', { armature: 1, damping: 1 }),
        // It touches the arena and itself.
        element('geom', { contype: 1, conaffinity: 1, condim: 1, density: 1000, ...CONTACT }),
      ]),
    ],
    worldbody: [
      element('body', { name: 'torso', childclass: CLASS, pos: [0, 0, STANDING_HEIGHT] }, [
        ...trunk(FRICTION),
        planarLeg({
          suffix: '',
          friction: FRICTION,
          foot: { reach: 0.13, halfLength: 0.195, friction: 2 },
        }),
      ]),
    ],
    actuator: JOINTS.map((joint) => element('motor', { name: joint, joint, gear: GEAR, ctrlrange: [-1, 1] })),
  },
  /** Every position but x, then every velocity. */
  proprioception: {
    proprio: jointGroup({ positions: COORDINATES, velocities: COORDINATES, skip: 1, clip: CLIP }),
  },
  start: startNearRest({ positions: START_NOISE, velocities: START_NOISE, law: 'uniform' }),
}
