import { describe, expect, it } from 'vitest'
import {
  constrainedProblem,
  learnConstrained,
  learnLinearQuadratic,
  learnTabular,
} from '../fixtures/exactness.ts'

/** Within so many percent of the exact figure. */
function expectShare(share: number, percent: number): void {
  expect(Math.abs(share - 1)).toBeLessThan(percent / 100)
}

describe('an unsquashed Gaussian policy on an unbounded linear-quadratic problem', () => {
  it('has the exact gain and standard deviation at a fixed temperature, to 3 %', async () => {
    const { gain, std } = await learnLinearQuadratic(1, 'fixed')
    expectShare(gain, 3)
    expectShare(std, 3)
  }, 120_000)

  it('has the exact gain, standard deviation and temperature where it is learned, to 3 %', async () => {
    const { gain, std, alpha } = await learnLinearQuadratic(1, 'learned')
    expectShare(gain, 3)
    expectShare(std, 3)
    expectShare(alpha, 3)
  }, 120_000)
})

describe('discrete soft actor-critic', () => {
  it('has the exact policy of a bandit', async () => {
    expect(await learnTabular(1, 'bandit')).toBeLessThan(1e-3)
  }, 120_000)

  it('has the exact policy of a random process', async () => {
    expect(await learnTabular(1, 'process')).toBeLessThan(0.05)
  }, 120_000)

  it('learns the temperature and the policies of the finite-horizon problem with an entropy constraint at every step', async () => {
    const { solution, targetEntropy } = constrainedProblem()
    // The constraint binds at every step, and the steps differ.
    for (const entropy of solution.entropies) expect(entropy).toBeCloseTo(targetEntropy, 6)
    const { alpha, distance } = await learnConstrained(1)
    expectShare(alpha, 3)
    expect(distance).toBeLessThan(0.05)
  }, 120_000)
})
