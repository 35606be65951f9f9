import { describeConfig, type ConfigField } from '@maxent/core'
import { trainRules } from '../run/settings.ts'
import { algorithms } from './algorithms.ts'

/** An algorithm, or the loop, as `bench algos` shows it. */
export interface Described {
  readonly id: string
  readonly package: string
  readonly description: string
  readonly config: readonly ConfigField[]
  readonly presets: readonly { readonly name: string; readonly env?: string; readonly source: string }[]
}

/** Every algorithm with its config fields and presets. */
export function describeAlgorithms(): Described[] {
  return Object.entries(algorithms).map(([id, { package: name, description, rules, presets = {} }]) => ({
    id,
    package: name,
    description,
    config: describeConfig(rules.schema, rules.defaults),
    presets: Object.entries(presets).map(([preset, { env, source }]) => ({
      name: preset,
      ...(env !== undefined && { env }),
      source,
    })),
  }))
}

/** The loop around every algorithm. */
export const loop: Described = {
  id: 'train',
  package: '@maxent/train',
  description: 'the loop around every algorithm',
  // These two have options of their own.
  config: describeConfig(trainRules.schema, trainRules.defaults)
    .filter(({ name }) => name !== 'steps' && name !== 'finalEpisodes')
    .map((field) => ({ ...field, name: `train.${field.name}` })),
  presets: [],
}
