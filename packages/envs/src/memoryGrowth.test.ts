import { afterEach, expect, it } from 'vitest'
import type { Env } from '@maxent/core/contracts'
import { key, uniform } from '@maxent/core/keys'
import { liveHandles } from './diagnostics.ts'
import { listEnvs, makeEnv } from './index.ts'
import { createSimulation } from './mujoco/simulation.ts'

const SMALL = '<mujoco><worldbody><geom size="1"/></worldbody></mujoco>'
const BIG = '<mujoco><size memory="96M"/><worldbody><geom size="1"/></worldbody></mujoco>'
const ids = listEnvs().map(({ id }) => id)

const random = ({ spec }: Env, seed: number): Float32Array =>
  uniform(key(seed), spec.action.high.length).map((u, i) => spec.action.high[i] * (2 * u - 1))

afterEach(() => expect(liveHandles()).toBe(0))

it('environments keep their course when the WASM memory grows under them', async () => {
  const runs = await Promise.all(
    ids.map(async (id) => {
      const env = await makeEnv(id)
      const path = Array.from({ length: 4 }, (_, i) => random(env, i))
      const steps = (part: Float32Array[]): number[] =>
        part.flatMap((action) => {
          const { reward, observation, terminated } = env.step(action)
          const seen = [reward, ...Object.values(observation).flatMap((group) => [...group])]
          if (terminated) env.reset()
          return seen
        })
      env.reset({ seed: 3 })
      const expected = steps(path)
      env.reset({ seed: 3 })
      return { env, expected, first: steps(path.slice(0, 2)), rest: () => steps(path.slice(2)) }
    }),
  )
  const simulation = await createSimulation(SMALL)
  const view = simulation.native.data.xpos as Float64Array
  const big = await createSimulation(BIG)
  expect(view).toHaveLength(0)
  for (const { env, expected, first, rest } of runs) {
    expect([...first, ...rest()]).toEqual(expected)
    env.close()
  }
  simulation.close()
  big.close()
})
