import { expect, it } from 'vitest'
import { everyEnvRows, measureEveryEnv, tooSlow } from './everyEnv.ts'

const signal = new AbortController().signal

it('times environments, against bare physics where there are some', async () => {
  const rows = await measureEveryEnv({
    blocks: 1,
    processes: 1,
    ids: ['inverted-pendulum', 'grid-target-1'],
    signal,
  })
  expect(rows.map(({ id }) => id)).toEqual(['inverted-pendulum', 'grid-target-1'])
  for (const { stepsPerSecond } of rows) expect(stepsPerSecond).toBeGreaterThan(100)
  expect(rows[0].ratioToBareLoop).toBeGreaterThan(0.3)
  expect(rows[0].ratioToBareLoop).toBeLessThan(2)
  expect(rows[1].ratioToBareLoop).toBeUndefined()
})

it('names what is slower than 0.9 of its bare loop, and nothing else', () => {
  const rows = [
    { id: 'ant', stepsPerSecond: 1000, ratioToBareLoop: 0.899 },
    { id: 'hopper', stepsPerSecond: 1000, ratioToBareLoop: 0.9, gymnasiumStepsPerSecond: 800 },
    { id: 'multi-goal', stepsPerSecond: 1000 },
  ] as const
  expect(tooSlow(rows)).toEqual(['ant at 0.899 of its bare loop'])
  expect(everyEnvRows(rows).slice(1)).toEqual([
    ['ant', '1,000', '0.899', ''],
    ['hopper', '1,000', '0.900', '1.25'],
    ['multi-goal', '1,000', '', ''],
  ])
})

it('stops between environments when it is asked to, and keeps nothing', async () => {
  const rows = measureEveryEnv({
    blocks: 1,
    processes: 1,
    ids: ['grid-target-1'],
    signal: AbortSignal.abort(),
  })
  await expect(rows).rejects.toThrow('stopped before the end')
})
