import type { Preset, TargetConfig } from '@maxent/core'
import type { DdpgConfig } from './ddpg/config.ts'
import { ddpgPaper, ddpgThesis } from './ddpg/config.ts'
import type { NafConfig } from './naf/config.ts'
import type { PpoConfig } from './ppo/config.ts'
import type { Td3Config } from './td3/config.ts'
import { td3Paper } from './td3/config.ts'
import type { TrustPclConfig } from './trust-pcl/config.ts'

/** Steps of uniform actions before the first update. */
const early = { warmupSteps: 1_000 }
const later = { warmupSteps: 10_000 }
const latest = { warmupSteps: 25_000 }

/** The tasks of figure 4.1 of Haarnoja 2018 (thesis), with the warm-ups of its released code. */
const figure41 = [
  ['4.1/hopper', 'hopper-v1', early],
  ['4.1/walker2d', 'walker2d-v1', early],
  ['4.1/half-cheetah', 'half-cheetah-v1', later],
  ['4.1/ant', 'ant-v1', later],
  ['4.1/humanoid', 'humanoid-v1', early],
  ['4.1/humanoid-rllab', 'humanoid-rllab', early],
] as const

/** An algorithm at its defaults on the tasks of figure 4.1, of which the thesis states no settings but its own. */
function onFigure41<Config>({ hasWarmup = true } = {}): Record<string, Preset<Config>> {
  const presets = figure41.map(([name, env, loop]): [string, Preset<Config>] => [
    name,
    { env, source: 'Haarnoja 2018 (thesis), figure 4.1', config: {}, loop: hasWarmup ? loop : {} },
  ])
  return Object.fromEntries(presets)
}

/** The tasks of chapter 3 of the thesis. */
const chapter3 = [
  ['thesis/swimmer', 'swimmer-finish-line', 5_000],
  ['thesis/ant-maze', 'ant-blocked-maze', 1_000],
  ['thesis/ant-speed', 'ant-speed', 1_000],
  ['thesis/reach', 'sawyer-reach', 1_000],
  ['thesis/reach-random', 'sawyer-random-reach', 1_000],
] as const

/** Appendix C.1: networks, rates, noise and copies are those of soft Q-learning. γ is not stated. */
const ddpgAppendixC1: Partial<DdpgConfig> = {
  gamma: 0.99,
  batchSize: 64,
  hidden: [200, 200],
  activation: 'relu',
  critics: 1,
  policyLearningRate: 1e-4,
  criticLearningRate: 1e-3,
  exploration: { kind: 'ornsteinUhlenbeck', theta: 0.15, sigma: 0.3 },
}

/** NAF, of which appendix C.1 does not speak: what DDPG's critic has. */
const nafAppendixC1: Partial<NafConfig> = {
  gamma: 0.99,
  batchSize: 64,
  hidden: [200, 200],
  activation: 'relu',
  learningRate: 1e-3,
  exploration: { kind: 'ornsteinUhlenbeck', theta: 0.15, sigma: 0.3 },
}

/** What appendix C.1 sets for all: 10,000 samples first, and targets that are copies. */
function onChapter3<Config extends { readonly target: TargetConfig }>(
  config: Partial<Config>,
): Record<string, Preset<Config>> {
  const presets = chapter3.map(([name, env, interval]): [string, Preset<Config>] => [
    name,
    {
      env,
      source: 'Haarnoja 2018 (thesis), appendix C.1',
      config: { ...config, target: { kind: 'hard', interval } },
      loop: later,
    },
  ])
  return Object.fromEntries(presets)
}

/** What the ant senses wherever it is: the tasks that it is tuned for show its `pose` besides. */
const senses = ['proprio', 'contact', 'orientation', 'centre']

