import { describe, expect, it } from 'vitest'
import { foldIn, key } from '../keys/index.ts'
import { discountedObjective } from './discountedObjective.ts'
import { actionValues, policyEntropy } from './backup.ts'
import { softPolicyEvaluation } from './evaluation.ts'
import { evidenceBound, logEvidence } from './inference.ts'
import { finiteMdp } from './mdp.ts'
import { nextStateDistribution, uniformPolicy } from './policy.ts'
import { softProblem } from './problem.ts'
import { randomMdp, randomPolicy } from './randomMdp.ts'

const mdp = randomMdp(key(1), { states: 3, actions: 2, successors: 2, gamma: 0.7 })
const prior = randomPolicy(key(2), mdp)
const problem = softProblem({ mdp, alpha: 0.6, defaultPolicy: prior })
const policy = randomPolicy(key(3), mdp)
const initial = Float64Array.of(0.2, 0.3, 0.5)
const horizon = 3

/** Σ_τ q(τ)·log(q(τ)/p(O,τ)) and log Σ_τ p(O,τ), over all trajectories s₀a₀..s_T a_T. */
function enumerate(): { divergence: number; evidence: number } {
  let divergence = 0
  let evidence = 0
  const { probability } = mdp.transitions
  const visit = (
    t: number,
    s: number,
    { dynamics, q, p }: { dynamics: number; q: number; p: number },
  ): void => {
    for (let a = 0; a < 2; a++) {
      const at = s * 2 + a
      const taken = {
        dynamics,
        q: q * policy[at],
        p: p * prior[at] * Math.exp(problem.reward[at] / problem.alpha),
      }
      if (t === horizon) {
        divergence += taken.dynamics * taken.q * Math.log(taken.q / taken.p)
        evidence += taken.dynamics * taken.p
        continue
      }
      for (let next = 0; next < 3; next++) {
        const chance = probability[at * 3 + next]
        if (chance > 0) visit(t + 1, next, { ...taken, dynamics: taken.dynamics * chance })
      }
    }
  }
  for (let s = 0; s < 3; s++) visit(0, s, { dynamics: initial[s], q: 1, p: 1 })
  return { divergence, evidence: Math.log(evidence) }
}

