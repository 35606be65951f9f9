import { describe, expect, it } from 'vitest'
import { key } from '../keys/index.ts'
import {
  contraction,
  expectNext,
  expectNextOfAll,
  finiteMdp,
  sideBySide,
  weightedReward,
  type FiniteMdp,
} from './mdp.ts'
import { uniformPolicy } from './policy.ts'
import { softProblem } from './problem.ts'
import { randomMdp } from './randomMdp.ts'
import { softQIteration } from './qIteration.ts'

const valid: FiniteMdp = {
  states: 2,
  actions: 1,
  transitions: { kind: 'dense', probability: Float64Array.of(0.25, 0.75, 1, 0) },
  rewards: [Float64Array.of(1, 2)],
  gamma: 0.9,
}

describe('a finite process', () => {
  it('is the same whether its transitions are dense or sparse', () => {
    const options = { states: 9, actions: 3, successors: 4, gamma: 0.9 }
    const dense = softQIteration(
      softProblem({ mdp: randomMdp(key(1), { ...options, storage: 'dense' }), alpha: 0.3 }),
    )
    const sparse = softQIteration(
      softProblem({ mdp: randomMdp(key(1), { ...options, storage: 'sparse' }), alpha: 0.3 }),
    )
    for (let i = 0; i < dense.q.length; i++)
      expect(Math.abs(dense.q[i] - sparse.q[i])).toBeLessThan(dense.error + sparse.error)
  })

  it('takes expectations over next states, times the discount', () => {
    const out = new Float64Array(1)
    expectNext(finiteMdp(valid), 0, { value: Float64Array.of(4, 8), out })
    expect(out[0]).toBe(7)
    const ending = finiteMdp({ ...valid, discount: Float64Array.of(0.5, 0.5) })
    expectNext(ending, 0, { value: Float64Array.of(4, 8), out })
    expect(out[0]).toBe(3.5)
    expect(contraction(ending)).toBeCloseTo(0.45, 8)
    expect(contraction(ending)).toBeGreaterThan(0.45)
  })

  it.each(['dense', 'sparse'] as const)('takes expectations of several values at once, %s', (storage) => {
    const mdp = finiteMdp({
      ...randomMdp(key(3), { states: 7, actions: 3, successors: 4, gamma: 0.9, storage }),
      discount: Float64Array.from({ length: 21 }, (_, at) => (at % 4) / 3),
    })
    const values = [0, 1, 2].map((k) => Float64Array.from({ length: 7 }, (_, s) => Math.sin(s + 10 * k)))
    const all = new Float64Array(9)
    const one = new Float64Array(3)
    for (let s = 0; s < 7; s++) {
      expectNextOfAll(mdp, s, { values: sideBySide(values), count: 3, out: all })
      for (const [k, value] of values.entries()) {
        expectNext(mdp, s, { value, out: one })
        for (let a = 0; a < 3; a++) expect(all[a * 3 + k]).toBeCloseTo(one[a], 14)
      }
    }
  })

  it('mixes rewards', () => {
    const two = { ...valid, rewards: [Float64Array.of(1, 2), Float64Array.of(10, 20)] }
    expect([...weightedReward(two, [2, 0.5])]).toEqual([7, 14])
    expect(() => weightedReward(two, [1])).toThrow(
      'weightedReward: weights must have one entry per task = 2, got 1',
    )
  })

  it.each<[string, Partial<FiniteMdp>]>([
    ['finiteMdp: states must be an integer', { states: 0 }],
    ['finiteMdp: actions must be an integer', { actions: 1.5 }],
    ['finiteMdp: gamma must be in [0, 1), got 1', { gamma: 1 }],
    ['finiteMdp: gamma must be in [0, 1), got -0.1', { gamma: -0.1 }],
    ['finiteMdp: gamma must be in [0, 1), got NaN', { gamma: NaN }],
    ['finiteMdp: rewards must hold at least one table, got none', { rewards: [] }],
    ['finiteMdp: rewards[0] must have length states x actions = 2, got 1', { rewards: [Float64Array.of(1)] }],
    ['finiteMdp: rewards[0] must be finite, got NaN at entry 1', { rewards: [Float64Array.of(1, NaN)] }],
    ['finiteMdp: discount must be in [0, 1], got 2 at entry 1', { discount: Float64Array.of(1, 2) }],
    [
      'finiteMdp: transitions must be distributions, got the sum 0.9 at state 0, action 0',
      dense(0.25, 0.65, 1, 0),
    ],
    [
      'finiteMdp: transitions must be distributions, got a negative probability at state 1, action 0',
      dense(0.25, 0.75, 2, -1),
    ],
    [
      'finiteMdp: transitions must be distributions, got the sum NaN at state 0, action 0',
      dense(NaN, 1, 1, 0),
    ],
    [
      'finiteMdp: transitions.probability must have length states x actions x states = 4, got 3',
      dense(0.25, 0.75, 1),
    ],
    [
      'finiteMdp: transitions.rowStart must rise from 0 over states x actions + 1 = 3 entries',
      sparse([0, 2, 1], [0, 1], [0.5, 0.5]),
    ],
    [
      "finiteMdp: transitions must hold rowStart's last entry = 3 successors",
      sparse([0, 2, 3], [0, 1], [0.5, 0.5]),
    ],
    [
      'finiteMdp: transitions.nextState must be in [0, 2), got 2 at entry 1',
      sparse([0, 2, 3], [0, 2, 1], [0.5, 0.5, 1]),
    ],
    [
      'finiteMdp: transitions must be distributions, got the sum 0 at state 1',
      sparse([0, 2, 2], [0, 1], [0.5, 0.5]),
    ],
  ])('refuses bad input: %s', (message, change) => {
    expect(() => finiteMdp({ ...valid, ...change })).toThrow(message)
  })
})

