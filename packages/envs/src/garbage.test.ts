import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, it } from 'vitest'
import type { EnvId } from './index.ts'
import { makeEnv } from './index.ts'

// The collector of this process, which no flag on a command line gives here.
setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

/** Environments that go through different code. */
const ids: readonly EnvId[] = [
  'pendulum',
  'hopper',
  'half-cheetah',
  'humanoid',
  'ant-rllab',
  'half-cheetah-velocity',
  'humanoid-directions',
  'walking-ant-targets',
  'ball-squares',
  'multi-goal',
  'grid-target-4',
]
const STEPS = 400
const ROUNDS = 40
/** Some numbers in boxes of 16 bytes. A fresh observation would be more than that in most environments. */
const BYTES_PER_STEP = 256

it.each(ids)('%s comes to leave no garbage in a step', async (id) => {
  const env = await makeEnv(id, { maxEpisodeSteps: 100_000 })
  const action = Float32Array.from(env.spec.action.high, (high) => high / 10)
  env.reset({ seed: 1 })
  const start = env.snapshot()
  /** Bytes of the heap that a step takes, apart from bringing back an episode that ended. */
  const perStep = (): number => {
    let taken = 0
    for (let done = 0; done < STEPS;) {
      env.restore(start)
      const before = process.memoryUsage().heapUsed
      for (let ended = false; !ended && done < STEPS; done++) ended = env.step(action).terminated
      taken += process.memoryUsage().heapUsed - before
    }
    return taken / STEPS
  }
  // Until the engine has compiled what runs often, numbers lie on the heap.
  let least = Infinity
  for (let round = 0; round < ROUNDS && !(least < BYTES_PER_STEP); round++) {
    collect()
    const bytes = perStep()
    // A collection within the round would hide what was taken.
    if (bytes >= 0) least = Math.min(least, bytes)
  }
  env.close()
  expect(least).toBeLessThan(BYTES_PER_STEP)
})
