import { resolveConfig } from '@maxent/core'
import * as z from 'zod'

/** How the off-policy loop runs. None of it is about the algorithm, whose batch size is part of its own config. */
export interface TrainConfig {
  /** Environment steps of the whole run. The only field that may differ when a run is resumed: a larger number extends it. */
  readonly steps: number
  /** First steps taken without updates, with uniform actions unless {@link TrainConfig.warmupPolicy} says otherwise. */
  readonly warmupSteps: number
  /** Who acts meanwhile: nobody in particular, or the algorithm itself, as where it starts from what was learned before. Absent: `uniform`. */
  readonly warmupPolicy?: 'uniform' | 'own'
  /** Update-to-data ratio: gradient steps per environment step after the warm-up. 0.25 is one every four steps. */
  readonly updatesPerStep: number
  /** Rows of the replay: a transition takes one, a finished episode one more. */
  readonly replayCapacity: number
  /** Whether the replay's memory is written at the start, so that resident size stays constant. */
  readonly pretouchReplay: boolean
  /** Steps between evaluations; 0 for the one at the end only. */
  readonly evaluateEvery: number
  /** Episodes of each evaluation during the run. */
  readonly evaluateEpisodes: number
  /** Episodes of the evaluation at the end, which takes the place of one that falls due there; 0 for none. */
  readonly finalEpisodes: number
  /** Steps between lines of `metrics.jsonl`. */
  readonly logEvery: number
  /** Updates between those whose metrics are fetched and averaged; one that is not finite goes unnoticed for at most that long. The state is looked at in every checkpoint. */
  readonly metricsEvery: number
  /** Steps between checkpoints; 0 for the one at the end, or on an interrupt, only. */
  readonly checkpointEvery: number
  /** Checkpoints kept: if the newest is damaged, the one before it is taken. */
  readonly keepCheckpoints: number
}

/** The defaults. Ratio and replay size: Haarnoja 2018 (thesis), table C.1. Uniform warm-up: the released code, most tasks. */
export const trainDefaults: TrainConfig = Object.freeze({
  steps: 100_000,
  warmupSteps: 1_000,
  updatesPerStep: 1,
  replayCapacity: 1_000_000,
  pretouchReplay: false,
  evaluateEvery: 5_000,
  evaluateEpisodes: 5,
  finalEpisodes: 10,
  logEvery: 1_000,
  metricsEvery: 10,
  checkpointEvery: 10_000,
  keepCheckpoints: 2,
})

const positive = z.int().min(1)
const natural = z.int().min(0)

/** The rules of {@link TrainConfig}, with the line that tables and command lines show per field. */
export const trainSchema: z.ZodObject<z.ZodRawShape> = z.strictObject({
  steps: positive.describe('environment steps of the whole run'),
  warmupSteps: natural.describe('first steps, without updates'),
  warmupPolicy: z
    .enum(['uniform', 'own'])
    .optional()
    .describe("who acts meanwhile: uniform actions, or the algorithm's own; uniform unless given"),
  updatesPerStep: z.number().min(0).describe('gradient steps per environment step after the warm-up'),
  replayCapacity: z.int().min(2).describe('rows of the replay: one per transition and one per episode'),
  pretouchReplay: z.boolean().describe("whether the replay's memory is written at the start"),
  evaluateEvery: natural.describe('steps between evaluations; 0 for the one at the end only'),
  evaluateEpisodes: positive.describe('episodes of each evaluation during the run'),
  finalEpisodes: natural.describe('episodes of the evaluation at the end; 0 for none'),
  logEvery: positive.describe('steps between lines of metrics.jsonl'),
  metricsEvery: positive.describe('updates between those whose metrics are fetched and averaged'),
  checkpointEvery: natural.describe('steps between checkpoints; 0 for the one at the end only'),
  keepCheckpoints: positive.describe('checkpoints kept'),
})

/**
 * Fills in the defaults and checks every rule.
 * @throws RangeError or TypeError that names field, rule, value and remedy.
 */
export function resolveTrainConfig(partial: Partial<TrainConfig> = {}): TrainConfig {
  return resolveConfig(
    { caller: 'resolveTrainConfig', schema: trainSchema, defaults: trainDefaults },
    partial,
  )
}
