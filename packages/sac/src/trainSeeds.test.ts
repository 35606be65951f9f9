import { linearQuadraticEnv } from '@maxent/core/testing'
import type { HostTensor } from '@maxent/jit'
import { memoryStore, SeedsError, train, trainSeeds, type RunStore, type TrainResult } from '@maxent/train'
import { describe, expect, it } from 'vitest'
import type { SacConfig } from './config.ts'
import { sac } from './sac.ts'

const makeEnv = (): ReturnType<typeof linearQuadraticEnv> => linearQuadraticEnv()
const algorithm = sac(makeEnv().spec, { hidden: [8], batchSize: 8 })
const config = {
  steps: 120,
  warmupSteps: 20,
  evaluateEvery: 50,
  evaluateEpisodes: 1,
  finalEpisodes: 2,
  checkpointEvery: 30,
  replayCapacity: 100,
}
const seeds = [1, 2, 3]

const stateOf = (result: TrainResult): Readonly<Record<string, HostTensor>> =>
  result.state as Readonly<Record<string, HostTensor>>

/** The largest difference of two numbers of the policies and critics. */
function distance(a: TrainResult, b: TrainResult): number {
  let largest = 0
  for (const part of ['policy', 'critic']) {
    const other = stateOf(b)[part].data
    for (const [i, x] of stateOf(a)[part].data.entries()) largest = Math.max(largest, Math.abs(x - other[i]))
  }
  return largest
}

const variants: Readonly<Record<string, Partial<SacConfig>>> = {
  'the defaults': {},
  'a fixed temperature and hard targets': {
    temperature: { kind: 'fixed', alpha: 0.2 },
    target: { kind: 'hard', interval: 10 },
  },
  'targets over three steps': { nStep: 3 },
  'a mixture beside a state-value network': {
    bootstrap: 'valueNetwork',
    policy: { kind: 'mixture', components: 2 },
  },
  'a truncated Gaussian, and one critic': { policy: { kind: 'truncatedGaussian' }, critics: 1 },
}

describe('trainSeeds', () => {
  it.each(Object.entries(variants))(
    'makes of each seed the run that it makes alone, up to rounding: %s',
    async (_, more) => {
      const algorithm = sac(makeEnv().spec, { hidden: [8], batchSize: 8, ...more })
      const together = await trainSeeds({ algorithm, config, makeEnv, seeds })
      for (const [i, seed] of seeds.entries()) {
        const alone = await train({ algorithm, config, env: makeEnv(), evalEnv: makeEnv(), seed })
        expect(together[i]).toMatchObject({
          outcome: 'finished',
          steps: 120,
          updates: 100,
          episodes: alone.episodes,
        })
        expect(distance(together[i], alone)).toBeLessThan(1e-4)
        expect(together[i].evaluation?.returnMean).toBeCloseTo(alone.evaluation?.returnMean ?? NaN, 2)
      }
      expect(distance(together[0], together[1])).toBeGreaterThan(0.01)
    },
    120_000,
  )

  it('goes on bit for bit where it was interrupted', async () => {
    const whole = await trainSeeds({ algorithm, config, makeEnv, seeds })
    const stores = new Map<number, RunStore>(seeds.map((seed) => [seed, memoryStore()]))
    const storeOf = (seed: number): RunStore => stores.get(seed) as RunStore
    const controller = new AbortController()
    const first = await trainSeeds({
      algorithm,
      config,
      makeEnv,
      seeds,
      storeOf,
      signal: controller.signal,
      onProgress: ({ kind }) => {
        if (kind === 'evaluation') controller.abort()
      },
    })
    expect(first.map(({ outcome }) => outcome)).toContain('interrupted')
    const second = await trainSeeds({ algorithm, config, makeEnv, seeds, storeOf })
    expect(second.map(({ stateHash }) => stateHash)).toEqual(whole.map(({ stateHash }) => stateHash))
  }, 120_000)

  it('refuses to go on with the state of other settings', async () => {
    const stores = new Map<number, RunStore>(seeds.map((seed) => [seed, memoryStore()]))
    const storeOf = (seed: number): RunStore => stores.get(seed) as RunStore
    await trainSeeds({ algorithm, config: { ...config, steps: 60 }, makeEnv, seeds, storeOf })
    for (const hidden of [[6], [12], [8, 8]]) {
      const other = sac(makeEnv().spec, { hidden, batchSize: 8 })
      await expect(trainSeeds({ algorithm: other, config, makeEnv, seeds, storeOf })).rejects.toThrow(
        /seed 1: train: options must be those of the run in memory, got config\.hidden\.\w+ = .* where it has /,
      )
    }
  }, 120_000)

  it('refuses the state of other settings also where algorithms do not tell theirs', async () => {
    const untold = (hidden: readonly number[]): typeof algorithm => {
      const { config: _told, ...rest } = sac(makeEnv().spec, { hidden, batchSize: 8 })
      return rest
    }
    const stores = new Map<number, RunStore>(seeds.map((seed) => [seed, memoryStore()]))
    const storeOf = (seed: number): RunStore => stores.get(seed) as RunStore
    const begun = { config: { ...config, steps: 60 }, makeEnv, seeds, storeOf }
    await trainSeeds({ algorithm: untold([8]), ...begun })
    await expect(trainSeeds({ algorithm: untold([8, 8]), ...begun, config })).rejects.toThrow(
      /seed 1: sac\.setState: state must have the leaves of this algorithm and its settings, ".*" float32 \[\d+\], got ".*" float32 \[\d+\]/,
    )
  }, 120_000)

  it('refuses no seeds, and one twice', async () => {
    for (const wrong of [[], [1, 1]])
      await expect(trainSeeds({ algorithm, config, makeEnv, seeds: wrong })).rejects.toThrow(
        'trainSeeds: seeds must be',
      )
  })

  it('refuses a store that two of them share', async () => {
    const store = memoryStore()
    await expect(trainSeeds({ algorithm, config, makeEnv, seeds, storeOf: () => store })).rejects.toThrow(
      'trainSeeds: storeOf must give each seed a store of its own',
    )
  })

  it('says what one of the runs threw, and ends the others', async () => {
    let made = 0
    const breaking = (): ReturnType<typeof makeEnv> => {
      const env = makeEnv()
      const mine = made++
      let taken = 0
      return {
        ...env,
        step: (action) => {
          if (mine === 2 && ++taken > 40) throw new Error('diverged')
          return env.step(action)
        },
      }
    }
    const error: unknown = await trainSeeds({ algorithm, config, makeEnv: breaking, seeds }).catch(
      (reason: unknown) => reason,
    )
    expect(error).toBeInstanceOf(SeedsError)
    const { message, errors, seeds: failed, results } = error as SeedsError
    expect(message).toMatch(/^trainSeeds: runs of all seeds must end, got errors of 1 of \d: .*diverged/)
    expect(errors).toHaveLength(1)
    const states = results.map((result) => result?.outcome)
    expect(states).toEqual(seeds.map((seed) => (failed.includes(seed) ? undefined : 'finished')))
  }, 120_000)
})
