import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Env } from '@maxent/core/contracts'
import { listEnvs, makeEnv } from './index.ts'
import { navigationTasks as tasks } from './sparseNavigation.ts'

let env: Env
beforeAll(async () => {
  env = await makeEnv('sparse-navigation')
})
afterAll(() => env.close())

it('splits a hundred goals into 80 to learn from and 20 to be tested on', () => {
  expect(listEnvs().find(({ id }) => id === 'sparse-navigation')?.tasks).toBe(tasks)
  expect([tasks.train.length, tasks.test.length]).toEqual([80, 20])
  expect([...tasks.train, ...tasks.test].sort((a, b) => a - b)).toEqual(
    Array.from({ length: 100 }, (_, i) => i),
  )
})

it('splits them as the released code does, whose generator shuffles them with the seed 1337', () => {
  // NumPy 2.4: np.random.seed(1337), np.random.shuffle of 100 rows.
  expect(tasks.train.slice(0, 5)).toEqual([2, 48, 86, 44, 59])
  expect(tasks.test.slice(0, 5)).toEqual([66, 22, 88, 27, 1])
})

it('takes a goal and keeps it over episodes and snapshots', async () => {
  const goal = (n: number): number[] =>
    [Math.cos((Math.PI * n) / 99), Math.sin((Math.PI * n) / 99)].map(Math.fround)
  for (const task of [0, 42, 99]) {
    expect([...env.reset({ task }).observation.task]).toEqual(goal(task))
    expect([...env.reset({ seed: 5 }).observation.task]).toEqual(goal(task))
  }
  const other = await makeEnv('sparse-navigation')
  other.restore(env.snapshot())
  expect([...other.reset().observation.task]).toEqual(goal(99))
  other.close()
})

it('draws goals of the training set until it is given one', async () => {
  const fresh = await makeEnv('sparse-navigation')
  const drawn = Array.from({ length: 400 }, (_, seed) => {
    const [x, y] = fresh.reset({ seed }).observation.task
    return Math.round((Math.atan2(y, x) * 99) / Math.PI)
  })
  const numbers = new Set(drawn)
  expect([...numbers].every((goal) => tasks.train.includes(goal))).toBe(true)
  expect(numbers.size).toBeGreaterThan(70)
  fresh.close()
})

it('pays within 0.2 of the goal only', () => {
  env.reset({ task: 0 })
  for (let t = 1; t <= 20; t++) {
    const { reward, info, observation, terminated, truncated } = env.step(Float32Array.of(t <= 9 ? 5 : 0, 0))
    expect(observation.proprio[0]).toBeCloseTo(Math.min(t, 9) / 10, 6)
    expect(info.distance).toBeCloseTo(1 - Math.min(t, 9) / 10, 12)
    expect(reward).toBe(info.distance <= 0.2 ? 1 - info.distance : 0)
    expect([terminated, truncated]).toEqual([false, t === 20])
  }
})

it('refuses tasks that are no number of a goal, and keeps the episode it is in', () => {
  env.reset({ task: 7 })
  const before = env.snapshot()
  for (const task of [-1, 100, 0.5, NaN, '3', null, { goal: 1 }]) {
    expect(() => env.reset({ task, seed: 3 })).toThrow(
      new RangeError(`reset: task must be the number of a goal from 0 to 99, got ${JSON.stringify(task)}`),
    )
  }
  expect(env.snapshot()).toEqual(before)
})
