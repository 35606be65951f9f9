import type { Task } from '../mujoco/model.ts'
import { runForward } from './runForward.ts'

/** Running with the weights of OpenAI Gym's `-v1`, which pays for surviving in every step. */
export const halfCheetahRunV1: Task = runForward({ source: 'OpenAI Gym HalfCheetah-v1', control: 0.1 })
export const hopperRunV1: Task = runForward({
  source: 'OpenAI Gym Hopper-v1',
  control: 1e-3,
  survive: 1,
  surviveLast: true,
})
export const walker2dRunV1: Task = runForward({
  source: 'OpenAI Gym Walker2d-v1',
  control: 1e-3,
  survive: 1,
  surviveLast: true,
})
export const antRunV1: Task = runForward({
  source: 'OpenAI Gym Ant-v1',
  control: 0.5,
  survive: 1,
  surviveLast: true,
  contact: { weight: 5e-4, clip: 1 },
})
export const humanoidRunV1: Task = runForward({
  source: 'OpenAI Gym Humanoid-v1',
  speed: 1.25,
  control: 0.1,
  survive: 5,
  surviveLast: true,
  contact: { weight: 5e-7, most: 10 },
})
