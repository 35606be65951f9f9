import * as tf from '@tensorflow/tfjs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { key } from '../keys/index.ts'
import { randomCase, type TheoremCase } from '../tabular/index.ts'
import { propertyRuns } from '../testing/propertyRuns.ts'
import { randomTable } from '../tabular/theorems/theorem.ts'
import { sampledPolicy } from './index.ts'

const runs = propertyRuns(process.env['MAXENT_PROPERTY_RUNS'])
const counts = [1, 2, 4, 16, 64] as const

interface TwoActions {
  readonly q: readonly [number, number]
  /** π₀ of the first action */
  readonly p: number
  readonly alpha: number
}

const problems: fc.Arbitrary<TwoActions> = fc.integer({ min: 0, max: 2 ** 31 - 2 }).map((i) => {
  const { alpha, seed }: TheoremCase = randomCase(key(i))
  const [first, second, share] = randomTable(key(seed), 3, 1)
  return { q: [first, second], p: 0.02 + 0.48 * (1 + share), alpha }
})

/** V* = α·log Σ π₀·exp(Q/α). */
function exactValue({ q, p, alpha }: TwoActions): number {
  const most = Math.max(...q)
  return (
    most + alpha * Math.log(p * Math.exp((q[0] - most) / alpha) + (1 - p) * Math.exp((q[1] - most) / alpha))
  )
}

/** Σ_n P(n)·f(n), the number n of the first action among K samples being binomial; what is rarer than 1e-12 is left out. */
function expectation({ q, p, alpha }: TwoActions, count: number, asPrinted = false): number {
  const rows: { n: number; chance: number }[] = []
  let choose = 0
  for (let n = 0; n <= count; n++) {
    const chance = Math.exp(choose + n * Math.log(p) + (count - n) * Math.log1p(-p))
    if (chance > 1e-12) rows.push({ n, chance })
    choose += Math.log((count - n) / (n + 1))
  }
  const samples = rows.flatMap(({ n }) => Array.from({ length: count }, (_, k) => (k < n ? q[0] : q[1])))
  return tf.tidy(() => {
    const { value, probs } = sampledPolicy({ q: tf.tensor2d(samples, [rows.length, count]), alpha })
    const values = value.dataSync()
    const share = probs.dataSync()
    return rows.reduce((sum, { n, chance }, row) => {
      if (!asPrinted) return sum + chance * values[row]
      // Σ_k q̂_k·log(q̂_k/π₀(a_k)) in place of q̂_k over 1/K.
      let mass = 0
      for (let k = 0; k < n; k++) mass += share[row * count + k]
      const prior = mass * Math.log(p) + (1 - mass) * Math.log1p(-p)
      return sum + chance * (values[row] + alpha * (Math.log(count) + prior))
    }, 0)
  })
}

/** Galashov 7, corrected: the mean rises with K to V*, and is low by at most α·Var(w)/(2K·min w²). */
function convergesFromBelow(problem: TwoActions, asPrinted = false): boolean {
  const exact = exactValue(problem)
  const rounding = 2e-6 * (1 + problem.alpha)
  const spread =
    problem.p * (1 - problem.p) * Math.expm1(Math.abs(problem.q[0] - problem.q[1]) / problem.alpha) ** 2
  let before = -Infinity
  return counts.every((count) => {
    const mean = expectation(problem, count, asPrinted)
    const rises = mean >= before - rounding
    before = mean
    return (
      rises && mean <= exact + rounding && exact - mean <= (problem.alpha * spread) / (2 * count) + rounding
    )
  })
}

describe('sampledPolicy in expectation', () => {
  it(`rises with the samples to the soft value under the prior, on ${runs} random problems`, () => {
    fc.assert(
      fc.property(problems, (problem) => convergesFromBelow(problem)),
      { numRuns: runs, seed: 20200429 },
    )
  })

  it('does not with π₀(aₖ) in the place of 1/K, as Galashov 7 prints', () => {
    const result = fc.check(
      fc.property(problems, (problem) => convergesFromBelow(problem, true)),
      { numRuns: runs, seed: 20200429, endOnFailure: true },
    )
    expect(result.failed).toBe(true)
    expect(String(result.errorInstance)).toContain('returning false')
  })

  it('is within a hundredth of it at 1,024 samples, and off by α·Var(w)/(2K·E[w]²) there', () => {
    const warm = fc
      .sample(problems, { numRuns: 400, seed: 7 })
      .filter(({ alpha }) => alpha >= 0.5)
      .slice(0, 8)
    expect(warm).toHaveLength(8)
    for (const problem of warm) {
      const { q, p, alpha } = problem
      const [first, second] = q.map((x) => Math.exp(x / alpha))
      const mean = p * first + (1 - p) * second
      const off = (alpha * p * (1 - p) * (first - second) ** 2) / (2 * 1024 * mean ** 2)
      const low = exactValue(problem) - expectation(problem, 1024)
      expect(Math.abs(low)).toBeLessThan(0.01)
      expect(Math.abs(low - off)).toBeLessThan(0.1 * off + 3e-6 * (1 + alpha))
    }
  })
})
