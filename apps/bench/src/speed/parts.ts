import { measureEndToEnd } from './end-to-end.ts'
import { measureEnvs } from './envs.ts'
import { measureRng } from './rng.ts'
import { measureActing } from './acting.ts'
import { measureUpdate } from './update.ts'
import type { Effort } from './effort.ts'

/** What is measured in a process of its own. */
export const speedParts = {
  update: (effort: Effort) => measureUpdate(effort, 1),
  update2: (effort: Effort) => measureUpdate(effort, 2),
  acting: measureActing,
  envs: measureEnvs,
  endToEnd: measureEndToEnd,
  rng: measureRng,
} as const

export type SpeedPart = keyof typeof speedParts

/** What a part gives. */
export type PartResult<P extends SpeedPart> = Awaited<ReturnType<(typeof speedParts)[P]>>
