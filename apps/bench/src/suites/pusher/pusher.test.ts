import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { key, uniform } from '@maxent/core/keys'
import { createBatch, createReplay } from '@maxent/train'
import { afterAll, describe, expect, it } from 'vitest'
import type { CellResult } from '../../run/cellResult.ts'
import { cellResult } from '../../run/cellResult.testData.ts'
import { judge } from '../../run/summarise.ts'
import { suite as extract } from '../composeExtract.suite.ts'
import { suite as pusher } from '../composePusher.suite.ts'
import type { ComputeArm } from '../suite.ts'
import { composedReward, relabelled, withComposedReward } from './composedReward.ts'
import { finalPlaces } from './finalPlaces.ts'
import { goalEnv, goals, type Goal } from './goals.ts'
import { wayArm } from './extractionArms.ts'
import { mergingArm } from './mergingArm.ts'
import { tiny } from './settings.ts'

const root = mkdtempSync(join(tmpdir(), 'pusher-'))
afterAll(() => rmSync(root, { recursive: true }))

const seeds = [1, 2, 3, 4, 5]
const signal = new AbortController().signal

describe('a goal', () => {
  it('is that of every episode', async () => {
    const env = await goalEnv('left')
    for (const seed of [1, 2, undefined]) {
      const { observation } = env.reset(seed === undefined ? {} : { seed })
      expect([...observation.goal]).toEqual([1, -1, 0, 0])
      env.step(new Float32Array(3))
    }
    env.close()
  })

  it('is left by an arm at rest where the puck starts: some 1.6 m from the lower left; its steps are counted', async () => {
    const rest = new Float32Array(3)
    const counter = { count: 0 }
    const { distance, x, y } = await finalPlaces({
      goal: 'bottom-left',
      policy: () => rest,
      episodes: 20,
      seed: 1,
      counter,
      signal,
    })
    expect(counter.count).toBe(20 * 300)
    expect(Math.abs(distance.reduce((sum, d) => sum + d, 0) / 20 - 1.62)).toBeLessThan(0.1)
    for (const [i, d] of distance.entries()) expect(Math.hypot(x[i] + 1, y[i] + 1)).toBeCloseTo(d, 4)
  })
})

describe('the composed reward', () => {
  it('is the mean of the rewards that the environments pay for the parts, also for batches of their transitions', async () => {
    const parts = ['bottom', 'left'] as const
    const [bottom, left] = await Promise.all(parts.map((goal) => goalEnv(goal)))
    const both = withComposedReward(await goalEnv('bottom-left'), parts)
    for (const env of [bottom, left, both]) env.reset({ seed: 3 })
    const replay = createReplay({ spec: left.spec, capacity: 100 })
    replay.begin(left.reset({ seed: 3 }).observation)
    const paid: number[] = []
    for (let step = 0; step < 30; step++) {
      const action = Float32Array.from(uniform(key(step), 3), (u) => 6 * u - 3)
      const mean = (bottom.step(action).reward + left.step(action).reward) / 2
      const result = both.step(action)
      expect(result.reward).toBeCloseTo(mean, 5)
      replay.add(action, { ...result, reward: 1_000 })
      paid.push(mean)
    }
    const batch = createBatch(left.spec, 50)
    replay.sample(key(1), batch)
    relabelled(parts)(batch)
    for (const reward of batch.reward)
      expect(Math.min(...paid.map((mean) => Math.abs(mean - reward)))).toBeLessThan(1e-4)
    for (const env of [bottom, left, both]) env.close()
  })

  it('is what 6.1 says by hand', () => {
    // ½·(0.5 + 2) + 0.1·9
    expect(composedReward(['bottom', 'left'], [1, -0.5], 9)).toBeCloseTo(-2.15, 12)
  })
})

