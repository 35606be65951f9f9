import { describe, expect, it } from 'vitest'
import type { CellResult, Curve } from '../run/cellResult.ts'
import { cellResult } from '../run/cellResult.testData.ts'
import { judge } from '../run/summarise.ts'
import { suite as sacEntropy } from './sacEntropy.suite.ts'
import { suite as sacPeers } from './sacPeers.suite.ts'
import { suite as sacReturns } from './sacReturns.suite.ts'
import { suite as sqlMultigoal } from './sqlMultigoal.suite.ts'
import { suite as tour } from './tour.suite.ts'

const curve = (points: Readonly<Record<number, number>>): Curve => ({
  steps: Object.keys(points).map(Number),
  values: Object.values(points),
})

const seeds = [1, 2, 3, 4, 5]

describe('the rule of sac-entropy', () => {
  const cell = (seed: number, entropy: Record<number, number>, alpha = 0.04): CellResult =>
    cellResult({
      arm: 'target-entropy',
      seed,
      settings: { config: { temperature: { kind: 'learned', initialAlpha: 1 } } },
      curves: {
        entropy: curve({ 10_000: 4, ...entropy }),
        alpha: curve({ 19_000: alpha + 0.02, 20_000: alpha, 21_000: 0.01 }),
      },
    })
  const verdict = (last: CellResult): string =>
    judge(sacEntropy, sacEntropy.verdict.roles, [
      ...[1, 2, 3, 4].map((seed) => cell(seed, { 34_000: -8, 35_000: -12.5, 36_000: -13.5 })),
      last,
    ]).verdict

  it('holds at half a nat from 35,000 steps on and below 5 % of the temperature at 20,000', () => {
    expect(verdict(cell(5, { 35_000: -12.5, 40_000: -13.5 }))).toBe('holds')
  })

  it.each([
    ['once more than half a nat off', cell(5, { 35_000: -13, 38_000: -12.49, 40_000: -13 })],
    ['at 5 % of the temperature', cell(5, { 35_000: -13 }, 0.05)],
    ['without a point after 35,000 steps', cell(5, { 34_000: -13 })],
  ])('fails when one seed of five is %s', (_, last) => {
    expect(verdict(last)).toBe('fails')
  })

  it('measures the fall of a temperature from its own start', () => {
    const fixed = seeds.map((seed) =>
      cellResult({
        arm: 'fixed-temperature',
        seed,
        settings: { config: { temperature: { kind: 'fixed', alpha: 0.2 } } },
        curves: { entropy: curve({ 35_000: -13 }), alpha: curve({ 20_000: 0.2 }) },
      }),
    )
    const { verdict: found, metrics } = judge(sacEntropy, sacEntropy.control.roles, fixed)
    expect(found).toBe('fails')
    expect(metrics.largestAlphaShare.value).toBe(1)
  })
})

describe('the rule of the tour', () => {
  const cells = (pendulum: readonly number[], cheetah: readonly number[]): CellResult[] =>
    seeds.flatMap((seed, i) => [
      cellResult({ arm: 'pendulum', seed, scalars: { return: pendulum[i] } }),
      cellResult({ arm: 'half-cheetah', seed, scalars: { return: cheetah[i] } }),
    ])
  const at = (value: number): number[] => seeds.map(() => value)

  it('holds exactly from the thresholds on, on every seed', () => {
    const verdict = (...returns: Parameters<typeof cells>): string =>
      judge(tour, tour.verdict.roles, cells(...returns)).verdict
    expect(verdict(at(-200), at(1000))).toBe('holds')
    expect(verdict([...at(-200).slice(1), -200.1], at(1000))).toBe('fails')
    expect(verdict(at(-200), [...at(2000).slice(1), 999])).toBe('fails')
  })
})

