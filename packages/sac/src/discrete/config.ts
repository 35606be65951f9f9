import { resolveConfig } from '@maxent/core'
import type { z } from 'zod'
import { sacDefaults, sacSchema, type SacConfig } from '../config.ts'

const fields = [
  'gamma',
  'batchSize',
  'hidden',
  'activation',
  'initializer',
  'critics',
  'policyLearningRate',
  'criticLearningRate',
  'temperature',
  'target',
  'policyGroups',
  'criticGroups',
] as const

/** All settings of soft actor-critic over choices; each means what it means in {@link SacConfig}. */
export type DiscreteSacConfig = Pick<SacConfig, (typeof fields)[number]>

/** The rules of {@link DiscreteSacConfig}. */
export const discreteSacSchema: z.ZodObject<z.ZodRawShape> = sacSchema.pick(
  Object.fromEntries(fields.map((field) => [field, true as const])),
)

/** The defaults, those of {@link SacConfig}. */
export const discreteSacDefaults: DiscreteSacConfig = Object.freeze(
  Object.fromEntries(
    fields.filter((field) => field in sacDefaults).map((field) => [field, sacDefaults[field]]),
  ) as DiscreteSacConfig,
)

/**
 * Fills in the defaults and checks every rule.
 * @throws RangeError or TypeError that names field, rule, value and remedy.
 */
export function resolveDiscreteSacConfig(partial: Partial<DiscreteSacConfig> = {}): DiscreteSacConfig {
  return resolveConfig(
    { caller: 'resolveDiscreteSacConfig', schema: discreteSacSchema, defaults: discreteSacDefaults },
    partial,
  )
}
