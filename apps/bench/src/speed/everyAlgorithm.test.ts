import { expect, it } from 'vitest'
import { everyAlgorithmRows, measureAlgorithm, measureEveryAlgorithm } from './everyAlgorithm.ts'

const effort = { blocks: 1, updates: 2, processes: 1, steps: 2 }

// Of two updates on a machine that may be busy: what is wrong by a factor is wrong each time.
it('times a round of a schedule against its matrix products', { retry: 4 }, async () => {
  const { algo, updateMs, fractionOfLimit, ...rest } = await measureAlgorithm('td3', effort)
  expect(algo).toBe('td3')
  expect(updateMs).toBeGreaterThan(0.1)
  // An update holds its own products, and not much besides.
  expect(fractionOfLimit).toBeGreaterThan(0.1)
  expect(fractionOfLimit).toBeLessThan(1.5)
  expect(rest).toEqual({})
})

it('stops between algorithms when it is asked to, and keeps nothing', async () => {
  const rows = measureEveryAlgorithm({ effort, ids: ['td3'], signal: AbortSignal.abort() })
  await expect(rows).rejects.toThrow('stopped before the end')
})

it('makes rows that say what is compared', () => {
  const sb3 = { version: '2.9.0', ms: 2, perSecond: 500, ratio: 1.5, low: 1.4, high: 1.625 }
  const rows = [
    { algo: 'td3', updateMs: 4, fractionOfLimit: 0.8, sb3 },
    { algo: 'ppo', updateMs: 0.5, fractionOfLimit: 0.6, stepsPerSecond: 3000, sb3 },
    { algo: 'naf', updateMs: 3, fractionOfLimit: 0.7 },
  ]
  expect(everyAlgorithmRows(rows).slice(1)).toEqual([
    ['td3', '4.00', '0.80', '', '1.50 (1.40 to 1.63), gradient steps'],
    ['ppo', '0.50', '0.60', '3000', '1.50 (1.40 to 1.63), environment steps'],
    ['naf', '3.00', '0.70', '', ''],
  ])
})
