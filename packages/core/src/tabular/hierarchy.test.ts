import { describe, expect, it } from 'vitest'
import { foldIn, key, type Key } from '../keys/index.ts'
import {
  latentDivergences,
  latentPolicy,
  latentValues,
  marginalPolicy,
  periodicValues,
  type LatentPolicy,
} from './hierarchy.ts'
import type { FiniteMdp } from './mdp.ts'
import { softPolicyEvaluation } from './evaluation.ts'
import { softProblem } from './problem.ts'
import { randomMdp, randomPolicy } from './randomMdp.ts'

const mdp = randomMdp(key(1), { states: 3, actions: 2, successors: 2, gamma: 0.8 })
const [agent, prior] = [2, 3].map((seed) => randomLatent(key(seed), mdp))
const problem = { mdp, reward: mdp.rewards[0], alpha: 0.5, agent, prior }
const initial = Float64Array.of(0.5, 0.5, 0)

function randomLatent(at: Key, { states, actions }: FiniteMdp): LatentPolicy {
  return latentPolicy(mdp, {
    latents: 3,
    high: randomPolicy(foldIn(at, 'high'), { states, actions: 3 }),
    low: randomPolicy(foldIn(at, 'low'), { states: states * 3, actions }),
  })
}

describe('a policy with latents', () => {
  it('has the flat value of its marginal under the marginal default policy', () => {
    const { flat, error } = latentValues(problem)
    const soft = softProblem({ mdp, alpha: 0.5, defaultPolicy: marginalPolicy(mdp, prior) })
    const { v } = softPolicyEvaluation(soft, marginalPolicy(mdp, agent))
    for (let s = 0; s < 3; s++) expect(Math.abs(flat[s] - v[s])).toBeLessThan(error + 1e-12)
  })

  it('meets its bound when the latent reveals the action', () => {
    // Each latent has its own action: nothing is lost by counting latents.
    const reveal = (at: Key): LatentPolicy => ({
      latents: 2,
      high: randomPolicy(at, mdp),
      low: Float64Array.of(1, 0, 0, 1, 1, 0, 0, 1, 1, 0, 0, 1),
    })
    const { marginal, high, low } = latentDivergences(mdp, reveal(key(4)), reveal(key(5)))
    for (let s = 0; s < 3; s++) expect(marginal[s]).toBeCloseTo(high[s] + low[s], 14)
  })

  it('loses only the high-level divergence when the low level is shared', () => {
    const shared = { ...problem, prior: { ...prior, low: agent.low } }
    expect([...latentDivergences(mdp, agent, shared.prior).low]).toEqual([0, 0, 0])
    const { flat, bound } = latentValues(shared)
    for (let s = 0; s < 3; s++) expect(bound[s]).toBeLessThan(flat[s])
  })

  it('with a period of one is the sum that the stationary values count, cut at the horizon', () => {
    const horizon = 4
    const { flat, bound } = periodicValues(problem, { period: 1, horizon, initial })
    const long = latentValues(problem)
    // γ·V minus what comes after the horizon, from the same values: t starts at one.
    const policy = marginalPolicy(mdp, agent)
    let state: Float64Array = initial
    for (let t = 0; t < horizon; t++) {
      const next = new Float64Array(3)
      for (let s = 0; s < 3; s++) {
        for (let a = 0; a < 2; a++) {
          for (let to = 0; to < 3; to++) {
            const { probability } = mdp.transitions
            next[to] += state[s] * policy[s * 2 + a] * probability[(s * 2 + a) * 3 + to]
          }
        }
      }
      state = next
    }
    const dot = (p: Float64Array, v: Float64Array): number => p.reduce((sum, x, s) => sum + x * v[s], 0)
    const g = mdp.gamma
    expect(flat).toBeCloseTo(g * dot(initial, long.flat) - g ** (horizon + 1) * dot(state, long.flat), 12)
    expect(bound).toBeCloseTo(g * dot(initial, long.bound) - g ** (horizon + 1) * dot(state, long.bound), 12)
  })

  it('pays for latents once per period', () => {
    const shared = { ...problem, reward: new Float64Array(6), prior: { ...prior, low: agent.low } }
    const each = periodicValues(shared, { period: 1, horizon: 4, initial })
    const held = periodicValues(shared, { period: 4, horizon: 4, initial })
    const { high } = latentDivergences(mdp, agent, shared.prior)
    expect(held.bound).toBeCloseTo(-0.5 * 0.8 * (0.5 * high[0] + 0.5 * high[1]), 14)
    expect(each.bound).toBeLessThan(held.bound)
    expect(held.bound).toBeLessThanOrEqual(held.flat + held.error)
  })

  it('refuses levels that are no distributions, and periods that are none', () => {
    expect(() => latentPolicy(mdp, { ...agent, high: agent.high.map((p) => p * 2) })).toThrow(
      'latentPolicy: high must be 3 distributions of 3',
    )
    expect(() => latentPolicy(mdp, { ...agent, low: agent.low.subarray(2) })).toThrow(
      'latentPolicy: low must be 9 distributions of 2',
    )
    expect(() => periodicValues(problem, { period: 0, horizon: 3, initial })).toThrow(
      'periodicValues: period and horizon must be positive integers, got 0 and 3',
    )
    expect(() =>
      periodicValues(problem, { period: 1, horizon: 3, initial: Float64Array.of(1, 1, 0) }),
    ).toThrow('periodicValues: initial must be a distribution over 3 states, got 3 entries of sum 2')
  })
})
