import { describe, expect, it } from 'vitest'
import type { CellResult } from '../run/cellResult.ts'
import { cellResult } from '../run/cellResult.testData.ts'
import { expandGrid } from '../run/grid.ts'
import { planCells, type FoundCells } from '../run/results.ts'
import { summarise } from '../run/summarise.ts'
import type { SummaryEntry } from '../report/summary.ts'
import { bestScale, suite as sacAuto } from './sacAuto.suite.ts'
import { suite as sacBenchmark } from './sacBenchmark.suite.ts'
import { suite as sacMinitaur } from './sacMinitaur.suite.ts'
import { suite as sacMinitaurTerrain } from './sacMinitaurTerrain.suite.ts'
import { suite as sacRobustness } from './sacRobustness.suite.ts'
import { suite as sacSensitivity } from './sacSensitivity.suite.ts'
import { suite as sacStochastic } from './sacStochastic.suite.ts'
import { suite as sacVariants } from './sacVariants.suite.ts'
import { profileOf } from './index.ts'
import type { Suite } from './suite.ts'

/** What a seed of an arm came to, of `spread` 1 about a level; a number is the level of its returns all along. */
type Level =
  number | { readonly returns?: readonly number[]; readonly scalars?: Readonly<Record<string, number>> }

const revision = { '@maxent/sac': 1 }
const around = [-2, -1, 0, 1, 2]

/** Five evaluations of a run of five steps, all the same. */
function cellOf(arm: string, seed: number, level: Level, settings: CellResult['settings']): CellResult {
  const given = typeof level === 'number' ? {} : level
  const returns = given.returns ?? Array<number>(5).fill(typeof level === 'number' ? level : 0)
  return cellResult({
    arm,
    seed,
    revision,
    settings,
    curves: { return: { steps: [1, 2, 3, 4, 5], values: returns } },
    scalars: { return: returns[4], ...given.scalars },
  })
}

/** Every cell of the suite's quick profile, as a function of arm and seed says; those that it leaves out are missing. */
function cellsOf(suite: Suite, levelOf: (arm: string, i: number) => Level | undefined): FoundCells {
  const request = { profile: profileOf(suite, 'quick'), revision }
  const make = (cells: ReturnType<typeof expandGrid>): CellResult[] =>
    cells.flatMap(({ arm, seed, settings }) => {
      const level = levelOf(arm.id, seed % 5)
      const train = { ...(settings.train as object), steps: 5 }
      return level === undefined
        ? []
        : [cellOf(arm.id, seed, level, { ...settings, ...('train' in settings ? { train } : {}) })]
    })
  const first = make(expandGrid(suite, request))
  const cells = expandGrid(suite, { ...request, finished: first })
  const current = make(cells)
  const missing = cells.filter(
    ({ arm, seed }) => !current.some((one) => one.arm === arm.id && one.seed === seed),
  )
  return { current, missing, stale: [], damaged: [] }
}

function outcome(suite: Suite, found: FoundCells): SummaryEntry {
  return summarise(suite, { profile: 'quick', revision, found })
}

const isIdle = (arm: string): boolean => /-(random|still)$/.test(arm)

/** The verdict, where every seed is within 2 of its arm's level, and random actions and none are at 0. */
function verdict(suite: Suite, levels: (arm: string) => number): SummaryEntry {
  return outcome(
    suite,
    cellsOf(suite, (arm, i) => (isIdle(arm) ? around[i] : levels(arm) + around[i])),
  )
}

/** Without some cells, and with some of another revision. */
function without(
  found: FoundCells,
  isGone: (cell: CellResult) => boolean,
  isStale: (cell: CellResult) => boolean = () => false,
): FoundCells {
  const gone = found.current.filter((cell) => isGone(cell) || isStale(cell))
  const missing = gone.map(({ arm, seed }) => ({ arm: { id: arm }, seed }))
  return {
    ...found,
    current: found.current.filter((cell) => !gone.includes(cell)),
    stale: gone.filter(isStale),
    missing: missing as unknown as FoundCells['missing'],
  }
}

