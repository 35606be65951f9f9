import type { Camera } from './film.ts'
import { halfCheetahCamera } from './halfCheetah.ts'
import { minitaurCameras } from './minitaur.ts'
import { pendulumCamera } from './pendulum.ts'

export { halfCheetahCamera, pendulumCamera }
export type { Camera, Film, Lane, Pose, Recording } from './film.ts'

/** Cameras by id of the environment. */
export const cameras: Readonly<Record<string, Camera>> = {
  'half-cheetah': halfCheetahCamera,
  ...minitaurCameras,
  pendulum: pendulumCamera,
}
