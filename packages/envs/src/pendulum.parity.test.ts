import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { makeEnv } from './index.ts'

interface Row {
  readonly state: number[]
  readonly action: number[]
  readonly nextState: number[]
  readonly observation: number[]
  readonly reward: number
  readonly terminated: boolean
  readonly truncated: boolean
}

const rows = JSON.parse(
  readFileSync(new URL('../fixtures/pendulum-steps.json', import.meta.url), 'utf8'),
) as Row[]

it('pendulum takes 200 steps recorded from Gymnasium Pendulum-v1 to the recorded states and rewards', async () => {
  const env = await makeEnv('pendulum')
  env.reset({ seed: 0 })
  const start = env.snapshot()
  expect(rows).toHaveLength(200)
  for (const row of rows) {
    env.restore({ ...start, state: Float64Array.from(row.state) })
    const { observation, reward, terminated, truncated } = env.step(Float32Array.from(row.action))
    const close = (x: number, y: number): void =>
      expect(Math.abs(x - y)).toBeLessThanOrEqual(1e-9 + 1e-9 * Math.abs(y))
    close(reward, row.reward)
    row.nextState.forEach((y, i) => close(env.snapshot().state[i], y))
    row.observation.forEach((y, i) => expect(Math.abs(observation.proprio[i] - y)).toBeLessThanOrEqual(1e-6))
    expect([terminated, truncated]).toEqual([row.terminated, row.truncated])
  }
  env.close()
})
