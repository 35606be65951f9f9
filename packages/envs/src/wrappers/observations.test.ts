import { describe, expect, it } from 'vitest'
import type { Env } from '@maxent/core/contracts'
import { frozen } from '../../fixtures/frozenStatistics.ts'
import { appendActions, makeEnv, normalizeObservations, selectGroups, stackFrames } from '../index.ts'

it('selectGroups shows the groups in the order given', async () => {
  const bare = await makeEnv('sparse-navigation')
  const env = selectGroups(await makeEnv('sparse-navigation'), ['task', 'proprio'])
  expect(Object.entries(env.spec.observation)).toEqual([
    ['task', bare.spec.observation.task],
    ['proprio', bare.spec.observation.proprio],
  ])
  const action = Float32Array.of(0.5, -0.25)
  for (const show of [(from: Env) => from.reset({ seed: 1 }), (from: Env) => from.step(action)]) {
    const { task, proprio } = show(bare).observation
    expect([...task]).not.toEqual([...proprio])
    expect(Object.entries(show(env).observation)).toEqual([
      ['task', task],
      ['proprio', proprio],
    ])
  }
  env.close()
  bare.close()
})

it('stackFrames shows the oldest first, and the first observation for those before it', async () => {
  const [env, bare] = [stackFrames(await makeEnv('pendulum'), { frames: 3 }), await makeEnv('pendulum')]
  const first = [...bare.reset({ seed: 1 }).observation.proprio]
  expect([...env.reset({ seed: 1 }).observation.proprio]).toEqual([...first, ...first, ...first])
  const action = Float32Array.of(1)
  const second = [...bare.step(action).observation.proprio]
  expect([...env.step(action).observation.proprio]).toEqual([...first, ...first, ...second])
  env.close()
  bare.close()
})

it('appendActions shows the last actions, zeros before the start', async () => {
  const env = appendActions(await makeEnv('pendulum'), { steps: 3, group: 'past' })
  expect([...env.reset({ seed: 1 }).observation.past]).toEqual([0, 0, 0])
  env.step(Float32Array.of(1))
  expect([...env.step(Float32Array.of(2)).observation.past]).toEqual([0, 1, 2])
  expect([...env.reset().observation.past]).toEqual([0, 0, 0])
  env.close()
})

/** What an observation of pendulum is by the frozen statistics. The speed has a variance of zero. */
function byFrozen([cos, sin, speed]: Float32Array): number[] {
  return [(cos + 0.25) / 0.5, (sin - 0.5) / 2, 10 * Math.sign(speed - 1)]
}

describe('normalizeObservations', () => {
  it('has the mean and the variance of all it has seen', async () => {
    const [env, bare] = [normalizeObservations(await makeEnv('pendulum')), await makeEnv('pendulum')]
    const seen: number[][] = [[...bare.reset({ seed: 1 }).observation.proprio]]
    expect([...env.reset({ seed: 1 }).observation.proprio]).toEqual([0, 0, 0])
    const action = Float32Array.of(1)
    let last = new Float32Array()
    for (let i = 0; i < 100; i++) {
      seen.push([...bare.step(action).observation.proprio])
      last = env.step(action).observation.proprio.slice()
    }
    const { mean, variance } = env.statistics().proprio
    for (let i = 0; i < 3; i++) {
      const center = seen.reduce((sum, x) => sum + x[i], 0) / seen.length
      const spread = seen.reduce((sum, x) => sum + (x[i] - center) ** 2, 0) / seen.length
      expect(mean[i]).toBeCloseTo(center, 10)
      expect(variance[i]).toBeCloseTo(spread, 10)
      expect(last[i]).toBeCloseTo((seen[100][i] - center) / Math.sqrt(spread + 1e-8), 5)
    }
    env.close()
    bare.close()
  })

  it('continues bit for bit from a snapshot, its statistics too', async () => {
    const env = normalizeObservations(await makeEnv('pendulum'))
    const run = (): number[] =>
      Array.from({ length: 50 }, () => [...env.step(Float32Array.of(1)).observation.proprio]).flat()
    env.reset({ seed: 1 })
    run()
    const snapshot = env.snapshot()
    const first = run()
    env.restore(snapshot)
    expect(run()).toEqual(first)
    const other = normalizeObservations(await makeEnv('pendulum'))
    other.restore(snapshot)
    expect([...other.step(Float32Array.of(1)).observation.proprio]).toEqual(first.slice(0, 3))
    env.close()
    other.close()
  })

  it('shows observations as they are by the statistics before the first one', async () => {
    const env = normalizeObservations(await makeEnv('pendulum'))
    expect(env.statistics()).toEqual({
      proprio: { mean: new Float64Array(3), variance: Float64Array.of(1, 1, 1) },
    })
    env.close()
  })

  it('with frozen statistics keeps them whatever snapshot it continues from', async () => {
    const running = normalizeObservations(await makeEnv('pendulum'))
    running.reset({ seed: 1 })
    for (let i = 0; i < 20; i++) running.step(Float32Array.of(1))
    const env = normalizeObservations(await makeEnv('pendulum'), { frozen })
    env.restore(running.snapshot())
    expect(env.statistics()).toEqual(frozen)
    const other = await makeEnv('pendulum')
    other.restore(
      Object.fromEntries(
        Object.entries(running.snapshot()).flatMap(([name, values]) =>
          name.startsWith('env.') ? [[name.slice('env.'.length), values]] : [],
        ),
      ),
    )
    for (let i = 0; i < 3; i++) {
      const shown = env.step(Float32Array.of(1)).observation.proprio
      byFrozen(other.step(Float32Array.of(1)).observation.proprio).forEach((value, k) =>
        expect(shown[k]).toBeCloseTo(value, 5),
      )
    }
    expect(env.statistics()).toEqual(frozen)
    running.close()
    env.close()
    other.close()
  })

  it('with running statistics refuses a snapshot of frozen ones, and changes nothing then', async () => {
    const env = normalizeObservations(await makeEnv('pendulum'))
    env.reset({ seed: 1 })
    const other = normalizeObservations(await makeEnv('pendulum'), { frozen })
    other.reset({ seed: 2 })
    const before = env.snapshot()
    expect(() => env.restore(other.snapshot())).toThrow(
      new RangeError(
        'restore: snapshot must hold running statistics, got one of normalizeObservations with frozen ones, ' +
          'restore it where the same are frozen',
      ),
    )
    expect(env.snapshot()).toEqual(before)
    env.close()
    other.close()
  })

  it('keeps frozen statistics, and stays within ±10', async () => {
    const env = normalizeObservations(await makeEnv('pendulum'), { frozen })
    const bare = await makeEnv('pendulum')
    const expected = byFrozen(bare.reset({ seed: 1 }).observation.proprio)
    const shown = env.reset({ seed: 1 }).observation.proprio
    expect(Math.abs(shown[2])).toBe(10)
    expected.forEach((value, k) => expect(shown[k]).toBeCloseTo(value, 5))
    env.step(Float32Array.of(1))
    expect(env.statistics()).toEqual(frozen)
    env.close()
    bare.close()
  })
})
