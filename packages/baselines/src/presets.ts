import type { Preset } from '@maxent/core'
import type { DdpgConfig } from './ddpg/config.ts'
import { ddpgPaper, ddpgThesis } from './ddpg/config.ts'
import type { NafConfig } from './naf/config.ts'
import type { PpoConfig } from './ppo/config.ts'
import type { Td3Config } from './td3/config.ts'
import { td3Paper } from './td3/config.ts'
import type { TrustPclConfig } from './trust-pcl/config.ts'

/** Steps of uniform actions before the first update. */
const later = { warmupSteps: 10_000 }
const latest = { warmupSteps: 25_000 }

/** The settings of the code that Fujimoto et al. 2018 released, which later comparisons share. */
const released = (env: string): Preset<Td3Config> => ({
  env,
  source: 'released code of Fujimoto et al. 2018',
  config: {},
  loop: latest,
})

const fujimoto = (env: string, loop: Preset<Td3Config>['loop']): Preset<Td3Config> => ({
  env,
  source: 'Fujimoto et al. 2018, appendix C',
  config: td3Paper,
  loop,
})

/**
 * TD3 as its authors' code and later comparisons have it, with 25,000 steps of uniform actions, and as the paper has it: 10,000 of them on
 * HalfCheetah and Ant, 1,000 elsewhere.
 */
export const td3Presets: Readonly<Record<string, Preset<Td3Config>>> = {
  'half-cheetah': released('half-cheetah'),
  ant: released('ant'),
  walker2d: released('walker2d'),
  hopper: released('hopper'),
  'half-cheetah-paper': fujimoto('half-cheetah', later),
  'ant-paper': fujimoto('ant', later),
  'walker2d-paper': fujimoto('walker2d', { warmupSteps: 1_000 }),
  'hopper-paper': fujimoto('hopper', { warmupSteps: 1_000 }),
}

/** DDPG as it is compared with (Tianshou's benchmark), as its paper has it, and as section 5.3 of Haarnoja 2018 (thesis) has it. */
export const ddpgPresets: Readonly<Record<string, Preset<DdpgConfig>>> = {
  'half-cheetah': { env: 'half-cheetah', source: "Tianshou's benchmark", config: {}, loop: latest },
  'half-cheetah-paper': {
    env: 'half-cheetah',
    source: 'Lillicrap et al. 2015, supplement 7',
    config: ddpgPaper,
    loop: {},
  },
  'half-cheetah-thesis': {
    env: 'half-cheetah',
    source: 'Haarnoja 2018 (thesis), section 5.3',
    config: ddpgThesis,
    loop: later,
  },
}

/** NAF on HalfCheetah, with the warm-up of the others. */
export const nafPresets: Readonly<Record<string, Preset<NafConfig>>> = {
  'half-cheetah': { env: 'half-cheetah', source: 'own', config: {}, loop: later },
}

/** PPO on the control tasks of Schulman et al. 2017, table 3. */
export const ppoPresets: Readonly<Record<string, Preset<PpoConfig>>> = {
  'half-cheetah': { env: 'half-cheetah', source: 'Schulman et al. 2017, table 3', config: {}, loop: {} },
  'inverted-pendulum': {
    env: 'inverted-pendulum',
    source: 'Schulman et al. 2017, table 3',
    config: {},
    loop: {},
  },
}

/** Trust-PCL: settings found on pendulum with one seed. */
export const trustPclPresets: Readonly<Record<string, Preset<TrustPclConfig>>> = {
  pendulum: {
    env: 'pendulum',
    source: 'own',
    config: { gamma: 0.98, alpha: 0.1, policyLearningRate: 1e-3, batchSize: 64 },
    loop: {},
  },
}