describe('the rule of sac-peers', () => {
  const learned = (arm: string, seed: number, value: number): CellResult =>
    cellResult({
      arm,
      seed,
      settings: { kind: arm.endsWith('sb3') ? 'peer' : 'train', train: { steps: 50_000 } },
      curves: { return: curve({ 25_000: value / 2, 50_000: value }) },
    })
  /** Returns by seed here, where the peer has 1,000 on every seed and random actions 0. */
  const cells = (ours: readonly number[]): CellResult[] =>
    ['half-cheetah', 'pendulum'].flatMap((env) =>
      seeds.flatMap((seed, i) => [
        learned(`${env}-maxent`, seed, env === 'pendulum' ? 1000 : ours[i]),
        learned(`${env}-sb3`, seed, 1000),
        cellResult({
          arm: `${env}-random`,
          seed,
          settings: { kind: 'uniform' },
          scalars: { return: 0 },
        }),
      ]),
    )

  it.each([
    ['holds', 'as good on every seed', [1000, 1000, 1000, 1000, 1000]],
    ['holds', 'better', [1500, 1400, 1600, 1500, 1450]],
    ['holds', 'a tenth worse', [900, 910, 890, 905, 895]],
    [
      'inconclusive',
      'as good in the mean, with a spread that is as large as the gain',
      [0, 2000, 1000, 200, 1800],
    ],
    ['fails', 'clearly worse', [500, 510, 490, 505, 495]],
  ])('%s where SAC here is %s', (verdict, _, ours) => {
    expect(judge(sacPeers, sacPeers.verdict.roles, cells(ours)).verdict).toBe(verdict)
  })

  it('gives differences at every step that both have, as shares of the gain', () => {
    const { metrics } = judge(sacPeers, sacPeers.verdict.roles, cells([900, 900, 900, 900, 900]))
    expect(metrics['half-cheetah.50000']).toEqual({ value: -0.1, low: -0.1, high: -0.1 })
    expect(metrics['half-cheetah.25000']).toEqual({ value: -0.1, low: -0.1, high: -0.1 })
    expect(metrics['half-cheetah.10000']).toBeUndefined()
  })

  it('fails for random actions in the place of SAC', () => {
    expect(judge(sacPeers, sacPeers.control.roles, cells([1000, 1000, 1000, 1000, 1000])).verdict).toBe(
      'fails',
    )
  })
})

describe('the rule of sac-returns', () => {
  const met = {
    'half-cheetah': { 100_000: 5_000 },
    hopper: { 80_000: 1_400, 90_000: 1_500, 100_000: 1_600 },
    'inverted-pendulum': { 50_000: 990 },
    'inverted-double-pendulum': { 50_000: 9_000 },
    pendulum: { 20_000: -165 },
  }
  type Task = keyof typeof met
  /** Five seeds that just meet every bar, but for those of one task. */
  const cells = (task?: Task, points: readonly Readonly<Record<number, number>>[] = []): CellResult[] =>
    Object.entries(met).flatMap(([arm, goal]) =>
      seeds.map((seed, i) =>
        cellResult({
          arm,
          seed,
          settings: { kind: 'train' },
          curves: { return: curve(arm === task ? (points[i] ?? goal) : goal) },
        }),
      ),
    )
  const { 'half-cheetah-sb3': _, ...alone } = sacReturns.verdict.roles
  const verdict = (...given: Parameters<typeof cells>): string =>
    judge(sacReturns, alone, cells(...given)).verdict

  it('holds exactly from the bars on', () => {
    expect(verdict()).toBe('holds')
    expect(verdict('half-cheetah', [{ 100_000: 4_999 }, { 100_000: 4_999 }, { 100_000: 4_999 }])).toBe(
      'fails',
    )
    expect(verdict('hopper', [{ 80_000: 1_400, 90_000: 1_500, 100_000: 1_599 }])).toBe('fails')
    expect(
      verdict(
        'pendulum',
        [1, 2, 3].map(() => ({ 20_000: -165.1 })),
      ),
    ).toBe('fails')
  })

  it('lets one seed of five fall over, and no second', () => {
    const fallen = { 50_000: 50 }
    expect(verdict('inverted-pendulum', [fallen])).toBe('holds')
    expect(verdict('inverted-pendulum', [fallen, fallen])).toBe('fails')
    expect(verdict('inverted-double-pendulum', [fallen, fallen])).toBe('fails')
  })

  it('takes the middle of the seeds where it says so', () => {
    expect(verdict('half-cheetah', [{ 100_000: -500 }])).toBe('holds')
  })

  it('is inconclusive where a run is too short', () => {
    expect(verdict('hopper', [{ 80_000: 3_000, 90_000: 3_000 }])).toBe('inconclusive')
  })

  const peer = (values: readonly number[]): CellResult[] =>
    values.map((value, i) =>
      cellResult({ arm: 'half-cheetah-sb3', seed: seeds[i], curves: { return: curve({ 100_000: value }) } }),
    )

  it('holds against a peer unless it is certainly worse', () => {
    const { roles } = sacReturns.verdict
    const against = (values: readonly number[]): string =>
      judge(sacReturns, roles, [...cells(), ...peer(values)]).verdict
    expect(against([4_000, 4_500, 5_000, 5_500, 6_500])).toBe('holds')
    expect(against([5_990, 6_000, 6_000, 6_000, 6_010])).toBe('fails')
    expect(against([4_000, 4_010, 3_990, 4_000, 4_000])).toBe('holds')
  })

  it('fails for random actions', () => {
    const random = Object.keys(met).flatMap((env) =>
      seeds.map((seed) =>
        cellResult({
          arm: `${env}-random`,
          seed,
          settings: { kind: 'uniform' },
          scalars: { return: env === 'pendulum' ? -1_200 : 20 },
        }),
      ),
    )
    const all = [...random, ...peer(seeds.map(() => 5_000))]
    expect(judge(sacReturns, sacReturns.control.roles, all).verdict).toBe('fails')
  })
})

