import type { Preset } from '@maxent/core'
import type { DdpgConfig } from './ddpg/config.ts'
import { ddpgPaper, ddpgThesis } from './ddpg/config.ts'
import type { NafConfig } from './naf/config.ts'
import type { PpoConfig } from './ppo/config.ts'
import type { Td3Config } from './td3/config.ts'
import { td3Paper } from './td3/config.ts'
import type { TrustPclConfig } from './trust-pcl/config.ts'

const later = { warmupSteps: 10_000 }

const fujimoto = (env: string, loop: Preset<Td3Config>['loop']): Preset<Td3Config> => ({
  env,
  source: 'Fujimoto et al. 2018, appendix C',
  config: td3Paper,
  loop,
})

/** The tasks and settings of Fujimoto et al. 2018: 10,000 steps of uniform actions on HalfCheetah and Ant, 1,000 elsewhere. */
export const td3Presets: Readonly<Record<string, Preset<Td3Config>>> = {
  'half-cheetah': fujimoto('half-cheetah', later),
  ant: fujimoto('ant', later),
  walker2d: fujimoto('walker2d', { warmupSteps: 1_000 }),
  hopper: fujimoto('hopper', { warmupSteps: 1_000 }),
}

/** DDPG as it is compared with, as its paper has it, and as section 5.3 of Haarnoja 2018 (thesis) has it. */
export const ddpgPresets: Readonly<Record<string, Preset<DdpgConfig>>> = {
  'half-cheetah': { env: 'half-cheetah', source: 'Fujimoto et al. 2018', config: {}, loop: later },
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
