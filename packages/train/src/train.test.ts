import { describe, expect, test } from 'vitest'
import { linearLearner } from '../fixtures/linearLearner.ts'
import { pointEnv } from '../fixtures/pointEnv.ts'
import { memoryStore } from './store.ts'
import { train } from './train.ts'

describe('train', () => {
  test('runs', async () => {
    const env = pointEnv()
    const store = memoryStore()
    const result = await train({
      env,
      evalEnv: pointEnv(),
      algorithm: linearLearner(env.spec),
      config: {
        steps: 500,
        warmupSteps: 100,
        evaluateEvery: 200,
        logEvery: 100,
        checkpointEvery: 200,
        replayCapacity: 300,
      },
      seed: 1,
      store,
      onProgress: (event) => console.log(JSON.stringify(event)),
    })
    console.log(result, await store.list('checkpoints'))
    console.log(new TextDecoder().decode(await store.read('config.json')))
    expect(result.outcome).toBe('finished')
  })
})
