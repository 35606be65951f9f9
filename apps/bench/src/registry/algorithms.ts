import {
  ddpg,
  ddpgDefaults,
  ddpgSchema,
  td3,
  td3Defaults,
  td3Schema,
  type DdpgConfig,
  type Td3Config,
} from '@maxent/baselines'
import type { Algorithm, AlgorithmSpec, ConfigRules } from '@maxent/core'
import {
  discreteSac,
  discreteSacDefaults,
  discreteSacSchema,
  sac,
  sacDefaults,
  sacSchema,
  type DiscreteSacConfig,
  type SacConfig,
} from '@maxent/sac'

/** An algorithm that the command line can train. */
export interface AlgorithmEntry<C extends object = Record<string, unknown>> {
  readonly package: string
  readonly description: string
  /** Schema and defaults of the configuration. */
  readonly rules: ConfigRules<C>
  make(spec: AlgorithmSpec, config: Partial<C>): Algorithm
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
    make: (spec, config) => sac(spec, config),
  }),
  'sac-discrete': register<DiscreteSacConfig>({
    package: '@maxent/sac',
    description: 'soft actor-critic over choices, with exact expectations (Christodoulou 2019)',
    rules: { caller: 'sac-discrete', schema: discreteSacSchema, defaults: discreteSacDefaults },
    make: (spec, config) => discreteSac(spec, config),
  }),
  td3: register<Td3Config>({
    package: '@maxent/baselines',
    description: 'twin delayed deterministic policy gradients (Fujimoto et al. 2018)',
    rules: { caller: 'td3', schema: td3Schema, defaults: td3Defaults },
    make: (spec, config) => td3(spec, config),
  }),
  ddpg: register<DdpgConfig>({
    package: '@maxent/baselines',
    description: 'deep deterministic policy gradients, with one critic or several (Lillicrap et al. 2015)',
    rules: { caller: 'ddpg', schema: ddpgSchema, defaults: ddpgDefaults },
    make: (spec, config) => ddpg(spec, config),
  }),
}
