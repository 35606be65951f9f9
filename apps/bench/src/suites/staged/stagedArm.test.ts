import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import type { CellData } from '../../run/cellResult.ts'
import { quickLearners, smokeLearners } from './learners.ts'
import type { Rollout } from './rollouts.ts'
import { stagedArm, type Sight, type StagedRun } from './stagedArm.ts'

const root = mkdtempSync(join(tmpdir(), 'stages-'))
afterAll(() => rmSync(root, { recursive: true }))

const train = { steps: 300, warmupSteps: 120, logEvery: 50, replayCapacity: 1_000 }
const run = { env: 'pendulum', train, looks: 2, rollouts: 2 } as const
const sql = { ...run, algorithm: 'sql', config: smokeLearners.sql } as const
const runs: readonly StagedRun[] = [
  { ...sql, name: 'before' },
  { ...sql, name: 'after', startFrom: 'before' },
]

function look(rollouts: readonly Rollout[], before: Sight['numbers'] | undefined): Sight {
  const rewards = rollouts.map(({ meanReward }) => meanReward)
  return {
    numbers: { reward: rewards[0], best: Math.max(before?.best ?? -Infinity, ...rewards) },
    samples: { rewards },
  }
}

const arm = stagedArm({ id: 'an-arm', label: 'an arm', runs, look })

/** Runs it; `stopAt` raises the signal at that progress. */
async function compute(name: string, stopAt = Infinity): Promise<Partial<CellData>> {
  const controller = new AbortController()
  return arm.compute({
    settings: arm.settings,
    seed: 3,
    folder: join(root, name),
    signal: controller.signal,
    onProgress: (step) => {
      if (step >= stopAt) controller.abort(new Error('asked to stop'))
    },
    onNotice: () => undefined,
  })
}

describe('an arm that looks at more', () => {
  const seen: (readonly Rollout[])[] = []
  const watched = stagedArm({
    id: 'watched',
    label: 'watched',
    runs: [
      {
        ...run,
        name: 'reach',
        algorithm: 'naf',
        env: 'sawyer-random-reach',
        config: smokeLearners.naf,
        train: { ...train, steps: 1_200, warmupSteps: 1_150 },
        looks: 2,
        rollouts: 1,
        ends: 'distance',
        tests: { tasks: [[0.6, 0, 0.2]], since: 99 },
      },
    ],
    look: (rollouts, _before, tests) => {
      seen.push(tests)
      return {
        numbers: { distance: rollouts[0].info.distance.last },
        ...(tests.length > 0 && { scalars: { tested: tests[0].info.distance.last } }),
      }
    },
  })
  const compute = (name: string, stopAt: number): ReturnType<typeof watched.compute> => {
    const controller = new AbortController()
    return watched.compute({
      settings: watched.settings,
      seed: 3,
      folder: join(root, name),
      signal: controller.signal,
      onProgress: (step) => {
        if (step >= stopAt) controller.abort(new Error('asked to stop'))
      },
      onNotice: () => undefined,
    })
  }

  it('keeps how the episodes of training end, ten at a time, and makes the tests at the last look alone', async () => {
    const { curves, scalars } = await compute('watched', Infinity)
    expect(seen.map(({ length }) => length)).toEqual([0, 1])
    // Least and most are of the last step alone.
    const [{ last, least, most }] = seen[1].map(({ info }) => info.distance)
    expect([least, most]).toEqual([last, last])
    expect(scalars?.tested).toBeCloseTo(last, 4)
    expect(curves?.distance.steps).toEqual([600, 1_200])
    expect(curves?.['training.distance'].steps).toEqual([1_000, 1_100, 1_200])
    for (const value of curves?.['training.distance'].values ?? []) expect(value).toBeGreaterThan(0.01)
  })

  it('has the same of a run that was stopped in the middle of an episode', async () => {
    await expect(compute('watched and stopped', 640)).rejects.toThrow()
    const { curves } = await compute('watched and stopped', Infinity)
    const whole = await compute('watched', Infinity)
    expect(curves).toEqual(whole.curves)
  })
})

describe('an arm in stages', () => {
  it('has a curve of what every look finds, and scalars and samples of the last', async () => {
    const { curves, scalars, samples } = await compute('whole')
    expect(curves?.['before.reward'].steps).toEqual([150, 300])
    expect(curves?.['after.reward'].steps).toEqual([1, 150, 300])
    expect(curves?.['after.criticLoss'].steps).toEqual([150, 200, 250, 300])
    expect(scalars?.['after.reward']).toBe(curves?.['after.reward'].values[2])
    expect(samples?.['after.rewards']).toHaveLength(2)
    expect(samples?.['after.rewards'][0]).toBe(scalars?.['after.reward'])
    // The best so far never falls, and begins anew in another run.
    const best = curves?.['after.best'].values ?? []
    expect(best[0]).toBe(Math.max(...(samples?.['before.rewards'] ?? [])))
    expect(best[1]).toBeGreaterThanOrEqual(best[0])
  })

  it('tells what users should know of a run, by its name and once for all looks', async () => {
    const notices: string[] = []
    const particles = { kind: 'same', count: 1 } as const
    const lone = { ...sql, config: { ...sql.config, particles, diagnosticsEvery: 10 }, looks: 3 }
    const { settings, compute: begin } = stagedArm({
      id: 'lone',
      label: 'lone',
      runs: [{ ...lone, name: 'lone' }],
      look,
    })
    await begin({
      settings,
      seed: 3,
      folder: join(root, 'lone'),
      signal: new AbortController().signal,
      onProgress: () => undefined,
      onNotice: (message) => notices.push(message),
    })
    for (const told of ['particles must be at least 2', '(modeCoverage)']) {
      const found = notices.filter((notice) => notice.includes(told))
      expect(found).toEqual([expect.stringMatching(/^lone: sql: /)])
    }
  })

  it('begins where the run that it starts from has ended', async () => {
    const { curves } = await compute('whole')
    expect(curves?.['after.reward'].values[0]).toBe(curves?.['before.reward'].values[1])
    expect(curves?.['after.reward'].values[2]).not.toBe(curves?.['before.reward'].values[1])
  })

  it('goes on where it was stopped, and finds the same', async () => {
    await expect(compute('stopped', 330)).rejects.toThrow()
    expect(existsSync(join(root, 'stopped', 'before.looks.json'))).toBe(true)
    const { curves, ...rest } = await compute('stopped')
    const whole = await compute('whole')
    expect(rest).toEqual({ scalars: whole.scalars, samples: whole.samples })
    expect(curves).toEqual(whole.curves)
  })

  it('names all that decides it, with defaults filled in', () => {
    expect(arm.settings).toMatchObject({
      before: { env: 'pendulum', algorithm: 'sql', config: { gamma: 0.99 }, train: { steps: 300 }, looks: 2 },
      after: { startFrom: 'before', rollouts: 2 },
    })
  })

  it('refuses settings that break a rule before anything is run', () => {
    const config = { ...quickLearners.sql, batchSize: 0 }
    const wrong = { ...sql, name: 'wrong', config }
    expect(() => stagedArm({ id: 'a', label: 'a', runs: [wrong], look })).toThrow(/batchSize must be/)
  })
})