function dense(...probability: number[]): Partial<FiniteMdp> {
  return { transitions: { kind: 'dense', probability: Float64Array.from(probability) } }
}

function sparse(rowStart: number[], nextState: number[], probability: number[]): Partial<FiniteMdp> {
  return {
    transitions: {
      kind: 'sparse',
      rowStart: Int32Array.from(rowStart),
      nextState: Int32Array.from(nextState),
      probability: Float64Array.from(probability),
    },
  }
}

describe('a soft problem', () => {
  const mdp = randomMdp(key(2), { states: 3, actions: 2, successors: 2, gamma: 0.5 })

  it.each([0, -1, NaN, Infinity])('refuses alpha %d', (alpha) => {
    expect(() => softProblem({ mdp, alpha })).toThrow('softProblem: alpha must be positive and finite')
  })

  it('refuses default policies and weights that are none', () => {
    const policy = uniformPolicy(mdp)
    policy[0] = 0.7
    expect(() => softProblem({ mdp, alpha: 1, defaultPolicy: policy })).toThrow(
      'policy must be a distribution in every state, got the sum 1.2',
    )
    policy.set([-0.5, 1.5])
    expect(() => softProblem({ mdp, alpha: 1, defaultPolicy: policy })).toThrow(
      'got a negative probability at state 0',
    )
    expect(() => softProblem({ mdp, alpha: 1, actionWeights: Float64Array.of(1, 0) })).toThrow(
      'actionWeights must be 2 positive numbers, got 0',
    )
    expect(() => softProblem({ mdp, alpha: 1, actionWeights: Float64Array.of(1) })).toThrow(
      'actionWeights must be 2 positive numbers, got 1',
    )
    expect(() =>
      softProblem({ mdp, alpha: 1, defaultPolicy: uniformPolicy(mdp), actionWeights: Float64Array.of(1, 1) }),
    ).toThrow('got both')
    expect(() => softProblem({ mdp, alpha: 1, reward: new Float64Array(5) })).toThrow(
      'softProblem: reward must have length',
    )
  })
})
