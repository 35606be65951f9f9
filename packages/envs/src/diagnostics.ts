/**
 * What measurements of the environments need.
 * @module
 */
export { liveHandles } from './mujoco/module.ts'
export type { BareLoop } from './bareLoop.ts'
export { createBareLoop } from './bareLoop.ts'
