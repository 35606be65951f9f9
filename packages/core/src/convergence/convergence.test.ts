import { beforeAll, describe, expect, it } from 'vitest'
import { estimators, measure, ratesOf, wrongCritic } from './index.ts'
import { rateOf, type Measured } from './measure.ts'

describe.each(estimators)('$id on $problem', (estimator) => {
  let measured: readonly Measured[] = []
  // A second or two; a loaded machine may need many times that.
  beforeAll(() => {
    measured = measure(estimator, 1)
  }, 300_000)

  it(`converges to the exact value: bias ${estimator.bias === 'none' ? 'none' : 'by 1/K'}, variance by 1/K`, () => {
    const rates = ratesOf(estimator, measured)
    expect(rates.variance).toBeGreaterThan(-1.2)
    expect(rates.variance).toBeLessThan(-0.8)
    if (estimator.bias === 'none') expect(rates.deviation).toBeLessThan(4.5)
    else expect(Math.abs((rates.bias ?? NaN) + estimator.bias)).toBeLessThan(0.2)
    expect(rates.asDeclared).toBe(true)
  })

  it('would not pass with an exact value that is off', () => {
    const [{ bias, standardError }] = measured
    const by = Math.abs(bias) + 20 * standardError
    const off = { ...estimator, exact: estimator.exact + by }
    const shifted = measured.map((at) => ({ ...at, bias: at.bias - by }))
    expect(ratesOf(off, shifted).asDeclared).toBe(false)
  })
})

describe('an n-step return', () => {
  it('leaves at most γⁿ of what the critic is wrong by', () => {
    for (const steps of [1, 2, 4, 6])
      expect(wrongCritic.afterSteps(steps)).toBeLessThanOrEqual(
        wrongCritic.before * wrongCritic.gamma ** steps,
      )
  })
})

describe('a rate', () => {
  it('is the slope in logarithms, the better known points weighing more', () => {
    const points = [1, 2, 4, 8].map((samples) => ({ samples, y: -3 / samples, error: 0.1 }))
    expect(rateOf(points)).toBeCloseTo(-1, 12)
    expect(rateOf([...points, { samples: 16, y: 3, error: 1e9 }])).toBeCloseTo(-1, 6)
  })
})