describe('the rule of sql-multigoal', () => {
  const at = (name: string, value: number): Record<string, number> =>
    Object.fromEntries([0, 1, 2].map((i) => [`${name}.${i}`, value]))
  /** Every bar just met. */
  const met = {
    reached: 0.95,
    least: 0.12,
    split: 1.25,
    middle: 0.25,
    ...at('displacement', 0.25),
    ...at('variation', 0.2),
    ...at('stein', 0.2),
    ...at('unbiased', 0.2),
    ...at('unbiased.uniform', 1),
    ...at('stein.exact', 0.07),
  }
  const cells = (
    soft: readonly Readonly<Record<string, number>>[],
    committed: readonly number[] = [0.9, 0.9, 0.9, 0.9, 0.9],
  ): CellResult[] =>
    seeds.flatMap((seed, i) => [
      cellResult({ arm: 'sql', seed, scalars: { ...met, ...soft[i] } }),
      cellResult({ arm: 'ddpg', seed, scalars: { reached: 1, most: committed[i], least: 0, split: 0 } }),
    ])
  const verdict = (...args: Parameters<typeof cells>): string =>
    judge(sqlMultigoal, sqlMultigoal.verdict.roles, cells(...args)).verdict

  it('holds at every bar, and where one seed of five misses them all', () => {
    expect(verdict([])).toBe('holds')
    expect(verdict([{ reached: 0, 'displacement.1': 99, 'variation.2': 1, 'stein.0': 9 }])).toBe('holds')
  })

  it.each([
    { reached: 0.949 },
    { least: 0.119 },
    { split: 1.249 },
    { middle: 0.26 },
    { 'displacement.1': 99 },
    { 'variation.2': 0.21 },
    { 'stein.0': 0.211 },
    { 'unbiased.0': 0.201 },
    { 'stein.exact.1': 0.06 },
  ])('fails where two seeds have %j', (missed) => {
    expect(verdict([missed, missed])).toBe('fails')
  })

  it('sets the sampler as it was learned beside uniform actions, in no bar', () => {
    const learned = seeds.map((_, i) => ({
      ...at('unbiased.learned', 0.2 + 0.1 * i),
      ...at('unbiased.uniform', 2),
    }))
    const {
      verdict: found,
      metrics,
      reason,
    } = judge(sqlMultigoal, sqlMultigoal.verdict.roles, cells(learned))
    expect(found).toBe('holds')
    expect(reason).toContain('as learned, without further steps, 3 come to 0.2')
    expect(metrics['learned.share.1'].value).toBeCloseTo(0.2)
    expect(judge(sqlMultigoal, sqlMultigoal.control.roles, cells([])).metrics).not.toHaveProperty(
      'learned.share.0',
    )
  })

  it('fails where DDPG goes to several goals on two seeds, and for DDPG in the place of SQL', () => {
    expect(verdict([], [0.89, 0.9, 0.5, 0.9, 0.9])).toBe('fails')
    expect(judge(sqlMultigoal, sqlMultigoal.control.roles, cells([])).verdict).toBe('fails')
  })
})