describe('the rule of sac-variants', () => {
  const learned = (levels: Readonly<Record<string, number>>) => (arm: string) =>
    levels[arm.replace(/^(hopper|half-cheetah)-/, '')] ?? 100
  const met = { soft: 100, hard: 70, deterministic: 60, 'trust-pcl': 50 }

  it('holds where both variants learn half as much at least, and Trust-PCL is slower', () => {
    const { verdict: found, control, reason } = verdict(sacVariants, learned(met))
    expect({ found, control }).toEqual({ found: 'holds', control: 'fails' })
    expect(reason).toMatch(/^at reduced scale: hopper, as shares of SAC .* hard 0\.70 \[/)
  })

  it.each([
    ['fails', 'hard targets learn a third', { ...met, hard: 33 }],
    ['fails', 'the deterministic policy learns nothing', { ...met, deterministic: 0 }],
    ['fails', 'Trust-PCL is faster', { ...met, 'trust-pcl': 130 }],
    ['inconclusive', 'a variant is about at its bar', { ...met, hard: 50.5 }],
    ['inconclusive', 'Trust-PCL is about as fast', { ...met, 'trust-pcl': 100.5 }],
    ['inconclusive', 'nothing learns', { soft: -1, hard: 0, deterministic: 0, 'trust-pcl': 0, single: 0 }],
    ['holds', 'one critic alone is worse, which is beside the verdict', { ...met, single: 5 }],
  ])('%s where %s', (expected, _, levels) => {
    expect(verdict(sacVariants, learned(levels)).verdict).toBe(expected)
  })

  it('says which cells are missing and which are stale', () => {
    const all = cellsOf(sacVariants, (arm, i) => learned(met)(arm) + around[i])
    const { verdict: found, reason } = outcome(
      sacVariants,
      without(
        all,
        ({ arm, seed }) => arm === 'hopper-soft' && seed === 3,
        ({ arm }) => arm === 'half-cheetah-trust-pcl',
      ),
    )
    expect(found).toBe('inconclusive')
    expect(reason).toContain('hopper-soft lacks seed 3')
    expect(reason).toContain('half-cheetah-trust-pcl is stale in seeds 1, 2, 3, 4, 5')
  })

  it('judges the tasks of its profile alone', () => {
    const { metrics, cells } = verdict(sacVariants, learned(met))
    expect(Object.keys(metrics).filter((name) => name.includes('humanoid'))).toEqual([])
    expect(cells.current).toBe(70)
  })
})

describe('the rule of sac-stochastic', () => {
  const figures = (
    spread: { stochastic: number; deterministic: number },
    edge: number,
    levels = { stochastic: 100, deterministic: 100 },
  ): SummaryEntry =>
    outcome(
      sacStochastic,
      cellsOf(sacStochastic, (arm, i) => {
        if (isIdle(arm)) return around[i]
        const variant = arm.endsWith('deterministic') ? 'deterministic' : 'stochastic'
        const level = levels[variant] + spread[variant] * around[i]
        return {
          returns: Array<number>(5).fill(level),
          scalars: {
            meanAction: level + (variant === 'stochastic' ? edge : 0) + 0.1 * around[i],
            sampledAction: level,
          },
        }
      }),
    )

  it('holds where seeds of the deterministic policy are farther apart and the mean action returns more', () => {
    expect(figures({ stochastic: 1, deterministic: 20 }, 5)).toMatchObject({
      verdict: 'holds',
      control: 'fails',
    })
  })

  it.each([
    ['fails', 'the deterministic policy is the steadier one', { stochastic: 20, deterministic: 1 }, 5],
    ['fails', 'sampled actions return more', { stochastic: 1, deterministic: 20 }, -5],
    ['inconclusive', 'both spread alike', { stochastic: 10, deterministic: 10.5 }, 5],
    ['inconclusive', 'both ways to evaluate are alike', { stochastic: 1, deterministic: 20 }, 0.01],
  ])('%s where %s', (expected, _, spread, edge) => {
    expect(figures(spread, edge).verdict).toBe(expected)
  })

  it('does not take a policy that gains more for less steady, nor one that gains little for steady', () => {
    const same = { stochastic: 5, deterministic: 20 }
    const more = figures(same, 5, { stochastic: 100, deterministic: 400 })
    expect(more.metrics.spread.value).toBeCloseTo(0)
    expect(more.verdict).toBe('inconclusive')
    expect(more.reason).toContain('gain 100.00 and 400.00 on hopper')
    const less = figures({ stochastic: 20, deterministic: 5 }, 5, { stochastic: 100, deterministic: 25 })
    expect(less.metrics.spread.value).toBeCloseTo(-0.18)
    expect(less.verdict).toBe('fails')
  })

  it('fails where the stochastic policy gains nothing, and says on what', () => {
    const { verdict: found, control, reason } = verdict(sacStochastic, () => -50)
    expect({ found, control }).toEqual({ found: 'fails', control: 'fails' })
    expect(reason).toContain('gains nothing on hopper; the stochastic policy gains nothing on half-cheetah')
  })

  it('is inconclusive where it may gain nothing on one of the tasks', () => {
    const unsure = cellsOf(sacStochastic, (arm, i) => {
      if (isIdle(arm)) return 0
      const [level, spread] = arm === 'hopper-hard' ? [5, 20] : [100, arm.endsWith('-deterministic') ? 40 : 1]
      const mean = level + spread * around[i]
      return {
        returns: Array<number>(5).fill(mean),
        scalars: { meanAction: mean + 20 + around[i], sampledAction: mean },
      }
    })
    expect(outcome(sacStochastic, unsure)).toMatchObject({ verdict: 'inconclusive', control: 'fails' })
  })
})

describe('the rule of sac-auto', () => {
  const levels =
    (learned: number, tuned = 100) =>
    (arm: string): number =>
      arm.endsWith('learned') ? learned : arm.endsWith('tuned') ? tuned : arm.endsWith('scale-16') ? 90 : 30

  it('takes the scale of the search that returns most, by all of its seeds', () => {
    const { current } = cellsOf(sacAuto, (arm, i) => levels(95)(arm) + around[i])
    const search = current.filter(({ arm }) => arm.startsWith('hopper-scale'))
    expect(search).toHaveLength(10)
    expect(bestScale(search)).toEqual({ rewardScale: 16 })
    const tuned = current.filter(({ arm }) => arm === 'hopper-tuned')
    expect(tuned.map(({ seed }) => seed)).toEqual([1, 2, 3, 4, 5])
    expect(tuned.map(({ settings }) => (settings.config as { rewardScale: number }).rewardScale)).toEqual(
      Array(5).fill(16),
    )
    const lucky = search.map((cell) =>
      cell.arm.endsWith('scale-50') && cell.seed === 101
        ? { ...cell, curves: { return: { steps: [5], values: [140] } } }
        : cell,
    )
    expect(bestScale(lucky)).toEqual({ rewardScale: 16 })
  })

  it('never gives a run that was not evaluated at its end the prize', () => {
    const { current } = cellsOf(sacAuto, (arm, i) => levels(95)(arm) + around[i])
    const search = current
      .filter(({ arm }) => arm.startsWith('hopper-scale'))
      .map((cell) => (cell.arm.endsWith('scale-16') ? { ...cell, curves: {} } : cell))
    expect(bestScale(search).rewardScale).not.toBe(16)
  })

  it('holds where the interval reaches 0.9 and is narrow', () => {
    const { verdict: found, control, reason } = verdict(sacAuto, levels(95))
    expect({ found, control }).toEqual({ found: 'holds', control: 'fails' })
    expect(reason).toContain('reward scales found: hopper 16, half-cheetah 16')
    expect(verdict(sacAuto, levels(150)).verdict).toBe('holds')
    expect(verdict(sacAuto, levels(90)).verdict).toBe('holds')
  })

  it('fails where the interval lies below 0.9', () => {
    expect(verdict(sacAuto, levels(80)).verdict).toBe('fails')
  })

  it('judges the mean over tasks, beside which it gives that of each', () => {
    const { verdict: found, metrics } = verdict(sacAuto, (arm) =>
      levels(arm.startsWith('hopper') ? 60 : 140)(arm),
    )
    expect(found).toBe('holds')
    expect(metrics.ratio.value).toBeCloseTo(1, 1)
    expect(metrics.hopper.high).toBeLessThan(0.9)
  })

  it('holds above 0.9 however wide the interval is', () => {
    const much = cellsOf(sacAuto, (arm, i) => (isIdle(arm) ? 0 : levels(400)(arm) + 15 * around[i]))
    const { verdict: found, metrics } = outcome(sacAuto, much)
    expect((metrics.ratio.high ?? NaN) - (metrics.ratio.low ?? NaN)).toBeGreaterThan(0.3)
    expect(found).toBe('holds')
  })

  it('is inconclusive where the interval holds 0.9 and is wider than 0.3, and where the tuned temperature gains nothing', () => {
    const wide = cellsOf(sacAuto, (arm, i) => (isIdle(arm) ? 0 : levels(100)(arm) + 30 * around[i]))
    expect(outcome(sacAuto, wide).verdict).toBe('inconclusive')
    expect(verdict(sacAuto, levels(95, -10))).toMatchObject({ verdict: 'inconclusive' })
  })

  it('has no tuned arm, and says why, while a cell of the search is missing or stale', () => {
    const request = { profile: profileOf(sacAuto, 'quick'), revision }
    const all = cellsOf(sacAuto, (arm, i) => levels(95)(arm) + around[i])
    const first = all.current.filter(({ arm }) => arm !== 'hopper-tuned')
    const isLost = ({ arm, seed }: CellResult): boolean => arm === 'hopper-scale-5' && seed === 102
    const planned = expandGrid(sacAuto, { ...request, finished: first.filter((cell) => !isLost(cell)) })
    expect(planned.some(({ arm }) => arm.id === 'hopper-tuned')).toBe(false)
    expect(planned.some(({ arm }) => arm.id === 'half-cheetah-tuned')).toBe(true)
    const { verdict: found, reason } = outcome(
      sacAuto,
      without({ ...all, current: first }, () => false, isLost),
    )
    expect(found).toBe('inconclusive')
    expect(reason).toContain('hopper-scale-5 is stale in seed 102')
    expect(reason).toContain('hopper-tuned is not decided')
  })

  it('finds the decided arm among recorded results', () => {
    const request = { profile: profileOf(sacAuto, 'quick'), revision: {} }
    const recorded = expandGrid(sacAuto, request).map(({ suite, arm, seed, settings, revision: own }) => ({
      ...cellOf(arm.id, seed, arm.id.endsWith('scale-1-6') ? 50 : 20, settings),
      suite,
      revision: own,
      curves: { return: { steps: [50_000], values: [arm.id.endsWith('scale-1-6') ? 50 : 20] } },
    }))
    const tuned = planCells(sacAuto, request, recorded).filter(({ arm }) => arm.id === 'hopper-tuned')
    expect(tuned).toHaveLength(5)
    expect(tuned[0].settings.config).toMatchObject({ rewardScale: 1.6 })
    const less = recorded.filter(({ arm, seed }) => arm !== 'hopper-scale-50' || seed !== 101)
    expect(planCells(sacAuto, request, less).some(({ arm }) => arm.id === 'hopper-tuned')).toBe(false)
  })
})

describe.each([
  ['sac-robustness', sacRobustness, 'target entropy', 'reward scale'],
  ['sac-sensitivity', sacSensitivity, 'tau', 'reward scale'],
] as const)('the rule of %s', (_, suite, wide, narrow) => {
  /** Levels along either axis, in the order of the grid. */
  const along =
    (wideLevels: readonly number[], narrowLevels: readonly number[]) =>
    (arm: string): number => {
      const of = (role: string): readonly string[] => suite.verdict.roles[`half-cheetah/${role}`]
      // What both axes share is in the middle of either, at the same level.
      return of(narrow).includes(arm)
        ? narrowLevels[of(narrow).indexOf(arm)]
        : wideLevels[of(wide).indexOf(arm)]
    }
  const broad = [100, 100, 100, 100, 100]
  const peaked = [10, 20, 100, 20, 10]

  it('holds where the claimed range is the wider, and not for random actions', () => {
    expect(verdict(suite, along(broad, peaked))).toMatchObject({ verdict: 'holds', control: 'fails' })
  })

  it('fails where the other range is the wider', () => {
    expect(verdict(suite, along(peaked, broad)).verdict).toBe('fails')
  })

  it.each([
    ['the claim holds', broad, peaked],
    ['it fails', peaked, broad],
    ['both ranges are whole', broad, broad],
    ['nothing is gained on the other axis', broad, [-10, -10, -10, -10, -10]],
  ])('fails for its control where %s', (_case, first, second) => {
    expect(verdict(suite, along(first, second)).control).toBe('fails')
  })

  it('is inconclusive where both ranges are whole', () => {
    expect(verdict(suite, along(broad, broad)).verdict).toBe('inconclusive')
  })

  it('is inconclusive where noise decides', () => {
    const noisy = cellsOf(suite, (arm, i) =>
      isIdle(arm) ? 0 : along(peaked, peaked)(arm) + 30 * around[(i + arm.length) % 5],
    )
    expect(outcome(suite, noisy).verdict).toBe('inconclusive')
  })

  it('says what is missing', () => {
    const all = cellsOf(suite, (arm, i) => along(broad, peaked)(arm) + around[i])
    const { verdict: found, reason } = outcome(
      suite,
      without(all, ({ arm }) => arm.endsWith('random')),
    )
    expect(found).toBe('inconclusive')
    expect(reason).toContain('half-cheetah-random lacks seeds 1, 2, 3, 4, 5')
  })

  it('knows its axes, of five values over three decades', () => {
    const { metrics } = verdict(suite, along(broad, peaked))
    const [first] = Object.values(metrics)
    expect(first.value).toBeCloseTo(3, 1)
    expect(metrics.difference.value).toBeGreaterThan(2)
  })
})

describe('the rule of sac-benchmark', () => {
  const learned = (levels: Readonly<Record<string, number>>) => (arm: string) =>
    levels[arm.split('-').at(-1) ?? ''] ?? 50

  it('holds where SAC learns and is close to the best of the others on easy tasks', () => {
    expect(verdict(sacBenchmark, learned({ sac: 95, td3: 100 }))).toMatchObject({
      verdict: 'holds',
      control: 'fails',
    })
  })

  it.each([
    ['fails', 'SAC is far behind one of the others', { sac: 60, td3: 100 }],
    ['fails', 'SAC loses against random actions', { sac: -20, td3: 10 }],
    ['inconclusive', 'SAC is about at its bar', { sac: 80.5, td3: 100 }],
  ])('%s where %s', (expected, _, levels) => {
    expect(verdict(sacBenchmark, learned(levels)).verdict).toBe(expected)
  })

  it('asks on a hard task that SAC is ahead of each of the others', () => {
    const cells = (sac: number, td3: number): Record<string, CellResult[]> =>
      Object.fromEntries(
        Object.entries({ sac, td3, ddpg: 10, ppo: 10, sql: 10, random: 0 }).map(([name, level]) => [
          `ant/${name}`,
          around.map((x, i) =>
            cellOf(`ant-${name}`, i + 1, level + x, {
              kind: name === 'random' ? 'uniform' : 'train',
              train: { steps: 5 },
            }),
          ),
        ]),
      )
    expect(sacBenchmark.verdict.judge(cells(120, 100)).verdict).toBe('holds')
    expect(sacBenchmark.verdict.judge(cells(90, 100)).verdict).toBe('fails')
    expect(sacBenchmark.verdict.judge(cells(100.5, 100)).verdict).toBe('inconclusive')
    // DDPG makes no progress there: learning at all is being ahead of it.
    expect(
      sacBenchmark.verdict.judge({ ...cells(120, 100), 'ant/ddpg': cells(0, 0)['ant/random'] }).verdict,
    ).toBe('holds')
  })
})

describe('the rule of sac-minitaur', () => {
  const speeds = (learned: readonly number[]): SummaryEntry =>
    outcome(
      sacMinitaur,
      cellsOf(sacMinitaur, (arm, i) => ({
        scalars: {
          'speed.walk': arm === 'learned' ? learned[i] : arm === 'trot' ? 0.5 : 0.01,
          'success.walk': 0,
        },
      })),
    )

  it('holds at the bar on four of five seeds, and names trot and random actions beside', () => {
    const { verdict: found, control, reason } = speeds([0.3, 0.3, 0.4, 0, 0.3])
    expect({ found, control }).toEqual({ found: 'holds', control: 'fails' })
    expect(reason).toContain('the scripted trot 0.50, random actions 0.01 m/s')
  })

  it('fails where two seeds are slower', () => {
    expect(speeds([0.29, 0.29, 0.9, 0.9, 0.9]).verdict).toBe('fails')
  })

  it('is inconclusive without its reference cells', () => {
    const all = cellsOf(sacMinitaur, () => ({ scalars: { 'speed.walk': 1 } }))
    const { verdict: found, reason } = outcome(
      sacMinitaur,
      without(all, ({ arm }) => arm === 'trot'),
    )
    expect(found).toBe('inconclusive')
    expect(reason).toContain('trot lacks seeds 1, 2, 3, 4, 5')
  })
})

describe('the rule of sac-minitaur-terrain', () => {
  const grounds = ['walk', 'slope', 'blocks', 'stairs']
  const all = (name: string, value: number): Readonly<Record<string, number>> =>
    Object.fromEntries(grounds.map((ground) => [`${name}.${ground}`, value]))
  const met = { ...all('success', 0.5), ...all('falls', 0.2), 'success.walk': 1, 'falls.walk': 0 }
  const rates = (of: (seed: number) => Readonly<Record<string, number>>): SummaryEntry =>
    outcome(
      sacMinitaurTerrain,
      cellsOf(sacMinitaurTerrain, (arm, i) => ({
        scalars:
          arm === 'random'
            ? { ...all('success', 0), ...all('falls', 0) }
            : { ...met, ...(arm === 'learned' ? of(i) : {}) },
      })),
    )

  it('holds where four of five seeds cross every terrain in half of their trials', () => {
    expect(rates(() => ({}))).toMatchObject({ verdict: 'holds', control: 'fails' })
    expect(rates((i) => (i === 2 ? { 'success.slope': 0 } : {})).verdict).toBe('holds')
  })

  it.each(['slope', 'blocks', 'stairs'])('fails where two seeds do not cross the %s', (terrain) => {
    expect(rates((i) => (i < 2 ? { [`success.${terrain}`]: 0.45 } : {})).verdict).toBe('fails')
  })

  it('tells falls from what runs out of time', () => {
    const { reason, metrics } = rates(() => ({}))
    expect(reason).toContain(
      'slope: 5 of 5 seeds cross (of all trials 50 % succeed, 20 % fall and 30 % run out of time)',
    )
    expect(metrics['slope.falls'].value).toBeCloseTo(0.2)
  })

  it('does not judge flat ground', () => {
    expect(rates(() => ({ 'success.walk': 0 })).verdict).toBe('holds')
  })
})