describe('control as inference', () => {
  it('computes the evidence and its bound as the sum over trajectories does', () => {
    const { divergence, evidence } = enumerate()
    const { value, error } = logEvidence(problem, { horizon, initial })
    expect(Math.abs(value - evidence)).toBeLessThan(error)
    expect(error).toBeLessThan(1e-12)
    const { elbo, objective } = evidenceBound(problem, policy, { horizon, initial })
    expect(elbo).toBeCloseTo(-divergence, 12)
    expect(objective).toBeCloseTo(0.6 * elbo, 12)
    expect(elbo).toBeLessThan(evidence)
  })

  it('proves an error that covers another way to the bound, however long the horizon', () => {
    const { divergence } = enumerate()
    const short = evidenceBound(problem, policy, { horizon, initial })
    expect(Math.abs(short.elbo + divergence)).toBeLessThanOrEqual(short.error)
    for (let seed = 0; seed < 60; seed++) {
      const at = foldIn(key(4), seed)
      const alpha = 10 ** ((seed % 7) / 2 - 2)
      const random = randomMdp(at, { states: 12, actions: 3, successors: 1 + (seed % 4), gamma: 0.9 })
      const [mine, theirs] = ['policy', 'prior'].map((name) => randomPolicy(foldIn(at, name), random))
      const start = randomPolicy(foldIn(at, 'start'), { states: 1, actions: 12 })
      const regularised = softProblem({ mdp: random, alpha, defaultPolicy: theirs })
      const steps = [0, 1, 10, 300][seed % 4]
      // Backwards, by values, where the library goes forwards, by states.
      let value = new Float64Array(12)
      for (let t = 0; t <= steps; t++) {
        const q = actionValues({ ...random, gamma: 1 }, random.rewards[0], value)
        value = Float64Array.from({ length: 12 }, (_, s) =>
          [0, 1, 2].reduce((sum, a) => {
            const i = s * 3 + a
            return sum + mine[i] * (q[i] - alpha * Math.log(mine[i] / theirs[i]))
          }, 0),
        )
      }
      const objective = value.reduce((sum, x, s) => sum + start[s] * x, 0)
      const found = evidenceBound(regularised, mine, { horizon: steps, initial: start })
      expect(Math.abs(found.objective - objective)).toBeLessThanOrEqual(found.error)
      expect(Math.abs(found.elbo - objective / alpha)).toBeLessThanOrEqual(found.error)
      expect(found.error).toBeLessThan(1e-10 * (1 + steps) * (1 + 1 / alpha))
    }
  })

  it('subtracts the divergence from the prior: with plus, as 7.4 prints, the identity fails', () => {
    const { divergence } = enumerate()
    const rewardOnly = (entropySign: number): number => {
      const entropy = policyEntropy(problem, policy)
      let state: Float64Array = initial
      let sum = 0
      for (let t = 0; t <= horizon; t++) {
        for (let s = 0; s < 3; s++) {
          sum +=
            state[s] *
            (policy[s * 2] * problem.reward[s * 2] +
              policy[s * 2 + 1] * problem.reward[s * 2 + 1] +
              entropySign * 0.6 * entropy[s])
        }
        state = nextStateDistribution(mdp, policy, state)
      }
      return sum / 0.6
    }
    expect(rewardOnly(1)).toBeCloseTo(-divergence, 12)
    expect(Math.abs(rewardOnly(-1) + divergence)).toBeGreaterThan(0.1)
  })

  it('treats what follows the end of an episode as certain', () => {
    const ending = softProblem({
      mdp: finiteMdp({ ...mdp, discount: new Float64Array(6) }),
      alpha: 0.6,
      defaultPolicy: prior,
    })
    expect(logEvidence(ending, { horizon: 5, initial }).value).toBeCloseTo(
      logEvidence(problem, { horizon: 0, initial }).value,
      12,
    )
    expect(evidenceBound(ending, policy, { horizon: 5, initial }).elbo).toBeCloseTo(
      evidenceBound(problem, policy, { horizon: 0, initial }).elbo,
      12,
    )
  })

  it('refuses horizons and starts that are none', () => {
    expect(() => logEvidence(problem, { horizon: -1, initial })).toThrow(
      'logEvidence: horizon must be a non-negative integer, got -1',
    )
    expect(() => evidenceBound(problem, policy, { horizon: 0.5, initial })).toThrow(
      'evidenceBound: horizon must be a non-negative integer',
    )
    expect(() => evidenceBound(problem, policy, { horizon, initial: Float64Array.of(1) })).toThrow(
      'evidenceBound: initial must be a distribution',
    )
  })
})

describe('the discounted objective', () => {
  const soft = softProblem({ mdp, alpha: 0.6 })

  it('weights the soft values of the states visited', () => {
    const { v, q } = softPolicyEvaluation(soft, policy)
    const { value, error } = discountedObjective(soft, policy, { steps: 2, initial })
    const second = nextStateDistribution(mdp, policy, initial)
    const expected = [0, 1, 2].reduce((sum, s) => sum + (initial[s] + second[s]) * v[s], 0)
    expect(Math.abs(value - expected)).toBeLessThanOrEqual(error)
    // B.2: V = E_π[Q] + α·H.
    const entropy = policyEntropy(soft, policy)
    expect(v[1]).toBeCloseTo(policy[2] * q[2] + policy[3] * q[3] + 0.6 * entropy[1], 12)
  })

  it('sums what follows: with r(s_t, a_t) under the inner sum, as A.1 prints, the value is another', () => {
    const entropy = policyEntropy(soft, policy)
    const printed = [0, 1, 2].reduce((sum, s) => {
      const now =
        policy[s * 2] * soft.reward[s * 2] + policy[s * 2 + 1] * soft.reward[s * 2 + 1] + 0.6 * entropy[s]
      return sum + (initial[s] * now) / (1 - mdp.gamma)
    }, 0)
    const { value } = discountedObjective(soft, policy, { steps: 1, initial })
    expect(Math.abs(printed - value)).toBeGreaterThan(0.05)
  })

  it('refuses step counts and starts that are none', () => {
    expect(() => discountedObjective(soft, policy, { steps: 0, initial })).toThrow(
      'discountedObjective: steps must be a positive integer, got 0',
    )
    expect(() => discountedObjective(soft, policy, { steps: 1, initial: uniformPolicy(mdp) })).toThrow(
      'discountedObjective: initial must be',
    )
  })
})