describe('a merging arm', () => {
  const arm = mergingArm('sql', 'SQL', {
    algorithm: 'sql',
    goals: ['left', 'bottom'],
    merges: { 'bottom-left': ['bottom', 'left'] },
    config: {
      ...tiny,
      exploration: { kind: 'gaussian', sigma: 0.2 },
      value: { kind: 'uniform', samples: 4, shared: true },
      diagnosticsEvery: 10,
    },
    train: { steps: 330, warmupSteps: 250, replayCapacity: 400, checkpointEvery: 0 },
    extraction: { rule: 'mean', updates: 100, config: {} },
    episodes: 1,
  })
  const request = (folder: string): Parameters<typeof arm.compute>[0] => ({
    settings: arm.settings,
    seed: 1,
    folder: join(root, folder),
    signal,
    onProgress: () => undefined,
    onNotice: () => undefined,
  })

  it('learns the parts and combines them without a step, and goes on where it was left', async () => {
    const whole = await arm.compute(request('whole'))
    expect(Object.keys(whole.scalars ?? {}).sort()).toEqual(
      [
        ...['left', 'bottom', 'merge-bottom-left'].flatMap((name) => [`${name}.distance`, `${name}.sd`]),
        'merge-bottom-left.divergence',
        'merge-bottom-left.penalty',
        'newSteps',
      ].sort(),
    )
    expect(whole.scalars?.newSteps).toBe(0)
    expect(whole.samples?.['merge-bottom-left.x']).toHaveLength(1)
    const stop = new AbortController()
    const cut = arm.compute({
      ...request('cut'),
      signal: stop.signal,
      onProgress: (step) => {
        if (step > 340) stop.abort()
      },
    })
    const failed = await cut.then(
      () => false,
      (error: unknown) => error === stop.signal.reason,
    )
    // Progress is told by the clock: a fast machine may be done before it is asked to stop.
    if (stop.signal.aborted) expect(failed).toBe(true)
    const { scalars } = await arm.compute(request('cut'))
    expect(scalars).toEqual(whole.scalars)
  })

  it('takes its settings whole, so that they identify it', () => {
    expect(arm.settings).toMatchObject({
      tasks: { left: { env: 'planar-pusher-line', task: [0, -1] } },
      config: { gamma: 0.99, policyGroups: ['proprio', 'hand', 'object'] },
      train: { steps: 330, updatesPerStep: 1 },
    })
  })
})

const corner: readonly Goal[] = ['left', 'bottom', 'bottom-left']

/** Cells of five seeds that just meet every bar, but for what is given. */
function pusherCells(given: Readonly<Record<string, number>> = {}, alone = 1.2): readonly CellResult[] {
  const met = Object.fromEntries(
    corner.map((goal) => [`${goal}.distance`, goals[goal].env === 'planar-pusher-line' ? 0.15 : 0.2]),
  )
  return seeds.flatMap((seed) => [
    cellResult({
      arm: 'sql',
      seed,
      scalars: { ...met, 'merge-bottom-left.distance': 0.2, newSteps: 0, ...given },
    }),
    cellResult({ arm: 'alone', seed, scalars: { 'merge-bottom-left.distance': alone, newSteps: 0 } }),
  ])
}

describe('the rule of compose-pusher', () => {
  const verdict = (...args: Parameters<typeof pusherCells>): string =>
    judge(pusher, pusher.verdict.roles, pusherCells(...args)).verdict

  it('holds from the bars on, and fails for one part alone', () => {
    expect(verdict()).toBe('holds')
    expect(judge(pusher, pusher.control.roles, pusherCells()).verdict).toBe('fails')
  })

  it('takes the middle of the seeds', () => {
    const cells = pusherCells().map((cell) =>
      cell.arm === 'sql' && cell.seed < 3
        ? { ...cell, scalars: { ...cell.scalars, 'merge-bottom-left.distance': 2, 'left.distance': 2 } }
        : cell,
    )
    expect(judge(pusher, pusher.verdict.roles, cells).verdict).toBe('holds')
  })

  it('says where steps were taken, and fails where none were counted', () => {
    const { verdict: found, reason } = judge(pusher, pusher.verdict.roles, pusherCells({ newSteps: 3 }))
    expect(found).toBe('fails')
    expect(reason).toContain('5 of 5 seeds took steps in an environment while merging')
    expect(verdict({ newSteps: NaN })).toBe('fails')
  })

  it.each([{ 'merge-bottom-left.distance': 0.201 }, { newSteps: 1 }])(
    'fails where all seeds have %j',
    (missed) => {
      expect(verdict(missed)).toBe('fails')
    },
  )

  it.each([{ 'left.distance': 0.151 }, { 'bottom.distance': NaN }, { 'bottom-left.distance': 0.21 }])(
    'is inconclusive where all seeds have %j',
    (missed) => {
      expect(verdict({ ...missed, 'merge-bottom-left.distance': 0.1 })).toBe('inconclusive')
    },
  )
})

it('learns parts once for extraction and for learning offline', async () => {
  const way = wayArm('extraction-sql', 'extraction', {
    algorithm: 'sql',
    goal: 'bottom-left',
    parts: ['bottom', 'left'],
    config: { ...tiny, value: { kind: 'uniform', samples: 4, shared: true } },
    train: { steps: 300, warmupSteps: 280, replayCapacity: 310, checkpointEvery: 0 },
    looks: [2, 5],
    offline: [3, 10],
    episodes: 1,
  })
  const reported: number[] = []
  const { curves, scalars, samples } = await way.compute({
    settings: way.settings,
    seed: 1,
    folder: join(root, 'way'),
    signal,
    onProgress: (step, steps) => reported.push(step / steps),
    onNotice: () => undefined,
  })
  expect(curves?.distance.steps).toEqual([2, 5])
  expect(curves?.['offline.distance'].steps).toEqual([3, 10])
  expect(samples?.['offline.distance']).toEqual(curves?.['offline.distance'].values)
  expect(scalars).toMatchObject({ steps: 0, 'offline.steps': 0 })
  expect(scalars?.['offline.last']).not.toBe(scalars?.last)
  expect(reported.at(-1)).toBe(1)
  expect(reported).toEqual([...reported].sort((a, b) => a - b))
})

