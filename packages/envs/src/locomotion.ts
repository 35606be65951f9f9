import { blocks, flat, slope, stairs } from './arenas/terrains.ts'
import { ball } from './bodies/ball.ts'
import { antV1, halfCheetahV1, hopperV1, humanoidV1, walker2dV1 } from './bodies/gymV1.ts'
import { halfCheetah } from './bodies/halfCheetah.ts'
import { minitaur } from './bodies/minitaur.ts'
import { derivedGroup } from './bodies/proprioception.ts'
import { antRllab, humanoidRllab, swimmerRllab } from './bodies/rllab.ts'
import { simpleHumanoid } from './bodies/simpleHumanoid.ts'
import type { Body, Task } from './mujoco/model.ts'
import { directions } from './tasks/directions.ts'
import { antRunV1, halfCheetahRunV1, hopperRunV1, humanoidRunV1, walker2dRunV1 } from './tasks/gymV1.ts'
import {
  antAnyDirection,
  antRllabRun,
  humanoidAnyDirection,
  humanoidRllabRun,
  swimmerAnyDirection,
  swimmerRllabRun,
} from './tasks/rllab.ts'
import { placedSpeed, speed } from './tasks/speed.ts'
import { targetVelocity } from './tasks/targetVelocity.ts'
import { walk } from './tasks/walk.ts'

/** The names of {@link locomotion}. */
export type LocomotionId =
  | 'hopper-v1'
  | 'walker2d-v1'
  | 'half-cheetah-v1'
  | 'ant-v1'
  | 'humanoid-v1'
  | 'swimmer-rllab'
  | 'ant-rllab'
  | 'humanoid-rllab'
  | 'swimmer-any-direction'
  | 'ant-any-direction'
  | 'humanoid-any-direction'
  | 'ant-speed'
  | 'ball-speed'
  | 'half-cheetah-velocity'
  | 'humanoid-directions'
  | 'minitaur-walk'
  | 'minitaur-slope'
  | 'minitaur-blocks'
  | 'minitaur-stairs'

/** The half-cheetah that also sees where its torso is; source: PEARL, `half_cheetah_vel`. */
const placedCheetah: Body = {
  ...halfCheetah,

  proprioception: {
    ...halfCheetah.proprioception,
    torso: derivedGroup({ name: 'xpos', from: 3, size: 3 }),
  },
}

/** Bodies that run and walk on open ground, beyond Gymnasium's. */
export const locomotion: Readonly<
  Record<LocomotionId, { readonly body: Body; readonly task: Task; readonly description: string }>
> = {
  'hopper-v1': {
    body: hopperV1,
    task: hopperRunV1,
    description: 'Hop forward as fast as possible, in the version of the papers.',
  },
  'walker2d-v1': {
    body: walker2dV1,
    task: walker2dRunV1,
    description: 'Walk forward on two legs in a plane, in the version of the papers.',
  },
  'half-cheetah-v1': {
    body: halfCheetahV1,
    task: halfCheetahRunV1,
    description: 'Run forward on two legs in a plane, in the version of the papers.',
  },
  'ant-v1': {
    body: antV1,
    task: antRunV1,
    description: 'Run forward on four legs, in the version of the papers.',
  },
  'humanoid-v1': {
    body: humanoidV1,
    task: humanoidRunV1,
    description: 'Run forward on two legs without falling, in the version of the papers.',
  },
  'swimmer-rllab': {
    body: swimmerRllab,
    task: swimmerRllabRun,
    description: 'Swim forward as fast as possible.',
  },
  'ant-rllab': { body: antRllab, task: antRllabRun, description: 'Run forward on four legs.' },
  'humanoid-rllab': {
    body: humanoidRllab,
    task: humanoidRllabRun,
    description: 'Run forward on two legs with ankles.',
  },
  'swimmer-any-direction': {
    body: swimmerRllab,
    task: swimmerAnyDirection,
    description: 'Swim as fast as possible, anywhere forward.',
  },
  'ant-any-direction': {
    body: antRllab,
    task: antAnyDirection,
    description: 'Run as fast as possible on four legs, wherever to.',
  },
  'humanoid-any-direction': {
    body: humanoidRllab,
    task: humanoidAnyDirection,
    description: 'Run as fast as possible on two legs, wherever to.',
  },
  'ant-speed': {
    body: antRllab,
    task: speed,
    description: 'Move as fast as possible on four legs without flipping over, wherever to.',
  },
  'ball-speed': {
    body: ball,
    task: placedSpeed,
    description: 'Roll as fast as possible, wherever to.',
  },
  'half-cheetah-velocity': {
    body: placedCheetah,
    task: targetVelocity,
    description: 'Run forward at a given velocity.',
  },
  'humanoid-directions': {
    body: simpleHumanoid,
    task: directions,
    description: 'Walk forward, back, left or right; half-way the direction changes.',
  },
  'minitaur-walk': {
    body: minitaur,
    task: walk(flat),
    description: 'Walk ahead on flat ground, with legs of five bars on eight motors.',
  },
  'minitaur-slope': {
    body: minitaur,
    task: walk(slope),
    description: 'Walk up a slope and down, as learned on flat ground.',
  },
  'minitaur-blocks': {
    body: minitaur,
    task: walk(blocks),
    description: 'Walk through a wall of loose wooden blocks, as learned on flat ground.',
  },
  'minitaur-stairs': {
    body: minitaur,
    task: walk(stairs),
    description: 'Walk down stairs, as learned on flat ground.',
  },
}
