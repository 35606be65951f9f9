import {
  ddpg,
  ddpgDefaults,
  ddpgPresets,
  ddpgSchema,
  naf,
  nafDefaults,
  nafPresets,
  nafSchema,
  ppo,
  ppoDefaults,
  ppoPresets,
  ppoSchema,
  td3,
  td3Defaults,
  td3Presets,
  td3Schema,
  trustPcl,
  trustPclDefaults,
  trustPclPresets,
  trustPclSchema,
  type DdpgConfig,
  type NafConfig,
  type PpoConfig,
  type Td3Config,
  type TrustPclConfig,
} from '@maxent/baselines'
import type { AlgorithmSpec, AnyAlgorithm, ConfigRules, Preset } from '@maxent/core'
import {
  discreteSac,
  discreteSacDefaults,
  discreteSacSchema,
  sac,
  sacDefaults,
  sacPresets,
  sacSchema,
  type DiscreteSacConfig,
  type SacConfig,
} from '@maxent/sac'
import { sql, sqlDefaults, sqlPresets, sqlSchema, type SqlConfig } from '@maxent/sql'
import { lookUp } from '../names.ts'

/** Settings that a source states, of an algorithm that its own rules check. */
export type AlgorithmPreset = Preset<Readonly<Record<string, unknown>>>

/** An algorithm that the command line can train. */
export interface AlgorithmEntry<C extends object = Record<string, unknown>> {
  readonly package: string
  readonly description: string
  /** Schema and defaults of the configuration. */
  readonly rules: ConfigRules<C>
  /** By the name that `bench train --preset` takes. */
  readonly presets?: Readonly<Record<string, AlgorithmPreset>>
  /** What it acts by. Default: a box. */
  readonly actions?: 'choices'
  make(spec: AlgorithmSpec, config: Partial<C>): AnyAlgorithm
}

/** Hides the type of an algorithm's configuration: what comes from a command line is checked by the rules, not by the compiler. */
function register<C extends object>(entry: AlgorithmEntry<C>): AlgorithmEntry {
  return entry as AlgorithmEntry
}

/** Every algorithm by id. */
export const algorithms: Readonly<Record<string, AlgorithmEntry>> = {
  sac: register<SacConfig>({
    package: '@maxent/sac',
    description: 'soft actor-critic with twin critics and automatic temperature (Haarnoja 2018, ch. 4 and 5)',
    rules: { caller: 'sac', schema: sacSchema, defaults: sacDefaults },
    presets: sacPresets,
    make: (spec, config) => sac(spec, config),
  }),
  'sac-discrete': register<DiscreteSacConfig>({
    package: '@maxent/sac',
    description: 'soft actor-critic over choices, with exact expectations (Christodoulou 2019)',
    rules: { caller: 'sac-discrete', schema: discreteSacSchema, defaults: discreteSacDefaults },
    actions: 'choices',
    make: (spec, config) => discreteSac(spec, config),
  }),
  sql: register<SqlConfig>({
    package: '@maxent/sql',
    description: 'soft Q-learning with a sampling network of any shape (Haarnoja 2018, ch. 3)',
    rules: { caller: 'sql', schema: sqlSchema, defaults: sqlDefaults },
    presets: sqlPresets,
    make: (spec, config) => sql(spec, config),
  }),
  td3: register<Td3Config>({
    package: '@maxent/baselines',
    description: 'twin delayed deterministic policy gradients (Fujimoto et al. 2018)',
    rules: { caller: 'td3', schema: td3Schema, defaults: td3Defaults },
    presets: td3Presets,
    make: (spec, config) => td3(spec, config),
  }),
  ddpg: register<DdpgConfig>({
    package: '@maxent/baselines',
    description: 'deep deterministic policy gradients, with one critic or several (Lillicrap et al. 2015)',
    rules: { caller: 'ddpg', schema: ddpgSchema, defaults: ddpgDefaults },
    presets: ddpgPresets,
    make: (spec, config) => ddpg(spec, config),
  }),
  naf: register<NafConfig>({
    package: '@maxent/baselines',
    description: 'Q-learning with normalised advantage functions (Gu et al. 2016)',
    rules: { caller: 'naf', schema: nafSchema, defaults: nafDefaults },
    presets: nafPresets,
    make: (spec, config) => naf(spec, config),
  }),
  ppo: register<PpoConfig>({
    package: '@maxent/baselines',
    description: 'proximal policy optimisation on several environments (Schulman et al. 2017)',
    rules: { caller: 'ppo', schema: ppoSchema, defaults: ppoDefaults },
    presets: ppoPresets,
    make: (spec, config) => ppo(spec, config),
  }),
  'trust-pcl': register<TrustPclConfig>({
    package: '@maxent/baselines',
    description: 'path consistency learning with a trust region, off-policy (Nachum et al. 2018)',
    rules: { caller: 'trust-pcl', schema: trustPclSchema, defaults: trustPclDefaults },
    presets: trustPclPresets,
    make: (spec, config) => trustPcl(spec, config),
  }),
}

/**
 * The preset of an algorithm.
 * @throws RangeError that names the nearest preset, or says that the algorithm has none.
 */
export function findPreset(algo: string, name: string): AlgorithmPreset {
  const { presets } = lookUp(algorithms, { caller: 'train', kind: 'algorithm', name: algo })
  if (presets !== undefined) return lookUp(presets, { caller: 'train', kind: 'preset', name })
  throw new RangeError(`train: --preset must be left out for ${algo}, which has none, got "${name}"`)
}
