import type { Task } from '../mujoco/model.ts'
import { runForward } from './runForward.ts'

/** Running with the default weights of Gymnasium's environments. */
export const halfCheetahRun: Task = runForward({ source: 'Gymnasium HalfCheetah-v5', control: 0.1 })
export const swimmerRun: Task = runForward({ source: 'Gymnasium Swimmer-v5', control: 1e-4 })
export const hopperRun: Task = runForward({ source: 'Gymnasium Hopper-v5', control: 1e-3, survive: 1 })
export const walker2dRun: Task = runForward({ source: 'Gymnasium Walker2d-v5', control: 1e-3, survive: 1 })
export const antRun: Task = runForward({
  source: 'Gymnasium Ant-v5',
  control: 0.5,
  survive: 1,
  contact: { weight: 5e-4, clip: 1 },
})
export const humanoidRun: Task = runForward({
  source: 'Gymnasium Humanoid-v5',
  speed: 1.25,
  control: 0.1,
  survive: 5,
  contact: { weight: 5e-7, most: 10 },
})
