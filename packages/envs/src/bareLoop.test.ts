import { expect, it } from 'vitest'
import { createBareLoop, liveHandles } from './diagnostics.ts'
import type { EnvId } from './index.ts'
import { listEnvs, makeEnv } from './index.ts'

const onMujoco = listEnvs().filter(({ bodySource }) => bodySource !== undefined)

it.each(onMujoco.map(({ id }) => id))('the bare loop of %s goes through the same states', async (id) => {
  const env = await makeEnv(id)
  const bare = await createBareLoop(id)
  const path = Array.from({ length: 5 }, () =>
    Float32Array.from(env.spec.action.high, (high) => 0.1 * high * (2 * Math.random() - 1)),
  )
  env.reset({ seed: 9 })
  bare.restore(env.snapshot())
  for (const action of path) env.step(action)
  expect(bare.run(path)).toBe(env.snapshot().physics[1])
  env.close()
  bare.close()
  expect(liveHandles()).toBe(0)
})

it('there is no bare loop without physics', async () => {
  const others: EnvId[] = ['pendulum', 'multi-goal', 'grid-target-4']
  for (const id of others) {
    await expect(createBareLoop(id)).rejects.toThrow(
      new RangeError(`mujocoParts: id must be of an environment on MuJoCo, got "${id}"`),
    )
  }
})
