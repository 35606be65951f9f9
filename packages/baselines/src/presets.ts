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

/** What RL Baselines3 Zoo tuned for all tasks of MuJoCo. */
const zoo = (env: string): Preset<Td3Config> => ({
  env,
  source: 'RL Baselines3 Zoo, td3.yml, mujoco-defaults',
  config: { ...td3Paper, batchSize: 256 },
  loop: later,
})

/** The settings of the code that Fujimoto et al. 2018 released. */
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
 * TD3 as RL Baselines3 Zoo tuned it, with 10,000 steps of uniform actions; as its authors' code has it, with 25,000; and as the paper has
 * it, with 10,000 on HalfCheetah and Ant and 1,000 elsewhere.
 */
export const td3Presets: Readonly<Record<string, Preset<Td3Config>>> = {
  'half-cheetah': zoo('half-cheetah'),
  ant: zoo('ant'),
  walker2d: zoo('walker2d'),
  hopper: zoo('hopper'),
  'half-cheetah-released': released('half-cheetah'),
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

/** Trust-PCL: settings found on pendulum with one seed, and on HalfCheetah with the seeds 11 and 12. */
export const trustPclPresets: Readonly<Record<string, Preset<TrustPclConfig>>> = {
  pendulum: {
    env: 'pendulum',
    source: 'own',
    config: { gamma: 0.98, alpha: 0.1, policyLearningRate: 1e-3, batchSize: 64 },
    loop: {},
  },
  'half-cheetah': {
    env: 'half-cheetah',
    source:
      'Nachum et al. 2018 and the released code, but for lengths, learning rates and gradient steps per step',
    config: {
      gamma: 0.995,
      batchSize: 64,
      alpha: 0,
      lambda: 20,
      divergence: 0.001,
      episodes: 20,
      bootstrap: 'lagged',
      recency: 1e-4,
      sharedLogStd: -0.5,
      policyLearningRate: 5e-4,
    },
    loop: { updatesPerStep: 0.5 },
  },
}
