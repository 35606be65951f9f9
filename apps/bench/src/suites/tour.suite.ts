import { findPreset } from '../registry/algorithms.ts'
import { tourParts, type TourPart } from '../tour/tourParts.ts'
import { smokeScale } from './smokeScale.ts'
import type { Arm, CellsByRole, Judgement, Suite } from './suite.ts'

const parts = Object.values(tourParts())

function learner({
  title,
  env,
  algo,
  preset,
  steps,
  evalEvery,
  curveEpisodes,
  finalEpisodes,
  camera,
}: TourPart): Arm {
  return {
    kind: 'train',
    id: env,
    label: title,
    algorithm: algo,
    env,
    config: findPreset(algo, preset).config,
    train: { steps, evaluateEvery: evalEvery, evaluateEpisodes: curveEpisodes, finalEpisodes },
    filmSteps: camera.steps,
  }
}

function random({ title, env, finalEpisodes, camera }: TourPart): Arm {
  return {
    kind: 'uniform',
    id: `${env}-random`,
    label: `${title}, random actions`,
    env,
    episodes: finalEpisodes,
    filmSteps: camera.steps,
  }
}

/** Every seed must reach its task's threshold. */
function judge(cells: CellsByRole): Judgement {
  const returns = parts.map(({ env, threshold }) => ({
    env,
    threshold,
    values: cells[env].map(({ scalars }) => scalars.return),
  }))
  const worst = returns.map(({ env, values }) => [env, { value: Math.min(...values) }] as const)
  const holds = returns.every(({ threshold, values }) => values.every((value) => value >= threshold))
  return {
    verdict: holds ? 'holds' : 'fails',
    reason: `least return of ${worst.map(([env, { value }]) => `${value.toFixed(0)} on ${env}`).join(', ')}`,
    metrics: Object.fromEntries(worst.map(([env, metric]) => [`leastReturn.${env}`, metric])),
  }
}

/** The tour of `bench` without arguments, over five seeds. */
export const suite: Suite = {
  id: 'tour',
  paper: 'Haarnoja 2018',
  figure: 'ch. 4 and 5',
  claim: 'SAC solves Pendulum in seconds and runs on HalfCheetah within minutes',
  packages: ['@maxent/sac'],
  grid: [...parts.map(learner), ...parts.map(random)],
  profiles: {
    smoke: { ...smokeScale, minutes: 0.3 },
    quick: { minutes: 35, seeds: 5, scale: 'that of the tour' },
  },
  verdict: {
    statistic: 'mean return of deterministic episodes at the end, of every seed',
    threshold: parts.map(({ env, threshold }) => `at least ${threshold} on ${env}`).join(', '),
    fails: 'a seed stays below its threshold',
    leastSeeds: 5,
    roles: Object.fromEntries(parts.map(({ env }) => [env, [env]])),
    judge,
  },
  control: {
    meaning: 'random actions',
    roles: Object.fromEntries(parts.map(({ env }) => [env, [`${env}-random`]])),
  },
  plots: parts.flatMap(({ env, title, threshold }) => [
    {
      kind: 'curves' as const,
      title,
      arms: [env],
      curve: 'return',
      y: 'return',
      levels: [{ label: 'claim', value: threshold }],
    },
    {
      kind: 'table' as const,
      title: `${title}: return at the end`,
      arms: [env, `${env}-random`],
      columns: [{ scalar: 'return', title: 'return' }],
    },
    { kind: 'film' as const, title, arms: [`${env}-random`, env], env },
  ]),
  paperTable: {},
  paperArms: [],
}
