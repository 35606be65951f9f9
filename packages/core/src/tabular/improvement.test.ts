import { describe, expect, it } from 'vitest'
import { klDivergence } from './divergence.ts'
import { softPolicyEvaluation, type SoftValue } from './evaluation.ts'
import { boltzmannPolicy, restrictedImprovement } from './improvement.ts'
import { finiteMdp } from './mdp.ts'
import type { Policy } from './policy.ts'
import { softProblem } from './problem.ts'

/** Two states that each lead to the other; the first rewards action 0, the second action 1. */
const mdp = finiteMdp({
  states: 2,
  actions: 2,
  transitions: { kind: 'dense', probability: Float64Array.of(0, 1, 0, 1, 1, 0, 1, 0) },
  rewards: [Float64Array.of(1, 0, 0, 1)],
  gamma: 0.5,
})
const problem = softProblem({ mdp, alpha: 0.1 })

describe('restricted improvement', () => {
  it('takes the member of least divergence from the Boltzmann policy in every state', () => {
    const sets = [
      [Float64Array.of(0.9, 0.1), Float64Array.of(0.2, 0.8)],
      [Float64Array.of(0.9, 0.1), Float64Array.of(0.2, 0.8)],
    ]
    const { q } = softPolicyEvaluation(problem, Float64Array.of(0.5, 0.5, 0.5, 0.5))
    const { choice, policy } = restrictedImprovement(problem, sets, q)
    const target = boltzmannPolicy(problem, q)
    for (const s of [0, 1]) {
      const divergences = sets[s].map((member) => klDivergence(member, target.subarray(2 * s, 2 * s + 2)))
      expect(divergences[choice[s]]).toBe(Math.min(...divergences))
    }
    expect([...choice]).toEqual([0, 1])
    expect([...policy]).toEqual([0.9, 0.1, 0.2, 0.8])
  })

  it('needs sets per state: with one parameter for both states no member improves everywhere, and least mean divergence makes a state worse', () => {
    // π_θ(0|s) = θ in both states, θ in {0.1, 0.9}: lemma 4 fails for the class.
    const member = (theta: number): Policy => Float64Array.of(theta, 1 - theta, theta, 1 - theta)
    const value = (theta: number): SoftValue => softPolicyEvaluation(problem, member(theta))
    const { q } = value(0.1)
    const target = boltzmannPolicy(problem, q)
    const divergence = (theta: number, s: number): number =>
      klDivergence(member(theta).subarray(2 * s, 2 * s + 2), target.subarray(2 * s, 2 * s + 2))
    // The argmin of 4.3 is another member in each state, so that no member of the class is π_new.
    expect(divergence(0.9, 0)).toBeLessThan(divergence(0.1, 0))
    expect(divergence(0.1, 1)).toBeLessThan(divergence(0.9, 1))
    // Weighing the states as a replay buffer may, here 0.8 to 0.2, picks 0.9, which is worse than the old policy in some state.
    const mean = (theta: number): number => 0.8 * divergence(theta, 0) + 0.2 * divergence(theta, 1)
    expect(mean(0.9)).toBeLessThan(mean(0.1))
    const [before, after] = [q, value(0.9).q]
    expect(after.some((x, at) => x < before[at] - 0.1)).toBe(true)
    // Per state, the same two distributions do improve everywhere.
    const sets = [0, 1].map(() => [member(0.1).subarray(0, 2), member(0.9).subarray(0, 2)])
    const improved = softPolicyEvaluation(problem, restrictedImprovement(problem, sets, q).policy).q
    expect(improved.every((x, at) => x >= before[at])).toBe(true)
  })
})
