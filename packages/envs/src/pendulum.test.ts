import { expect, it } from 'vitest'
import { makeEnv } from './index.ts'

it('pendulum starts everywhere within its bounds', async () => {
  const env = await makeEnv('pendulum')
  const sums = [0, 0]
  let fastest = 0
  for (let seed = 0; seed < 2000; seed++) {
    const [cosine, sine, speed] = env.reset({ seed }).observation.proprio
    expect(Math.abs(Math.hypot(cosine, sine) - 1)).toBeLessThan(1e-6)
    fastest = Math.max(fastest, Math.abs(speed))
    sums[0] += cosine
    sums[1] += sine
  }
  expect(fastest).toBeGreaterThan(0.99)
  expect(fastest).toBeLessThanOrEqual(1)
  // The mean of a uniform direction is 0; its deviation is 1 / sqrt(2 · 2000) = 0.016.
  for (const sum of sums) expect(Math.abs(sum / 2000)).toBeLessThan(0.08)
  env.close()
})

it('pendulum costs nothing upright and at rest, and stays there', async () => {
  const env = await makeEnv('pendulum')
  env.reset()
  env.restore({ ...env.snapshot(), state: Float64Array.of(0, 0) })
  for (let i = 0; i < 200; i++) {
    const { reward, observation, terminated, truncated } = env.step(Float32Array.of(0))
    expect(reward).toBeCloseTo(0, 12)
    expect([...observation.proprio]).toEqual([1, 0, 0])
    expect([terminated, truncated]).toEqual([false, i === 199])
  }
  env.close()
})