describe('the rule of compose-extract', () => {
  const curve = (points: readonly (readonly [number, number])[]): CellResult['curves'] => ({
    distance: { steps: points.map(([step]) => step), values: points.map(([, value]) => value) },
  })
  /** Extraction converges to 0.1 m; learning online comes to 0.11 m after 10,000 gradient steps. */
  const cells = (
    extraction: readonly (readonly [number, number])[] = [[50, 1], [200, 0.11], [500, 0.1], [900, 0.1], [1000, 0.1]], // prettier-ignore
    online: readonly (readonly [number, number])[] = [[1000, 1], [10_000, 0.11], [20_000, 0.05]], // prettier-ignore
    steps = 0,
  ): readonly CellResult[] =>
    seeds.flatMap((seed) => [
      cellResult({ arm: 'extraction-sql', seed, curves: curve(extraction), scalars: { steps } }),
      cellResult({ arm: 'online-sql', seed, curves: curve(online), scalars: { steps: 101_000 } }),
    ])
  const found = (...args: Parameters<typeof cells>): ReturnType<typeof judge> =>
    judge(extract, extract.verdict.roles, cells(...args))

  it('holds at a fiftieth of the gradient steps, and fails for learning online in the place of extraction', () => {
    expect(found()).toMatchObject({
      verdict: 'holds',
      metrics: { share: { value: 0.02 }, steps: { value: 200 } },
    })
    expect(judge(extract, extract.control.roles, cells()).verdict).toBe('fails')
  })

  it('fails above it', () => {
    expect(found([[100, 1], [210, 0.11], [500, 0.1], [900, 0.1], [1000, 0.1]]).verdict).toBe('fails') // prettier-ignore
  })

  it('fails where extraction took a step in an environment', () => {
    expect(found(undefined, undefined, 1)).toMatchObject({
      verdict: 'fails',
      metrics: { newSteps: { value: 5 } },
    })
  })

  it('looks eight times in a factor of ten, each time once', () => {
    for (const { id, settings } of extract.grid as readonly ComputeArm[]) {
      const looks = settings.looks as readonly number[]
      const ratios = looks.slice(1, -1).map((step, i) => step / looks[i])
      expect(Math.max(...ratios), id).toBeLessThan(1.42)
      expect(Math.min(...ratios), id).toBeGreaterThan(1)
    }
  })

  it('counts learning online that never comes as near as if it did at its end, and fails for it in the place of extraction', () => {
    const never = [[1000, 1], [20_000, 0.5]] as const // prettier-ignore
    expect(found(undefined, never)).toMatchObject({ verdict: 'holds', metrics: { share: { value: 0.01 } } })
    expect(judge(extract, extract.control.roles, cells(undefined, never)).verdict).toBe('fails')
  })

  it('is inconclusive where the share is too large only because learning online ended before it came as near', () => {
    expect(
      found(undefined, [
        [1000, 1],
        [8000, 0.5],
      ]),
    ).toMatchObject({ verdict: 'inconclusive', metrics: { share: { value: 0.025 } } })
  })

  it('counts what comes near at two looks in a row, not what grazes it', () => {
    expect(found([[50, 0.1], [100, 1], [200, 0.11], [500, 0.1], [900, 0.1], [1000, 0.1]])).toMatchObject({ verdict: 'holds', metrics: { steps: { value: 200 } } }) // prettier-ignore
    expect(found([[50, 0.1], [100, 1], [210, 0.11], [500, 0.1], [900, 0.1], [1000, 0.1]]).verdict).toBe('fails') // prettier-ignore
  })

  it('fails where extraction converges to nowhere and learning online does not, and is inconclusive where both do', () => {
    const nowhere = [[50, 1], [200, 0.3], [500, 0.3], [900, 0.3]] as const // prettier-ignore
    expect(found(nowhere, [[1000, 1], [2000, 0.125], [3000, 0.125], [4000, 0.125]])).toMatchObject({ verdict: 'fails', metrics: { learned: { value: 0.125 } } }) // prettier-ignore
    expect(found(nowhere, [[1000, 1], [2000, 0.21], [3000, 0.21], [4000, 0.21]]).verdict).toBe('inconclusive') // prettier-ignore
  })

  it('fails where steps were not counted', () => {
    expect(found(undefined, undefined, NaN).verdict).toBe('fails')
  })
})
