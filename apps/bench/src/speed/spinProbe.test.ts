import { expect, it } from 'vitest'
import { spinProbe } from './spinProbe.ts'

it('finds between a part of one and two cores for two spinning threads', async () => {
  const ratio = await spinProbe(100)
  expect(ratio).toBeGreaterThan(0.05)
  expect(ratio).toBeLessThan(3)
})
