/**
 * Environments with Gymnasium's meaning of every word: by name, in vectors, wrapped, checked, and as pictures.
 * @module
 */
export type { VisibleEnv } from './episodes.ts'
export type { Camera, FreeCamera, TrackingCamera } from './render/camera.ts'
export type { Image, PngOptions } from './render/image.ts'
export { encodePng } from './render/image.ts'
export type { RenderOptions } from './render/options.ts'
export type { Chosen, ChosenValue } from './chosen.ts'
export { chosen, generalChosen } from './chosen.ts'
export type { EnvId, EnvInfo, EnvOptions, GaussianGoalsOptions } from './registry.ts'
export type { LowLevel, LowLevelName } from './lowLevel.ts'
export { lowLevels } from './lowLevel.ts'
export type { TaskSplit } from './mujoco/model.ts'
export { envId, listEnvs, makeEnv } from './registry.ts'
export { diagonalWorld } from './grids/diagonal.ts'
export { targetWorld } from './grids/target.ts'
export * from './wrappers/index.ts'
export type { ObservationRows, VectorEnv, VectorStep } from './vectorEnv.ts'
export { vectorEnv } from './vectorEnv.ts'
export type { CheckEnvOptions, EnvProblem } from './checkEnv.ts'
export { checkEnv } from './checkEnv.ts'
