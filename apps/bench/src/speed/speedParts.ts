import { measureActing, type ActingSpeed } from './acting.ts'
import type { Effort } from './effort.ts'
import { measureEndToEnd, type EndToEndSpeed } from './endToEnd.ts'
import { measureEnvs, type EnvSpeed } from './envs.ts'
import { measureEstimators, type EstimatorSpeed } from './estimators.ts'
import { measureRng, type RngSpeed } from './rng.ts'
import { measureUpdate, type UpdateSpeed } from './update.ts'

/** What each part gives. */
export interface PartResults {
  readonly update: UpdateSpeed
  readonly update2: UpdateSpeed
  readonly acting: ActingSpeed
  readonly envs: EnvSpeed
  readonly endToEnd: EndToEndSpeed
  readonly rng: RngSpeed
  readonly estimators: EstimatorSpeed
}

export type SpeedPart = keyof PartResults

/** What is measured in a process of its own. */
export const speedParts: { readonly [P in SpeedPart]: (effort: Effort) => Promise<PartResults[P]> } = {
  update: (effort) => measureUpdate(effort, 1),
  update2: (effort) => measureUpdate(effort, 2),
  acting: measureActing,
  envs: measureEnvs,
  endToEnd: measureEndToEnd,
  rng: measureRng,
  estimators: measureEstimators,
}