/** The tasks of figure 3.7, for DDPG that was pretrained by `thesis/ant-speed`: what was learned before explores until the first update. */
const fineTuned = (env: string): Preset<DdpgConfig> => ({
  env,
  source: 'Haarnoja 2018 (thesis), section 3.4 and appendix C.1',
  config: {
    ...ddpgAppendixC1,
    target: { kind: 'hard', interval: 1_000 },
    policyGroups: senses,
    criticGroups: senses,
  },
  loop: { ...later, warmupPolicy: 'own' },
})

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
 * TD3 on HalfCheetah with the learning rates of the paper and the networks and batches of its authors' code; as RL Baselines3 Zoo tuned it,
 * with 10,000 steps of uniform actions; as the authors' code has it, with 25,000; and as the paper has it, with 10,000 on HalfCheetah and
 * Ant and 1,000 elsewhere.
 */
export const td3Presets: Readonly<Record<string, Preset<Td3Config>>> = {
  ...onFigure41<Td3Config>(),
  'half-cheetah': {
    env: 'half-cheetah',
    source: 'own, found with seed 11',
    config: { policyLearningRate: 1e-3, criticLearningRate: 1e-3 },
    loop: later,
  },
  'half-cheetah-zoo': zoo('half-cheetah'),
  ant: zoo('ant'),
  walker2d: zoo('walker2d'),
  hopper: zoo('hopper'),
  'half-cheetah-released': released('half-cheetah'),
  'half-cheetah-paper': fujimoto('half-cheetah', later),
  'ant-paper': fujimoto('ant', later),
  'walker2d-paper': fujimoto('walker2d', early),
  'hopper-paper': fujimoto('hopper', early),
}

/**
 * DDPG as it is compared with (Tianshou's benchmark), as its paper has it, as section 5.3 of Haarnoja 2018 (thesis) has it, and as the thesis'
 * chapter 3 has it, where it is pretrained and tuned for other tasks.
 */
export const ddpgPresets: Readonly<Record<string, Preset<DdpgConfig>>> = {
  ...onFigure41<DdpgConfig>(),
  ...onChapter3<DdpgConfig>(ddpgAppendixC1),
  'fine-tune/wide': fineTuned('ant-wide-hallway'),
  'fine-tune/narrow': fineTuned('ant-narrow-hallway'),
  'fine-tune/u': fineTuned('ant-u-maze'),
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

/** NAF on HalfCheetah, with the warm-up of the others, and on the tasks of the thesis, as DDPG learns them. */
export const nafPresets: Readonly<Record<string, Preset<NafConfig>>> = {
  ...onChapter3<NafConfig>(nafAppendixC1),
  'half-cheetah': { env: 'half-cheetah', source: 'own', config: {}, loop: later },
}

/** PPO on the control tasks of Schulman et al. 2017, table 3. */
export const ppoPresets: Readonly<Record<string, Preset<PpoConfig>>> = {
  ...onFigure41<PpoConfig>({ hasWarmup: false }),
  'half-cheetah': { env: 'half-cheetah', source: 'Schulman et al. 2017, table 3', config: {}, loop: {} },
  'inverted-pendulum': {
    env: 'inverted-pendulum',
    source: 'Schulman et al. 2017, table 3',
    config: {},
    loop: {},
  },
}

/** Trust-PCL: on the tasks of figure D.2 at its defaults; with settings found on pendulum (seed 11) and on HalfCheetah (seeds 11 and 12). */
export const trustPclPresets: Readonly<Record<string, Preset<TrustPclConfig>>> = {
  ...onFigure41<TrustPclConfig>(),
  pendulum: {
    env: 'pendulum',
    source: 'own',
    config: {
      gamma: 0.98,
      batchSize: 32,
      alpha: 0,
      lambda: 20,
      paths: 'all',
      bootstrap: 'lagged',
      recency: 5e-4,
      sharedLogStd: 0,
      logStdRange: [-2, 0.5],
      policyLearningRate: 5e-4,
      valueLearningRate: 5e-3,
    },
    loop: { updatesPerStep: 0.5 },
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
      paths: 'all',
      bootstrap: 'lagged',
      recency: 1e-4,
      sharedLogStd: -0.5,
      policyLearningRate: 5e-4,
    },
    loop: { updatesPerStep: 0.5 },
  },
}
