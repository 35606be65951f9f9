import { linearQuadraticEnv } from '@maxent/core/testing'
import { memoryStore, trainSeeds } from '@maxent/train'
import { expect, it } from 'vitest'
import { td3 } from './td3.ts'

const makeEnv = (): ReturnType<typeof linearQuadraticEnv> => linearQuadraticEnv()
const algorithm = td3(makeEnv().spec, { hidden: [8], batchSize: 8 })
const config = {
  steps: 120,
  finalEpisodes: 1,
  warmupSteps: 20,
  checkpointEvery: 30,
  evaluateEvery: 0,
  replayCapacity: 100,
}
const seeds = [1, 2]

it('seeds that go on from different steps of a schedule come to what they come to together', async () => {
  const whole = await trainSeeds({ algorithm, config, makeEnv, seeds })
  const [long, short] = await Promise.all(
    [61, 30].map(async (steps, i) => {
      const store = memoryStore()
      const results = await trainSeeds({
        algorithm,
        config: { ...config, steps },
        makeEnv,
        seeds,
        // Only one of the two is kept.
        storeOf: (seed) => (seed === seeds[i] ? store : memoryStore()),
      })
      expect(results.map(({ outcome }) => outcome)).toEqual(['finished', 'finished'])
      return store
    }),
  )
  const ended = await trainSeeds({
    algorithm,
    config,
    makeEnv,
    seeds,
    storeOf: (seed) => (seed === seeds[0] ? long : short),
  })
  expect(ended.map(({ steps }) => steps)).toEqual([120, 120])
  expect(ended.map(({ stateHash }) => stateHash)).toEqual(whole.map(({ stateHash }) => stateHash))
}, 120_000)
