import { parseSettings, type ConfigRules } from '@maxent/core'
import { trainDefaults, trainSchema, type TrainConfig } from '@maxent/train'
import type { AlgorithmEntry } from '../registry/algorithms.ts'

/** `--set` values, read: those under `train.` for the loop, all others for the algorithm. */
export interface Settings {
  readonly algorithm: Readonly<Record<string, unknown>>
  readonly train: Partial<TrainConfig>
}

const prefix = 'train.'

/** Schema and defaults of the loop's configuration. */
export const trainRules: ConfigRules<TrainConfig> = {
  caller: 'train',
  schema: trainSchema,
  defaults: trainDefaults,
}

/**
 * Reads `field=value` pairs; `train.field=value` is for the loop.
 * @throws RangeError or TypeError that names the field, and the nearest known one.
 */
export function readSettings({ rules }: Pick<AlgorithmEntry, 'rules'>, pairs: readonly string[]): Settings {
  return {
    algorithm: parseSettings(
      rules,
      pairs.filter((pair) => !pair.startsWith(prefix)),
    ),
    train: parseSettings(
      trainRules,
      pairs.filter((pair) => pair.startsWith(prefix)).map((pair) => pair.slice(prefix.length)),
    ),
  }
}
