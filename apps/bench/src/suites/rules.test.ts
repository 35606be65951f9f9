import { describe, expect, it } from 'vitest'
import type { CellResult, Curve } from '../run/cellResult.ts'
import { cellResult } from '../run/cellResult.testData.ts'
import { judge } from '../run/summarise.ts'
import { suite as sacEntropy } from './sacEntropy.suite.ts'
import { suite as sacPeers } from './sacPeers.suite.ts'
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
