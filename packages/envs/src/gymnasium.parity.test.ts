import { describe, expect, it } from 'vitest'
import { modelErrors, parityCases, startError, stepErrors, strayRatio } from '../scripts/parity.ts'

/** Recordings: how many steps they have, and the share of steps in contact that they need of a body that touches something. */
const recordings = [
  { of: 'of noise from odd starts', name: 'steps', count: 100, least: 0.2, most: 0.8 },
  { of: 'of a trained policy', name: 'policy', count: 200, least: 0.1, most: 1 },
] as const

describe.each(parityCases)('$id against Gymnasium', (parityCase) => {
  const { id, touches } = parityCase

  it.each(recordings)('takes $count recorded steps $of to where they led', async (recording) => {
    const { count, contacts, distinct, ...worst } = await stepErrors(id, recording.name)
    expect(count).toBe(recording.count)
    expect(distinct).toBe(count)
    if (touches === 'sometimes') {
      expect(contacts / count).toBeGreaterThanOrEqual(recording.least)
      expect(contacts / count).toBeLessThanOrEqual(recording.most)
    } else expect(contacts).toBe(touches === 'always' ? count : 0)
    expect(worst.free).toBeLessThanOrEqual(1e-9)
    expect(worst.contact).toBeLessThanOrEqual(1e-6)
    // Float32 rounds to 6e-8 of a number.
    expect(worst.observation).toBeLessThanOrEqual(1.2e-7)
    expect(worst.flags).toBe(0)
  })

  it('strays from a native run of 20 steps by no more than 100 times what one ulp at the start does', async () => {
    expect(await strayRatio(id)).toBeLessThanOrEqual(100)
  })

  it('shows at a start what Gymnasium shows', async () => {
    expect(await startError(parityCase)).toBeLessThanOrEqual(1.2e-7)
  })

  it('compiles to the published model, array by array', async () => {
    const errors = Object.entries(await modelErrors(parityCase))
    expect(errors.length).toBeGreaterThan(60)
    expect(errors.filter(([, e]) => !(e <= 1e-12))).toEqual([])
  })
})
