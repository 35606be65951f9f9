import type { CellResult } from '../run/cellResult.ts'
import { meanOf } from '../statistics/samples.ts'
import { grounds, shortName } from './minitaur/gait.ts'
import { learnedOn, reducedScales, walkers } from './minitaur/learners.ts'
import { tableC1Final, tableC1Loop } from './sac/tableC1.ts'
import type { Arm, Judgement, Plot, Suite } from './suite.ts'

/** Of the trials on a terrain, the share that must succeed for a gait to cross it. */
const bar = 0.5

const names = grounds.map(shortName)
const terrains = names.filter((name) => name !== 'walk')
const titleOf = (name: string): string => (name === 'walk' ? 'flat ground' : name)

const grid: readonly Arm[] = [learnedOn('5.6', 'learned on flat ground'), ...walkers]

/** Without the networks of fig. 5.2 the learner of fig. 5.6 is the same: it is learned once, for both. */
const cellsOf = 'sac-minitaur'

const ratesOf = (cells: readonly CellResult[], scalar: string): readonly number[] =>
  cells.map(({ scalars }) => scalars[scalar])

const percent = (share: number): string => `${(100 * share).toFixed(0)} %`

function judge({ learned }: Readonly<Record<string, readonly CellResult[]>>): Judgement {
  const found = names.map((terrain) => {
    const rates = ratesOf(learned, `success.${terrain}`)
    const falls = meanOf(ratesOf(learned, `falls.${terrain}`))
    return { terrain, rates, falls, crossing: rates.filter((rate) => rate >= bar).length }
  })
  const judged = found.filter(({ terrain }) => terrains.includes(terrain))
  return {
    verdict: judged.every(({ crossing, rates }) => crossing >= 0.8 * rates.length) ? 'holds' : 'fails',
    reason: found
      .map(
        ({ terrain, rates, falls, crossing }) =>
          `${titleOf(terrain)}: ${crossing} of ${rates.length} seeds cross (of all trials ${percent(meanOf(rates))} succeed, ` +
          `${percent(falls)} fall and ${percent(Math.max(0, 1 - meanOf(rates) - falls))} run out of time)`,
      )
      .join('; '),
    metrics: Object.fromEntries(
      found.flatMap(({ terrain, rates, falls, crossing }) => [
        [`${terrain}.success`, { value: meanOf(rates) }],
        [`${terrain}.falls`, { value: falls }],
        [`${terrain}.seeds`, { value: crossing }],
      ]),
    ),
  }
}

/** A row per arm and a column per ground. */
function table(title: string, scalar: string): Plot {
  return {
    kind: 'table',
    title,
    arms: grid.map(({ id }) => id),
    columns: names.map((name) => ({ scalar: `${scalar}.${name}`, title: titleOf(name) })),
  }
}

/** Haarnoja 2018, figure 5.6: a gait learned on flat ground, on a slope, blocks and stairs. */
export const suite: Suite = {
  id: 'sac-minitaur-terrain',
  paper: 'Haarnoja 2018',
  figure: 'fig. 5.6',
  claim: 'the gait trained on flat ground walks slope, blocks and stairs',
  packages: ['@maxent/sac'],
  grid,
  profiles: {
    smoke: { ...reducedScales.smoke, cellsOf, minutes: 1 },
    quick: { ...reducedScales.quick, cellsOf, minutes: 20 },
    standard: { ...reducedScales.standard, cellsOf, minutes: 205 },
    paper: { minutes: 205, seeds: 5, scale: "the paper's" },
  },
  verdict: {
    statistic:
      'per seed and terrain the share of 20 trials, with the mean action and without learning, at whose end the robot is past the terrain and has not fallen',
    threshold: `at least ${bar} on slope, blocks and stairs each, on 4 of 5 seeds each`,
    fails: 'on some terrain two of five seeds stay below',
    leastSeeds: 5,
    roles: { learned: ['learned'] },
    judge,
  },
  control: { meaning: 'random actions in the place of the learned gait', roles: { learned: ['random'] } },
  plots: [
    table('Share of 20 trials that succeed (fig. 5.6)', 'success'),
    table('Share of 20 trials that a fall ends; the others run out of time', 'falls'),
    table('Speed, m/s', 'speed'),
    ...grounds.map((env): Plot => ({
      kind: 'film',
      title: `Trained on flat ground, on ${titleOf(shortName(env))} (fig. 5.6)`,
      arms: ['learned', 'trot'],
      env,
      recording: shortName(env),
    })),
    { kind: 'curves', title: 'Return on flat ground', arms: ['learned'], curve: 'return', y: 'return' },
  ],
  paperTable: {
    algorithm: 'sac',
    env: 'minitaur-walk',
    config: {
      ...tableC1Final,
      temperature: { kind: 'learned', initialAlpha: 1 },
    },
    train: { steps: 160_000, ...tableC1Loop },
  },
  paperArms: ['learned'],
  differences: [
    'a simulated robot stands for the real one, and its terrains are chosen: the thesis shows pictures without numbers',
    'the slope ends 3.3 m from the start, which takes 0.33 m/s over an episode, more than the 0.3 m/s that count as a gait in sac-minitaur; blocks take 0.13 and stairs 0.19 m/s',
    'that half of the trials must succeed is chosen, and so are 20 trials and five seeds: the thesis tells of one robot, and no rates',
    'training takes the steps of the robot (section 5.3) one after the other; there they were collected while learning went on elsewhere',
  ],
}
