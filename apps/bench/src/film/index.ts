export { halfCheetahCamera } from './halfCheetah.ts'
export { pendulumCamera } from './pendulum.ts'
export type { Camera, Film, Lane, Pose, Recording } from './film.ts'
