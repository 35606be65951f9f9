import type { Body, ModelFragment } from '../mujoco/model.ts'
import { element } from '../mujoco/xml.ts'
import { legJoints, planarLeg, STANDING_HEIGHT, trunk } from './planarLeg.ts'
import { jointGroup } from './proprioception.ts'
import { startNearRest } from './start.ts'

/** source: Gymnasium `Walker2d-v5`. */
const FRICTION = 0.9
const FOOT = { reach: 0.2, halfLength: 0.1, friction: 1.9 }
const GEAR = 100
const SURFACE = { condim: 3, friction: [0.7, 0.1, 0.1] }
/** Health: the height of the trunk and its lean. */
const LEAST_HEIGHT = 0.8
const MOST_HEIGHT = 2
const MAX_LEAN = 1
/** Largest velocity of the observation. */
const CLIP = 10
const START_NOISE = 5e-3

const LEGS = ['', '_left']
const JOINTS = LEGS.flatMap(legJoints)
/** x, z and pitch of the trunk, and the joints. */
const COORDINATES = 3 + JOINTS.length

/** The walker's part of a model, with the friction of the right foot and the left. */
export function walkerFragment(name: string, feet: readonly [number, number]): ModelFragment {
  // source: the same.
  return {
    default: [
      element('default', { class: name }, [
        element('joint', { armature: 0.01, damping: 0.1 }),
        // It touches the arena, never itself.
        element('geom', { contype: 1, conaffinity: 0, density: 1000, ...SURFACE }),
      ]),
    ],
    worldbody: [
      element('body', { name: 'torso', childclass: name, pos: [0, 0, STANDING_HEIGHT] }, [
        ...trunk(FRICTION),
        ...LEGS.map((suffix, i) =>
          planarLeg({ suffix, friction: FRICTION, foot: { ...FOOT, friction: feet[i] } }),
        ),
      ]),
    ],
    actuator: JOINTS.map((joint) => element('motor', { name: joint, joint, gear: GEAR, ctrlrange: [-1, 1] })),
  }
}

/** A trunk on two legs, in a plane. */
export const walker2d: Body = {
  name: 'walker2d',
  source: 'Gymnasium Walker2d-v5',
  timing: { timestep: 0.002, frameSkip: 4 },
  physics: { integrator: 'RK4' },
  action: { low: JOINTS.map(() => -1), high: JOINTS.map(() => 1) },
  surface: SURFACE,
  forward: ({ qpos }) => qpos[0],
  healthy: ({ qpos }) => qpos[1] > LEAST_HEIGHT && qpos[1] < MOST_HEIGHT && Math.abs(qpos[2]) < MAX_LEAN,
  fragment: walkerFragment('walker2d', [FOOT.friction, FOOT.friction]),
  /** Every position but x, then every velocity. */
  proprioception: {
    proprio: jointGroup({ positions: COORDINATES, velocities: COORDINATES, skip: 1, clip: CLIP }),
  },
  start: startNearRest({ positions: START_NOISE, velocities: START_NOISE, law: 'uniform' }),
}
