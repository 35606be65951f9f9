import type { AnyAlgorithm } from '@maxent/core'
import { startFrom, stateHash, type Pretrained } from '@maxent/train'
import { loadState, readRun } from '@maxent/train/node'
import { z } from 'zod'
import { usageError } from '../errors.ts'
import { lookUp } from '../names.ts'
import { algorithms } from '../registry/algorithms.ts'

/** What another run learned, and what a record says of it. */
export interface LearnedBefore {
  readonly pretrained: Pick<Pretrained, 'algorithm' | 'state'>
  /** Part of what identifies the run that starts from it. */
  readonly origin: {
    readonly env: string
    /** Environment steps taken. */
    readonly steps: number
    readonly stateHash: string
  }
}

const identity = z.object({
  algorithm: z.string(),
  env: z.object({
    id: z.string(),
    observation: z.record(z.string(), z.int()),
    action: z.object({
      low: z.array(z.number()),
      high: z.array(z.number()),
      choices: z.int().optional(),
    }),
  }),
  details: z.object({ config: z.record(z.string(), z.unknown()) }),
})

/**
 * Reads what the run in a folder has learned up to its last checkpoint; the run may be finished, stopped or going on.
 * @throws CommandError where the folder holds no run of `bench train`, or none with a checkpoint.
 */
export async function readPretrained(folder: string): Promise<LearnedBefore> {
  const refused = (got: string, cause?: unknown): Error =>
    usageError(
      `train: --start-from must be the folder of a run of bench train with a checkpoint, got ${folder}: ${got}; ` +
        'name the folder that the other run was given as --out',
      { cause },
    )
  const record = await readRun(folder).catch((error: unknown) => {
    throw refused('no record of a run', error)
  })
  const { data } = identity.safeParse(record.config)
  if (data === undefined) throw refused('a config.json without algorithm, environment and settings')
  const { env, algorithm: id, details } = data
  const entry = lookUp(algorithms, { caller: 'train', kind: 'algorithm', name: id })
  const { low, high, choices } = env.action
  const action = { low, high, ...(choices !== undefined && { choices }) }
  const algorithm = entry.make({ observation: env.observation, action }, details.config)
  const { state, step } = await loadState({ folder, algorithm }).catch((error: unknown) => {
    throw refused((error as Error).message, error)
  })
  return {
    pretrained: { algorithm, state },
    origin: { env: env.id, steps: step, stateHash: await stateHash(state) },
  }
}

/** Settings that may keep observation groups from networks. */
interface GroupSettings {
  readonly policyGroups?: readonly string[]
  readonly criticGroups?: readonly string[]
}

/**
 * An algorithm that starts with what another run learned. Where its settings name the observation groups that its networks see, these alone
 * must be those of the other task.
 * @throws RangeError where the algorithm, the actions or the groups are others.
 */
export function startFromRun(
  algorithm: AnyAlgorithm,
  { pretrained }: LearnedBefore,
  { policyGroups, criticGroups }: GroupSettings,
): AnyAlgorithm {
  const seen = policyGroups && criticGroups && [...new Set([...policyGroups, ...criticGroups])]
  return startFrom(algorithm, { ...pretrained, ...(seen && { groups: seen }) })
}
