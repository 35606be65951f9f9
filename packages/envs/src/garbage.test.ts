import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, it } from 'vitest'
import { garbageOf, mostGarbage } from '../scripts/garbage.ts'
import { listEnvs, makeEnv } from './index.ts'

// The collector of this process, which no flag on a command line gives here.
setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

const ids = listEnvs().map(({ id }) => id)
const STEPS = 200
/** At most so many rounds until a step is warm, and so many that then count. */
const ROUNDS = 40
const WARM = 5
/**
 * Bytes that a step may take. The one exception to none: boxed numbers, of 16 bytes each, which the engine makes where functions that
 * it did not inline hand floats to each other. Which ones it inlines differs from run to run, the more so as one process warms every
 * environment here; in a process of its own each settles at 20 to 230 bytes. Two fresh observations of a humanoid would be more than this.
 */
const most = 16 * 96

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1]

// One of each kind; scripts/garbage.ts has all.
it.each(['pendulum', 'half-cheetah', 'ant-rllab', 'ball-blocked-maze', 'grid-target-1'] as const)(
  '%s leaves no more than a few boxed numbers in a step of a process of its own',
  async (id) => {
    expect(await garbageOf(id)).toBeLessThanOrEqual(mostGarbage)
  },
)

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
  const rounds: number[] = []
  const warm = (): number => (rounds.length < WARM ? Infinity : median(rounds.slice(-WARM)))
  for (let round = 0; round < ROUNDS && !(warm() < most); round++) {
    collect()
    const bytes = perStep()
    // A collection within the round would hide what was taken.
    if (bytes >= 0) rounds.push(bytes)
  }
  env.close()
  expect(warm()).toBeLessThan(most)
})
