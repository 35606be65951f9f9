import { makeEnv } from '@maxent/envs'
import { expect, it } from 'vitest'
import { inUnits, withUnits } from './units.ts'

const units = { proprio: { centre: [1, 0, -2], unit: [0.5, 1, 4] } }

it('shows numbers as deviations in units, and other groups as they are', () => {
  const other = Float32Array.of(7)
  const seen = inUnits({ proprio: Float32Array.of(2, 3, 2), other }, units)
  expect([...seen.proprio]).toEqual([2, 3, 1])
  expect(seen.other).toBe(other)
})

it('changes nothing of an environment but what is seen', async () => {
  const [bare, seen] = [await makeEnv('pendulum'), withUnits(await makeEnv('pendulum'), units)]
  expect(seen.spec).toEqual(bare.spec)
  const action = Float32Array.of(0.5)
  expect(seen.reset({ seed: 1 }).observation).toEqual(inUnits(bare.reset({ seed: 1 }).observation, units))
  const [one, other] = [bare.step(action), seen.step(action)]
  expect(other).toEqual({ ...one, observation: inUnits(one.observation, units) })
  seen.restore(bare.snapshot())
  expect(seen.step(action).reward).toBe(bare.step(action).reward)
  bare.close()
  seen.close()
})
