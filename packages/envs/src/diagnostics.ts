export { liveHandles } from './mujoco/module.ts'
export type { BareLoop } from './bare-loop.ts'
export { createBareLoop } from './bare-loop.ts'
