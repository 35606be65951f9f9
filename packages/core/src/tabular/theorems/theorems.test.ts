import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { key } from '../../keys/index.ts'
import { propertyRuns } from '../../testing/propertyRuns.ts'
import { holds, randomCase, theorems, type TheoremCase } from './index.ts'

/** Random processes per theorem and per broken form. */
const runs = propertyRuns(process.env['MAXENT_PROPERTY_RUNS'])

const cases: fc.Arbitrary<TheoremCase> = fc.record({
  seed: fc.integer({ min: 0, max: 2 ** 31 - 2 }),
  states: fc.integer({ min: 2, max: 50 }),
  actions: fc.integer({ min: 2, max: 6 }),
  successors: fc.integer({ min: 1, max: 5 }),
  alpha: fc.double({ min: -2, max: 1, noNaN: true }).map((x) => 10 ** x),
  gamma: fc.oneof(
    fc.double({ min: 0, max: 0.99, noNaN: true }),
    fc.double({ min: 0, max: 2, noNaN: true }).map((x) => Math.min(0.99, 1 - 10 ** -x)),
  ),
})

const seed = 20181214

// A thousand processes take a theorem a second or so; a loaded machine may need many times that.
describe.each(theorems)('$id: $claim', { timeout: 300_000 }, (theorem) => {
  it(`holds on ${runs} random processes`, () => {
    fc.assert(
      fc.property(cases, (sample) => holds(theorem, sample)),
      { numRuns: runs, seed },
    )
  })

  it.each((theorem.unneeded ?? []).map((broken) => ({ broken })))(
    'holds with $broken as well',
    ({ broken }) => {
      fc.assert(
        fc.property(cases, (sample) => holds(theorem, sample, broken)),
        { numRuns: runs, seed },
      )
      // The form is another one, and not the claim itself.
      expect(
        fc
          .sample(cases, { numRuns: 50, seed })
          .some((sample) => theorem.slack(sample, broken) !== theorem.slack(sample)),
      ).toBe(true)
    },
  )

  it.each(theorem.broken.map((broken) => ({ broken })))('fails with $broken', ({ broken }) => {
    const result = fc.check(
      fc.property(cases, (sample) => holds(theorem, sample, broken)),
      { numRuns: runs, seed, endOnFailure: true },
    )
    expect(result.failed).toBe(true)
    // By a slack below zero, and not by an exception.
    expect(String(result.errorInstance)).toContain('returning false')
  })
})

describe('random cases', () => {
  it('keep to their ranges', () => {
    for (let i = 0; i < 300; i++) {
      const sample = randomCase(key(i))
      expect(sample.states).toBeGreaterThanOrEqual(2)
      expect(sample.states).toBeLessThanOrEqual(50)
      expect(sample.alpha).toBeGreaterThanOrEqual(0.01)
      expect(sample.alpha).toBeLessThanOrEqual(10)
      expect(sample.gamma).toBeGreaterThanOrEqual(0)
      expect(sample.gamma).toBeLessThanOrEqual(0.99)
    }
  })
})
