import type { Body } from '../mujoco/model.ts'
import { ant, BODIES as ANT_BODIES } from './ant.ts'
import { halfCheetah } from './halfCheetah.ts'
import { hopper } from './hopper.ts'
import { BODIES as HUMANOID_BODIES, humanoid, humanoidFragment, VELOCITIES } from './humanoid.ts'
import { derivedGroup } from './proprioception.ts'
import { walker2d, walkerFragment } from './walker2d.ts'

/** source: OpenAI Gym 0.7.4, models and `_get_obs`: where `-v1` differs from Gymnasium's `-v5`. */
const WALKER_FEET = [0.9, 1.9] as const
const HUMANOID_LEFT_HIP = -120
const CLIP = 1
/** source: the same; numbers of the inertia and of the velocity of a body. */
const INERTIA = 10
const SPATIAL = 6

const version1 = (body: Body, gym: string): Body => ({
  ...body,
  name: `${body.name}-v1`,
  source: `OpenAI Gym ${gym}-v1`,
})

export const hopperV1: Body = version1(hopper, 'Hopper')
export const halfCheetahV1: Body = version1(halfCheetah, 'HalfCheetah')

/** The right foot slips more than the left. */
export const walker2dV1: Body = {
  ...version1(walker2d, 'Walker2d'),
  fragment: walkerFragment('walker2d', WALKER_FEET),
}

/** It feels contact forces of the world, too, which are always 0: 111 numbers in all. */
export const antV1: Body = {
  ...version1(ant, 'Ant'),
  proprioception: {
    proprio: ant.proprioception.proprio,
    contact: derivedGroup({ name: 'cfrc_ext', from: 0, size: SPATIAL * (ANT_BODIES + 1), clip: CLIP }),
  },
}

/** It feels the world and the torques on its root, too, which are 0: 376 numbers in all. Its left hip bends further. */
export const humanoidV1: Body = {
  ...version1(humanoid, 'Humanoid'),
  fragment: humanoidFragment('humanoid', HUMANOID_LEFT_HIP),
  proprioception: {
    proprio: humanoid.proprioception.proprio,
    inertia: derivedGroup({ name: 'cinert', from: 0, size: INERTIA * (HUMANOID_BODIES + 1) }),
    velocity: derivedGroup({ name: 'cvel', from: 0, size: SPATIAL * (HUMANOID_BODIES + 1) }),
    actuator: derivedGroup({ name: 'qfrc_actuator', from: 0, size: VELOCITIES }),
    contact: derivedGroup({ name: 'cfrc_ext', from: 0, size: SPATIAL * (HUMANOID_BODIES + 1) }),
  },
}
