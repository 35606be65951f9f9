export { halfCheetahCamera } from './half-cheetah.ts'
export { pendulumCamera } from './pendulum.ts'
export type { Camera, Film, Lane, Pose, Recording } from './film.ts'
