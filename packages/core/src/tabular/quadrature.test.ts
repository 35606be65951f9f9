import { describe, expect, it } from 'vitest'
import { linearQuadratic, linearQuadraticSolution } from './linearQuadratic.ts'
import { multiGoal, multiGoals } from './multiGoal.ts'
import { nextStateDistribution } from './policy.ts'
import { quadratureProblem, refinementEstimate, solveByQuadrature, valueAt } from './quadrature.ts'
import { gaussLegendreRule, midpointRule } from './quadratureRules.ts'

const integrate = (
  { nodes, weights }: { nodes: Float64Array; weights: Float64Array },
  f: (x: number) => number,
): number => nodes.reduce((sum, x, i) => sum + weights[i] * f(x), 0)

describe('quadrature rules', () => {
  it('integrate', () => {
    expect(integrate(gaussLegendreRule(-1, 3, 5), (x) => x ** 9)).toBeCloseTo((3 ** 10 - 1) / 10, 8)
    expect(integrate(gaussLegendreRule(0, 2, 40), Math.exp)).toBeCloseTo(Math.exp(2) - 1, 12)
    expect(integrate(gaussLegendreRule(0, 2, 1), (x) => x)).toBeCloseTo(2, 14)
    expect(integrate(midpointRule(0, 2, 1000), Math.exp)).toBeCloseTo(Math.exp(2) - 1, 5)
  })

  it('refuse what is no interval', () => {
    expect(() => midpointRule(1, 1, 4)).toThrow(
      'midpointRule: low must be below high, both finite, got 1 and 1',
    )
    expect(() => gaussLegendreRule(0, Infinity, 4)).toThrow('gaussLegendreRule: low must be below high')
    expect(() => gaussLegendreRule(0, 1, 0)).toThrow(
      'gaussLegendreRule: size must be a positive integer, got 0',
    )
  })
})

describe('the scalar linear-quadratic problem', () => {
  const options = { drift: 0.9, gain: 0.5, stateCost: 1, actionCost: 0.3, gamma: 0.9, alpha: 0.1 }
  const exact = linearQuadraticSolution(options)

  it('has a closed form that satisfies its own Bellman equation', () => {
    const { drift, gain, stateCost, actionCost, gamma, alpha } = options
    const rule = gaussLegendreRule(-8, 8, 200)
    const value = (s: number): number => exact.offset - exact.curvature * s * s
    for (const s of [0, 0.7, -1.5]) {
      const q = (a: number): number =>
        -stateCost * s * s - actionCost * a * a + gamma * value(drift * s + gain * a)
      const peak = q(-exact.feedback * s)
      const backedUp = peak + alpha * Math.log(integrate(rule, (a) => Math.exp((q(a) - peak) / alpha)))
      expect(backedUp).toBeCloseTo(value(s), 10)
    }
  })

  it('is solved on the box to the error that refinement estimates', () => {
    const grid = { stateBound: 3, stateNodes: 101, actionBound: 6, actionNodes: 200 }
    const continuous = linearQuadratic(options, grid)
    const solved = solveByQuadrature(continuous)
    expect(solved.solution.error).toBeLessThan(1e-9)
    let worst = 0
    for (const [s, [x]] of solved.positions.entries()) {
      if (Math.abs(x) <= 1.5)
        worst = Math.max(worst, Math.abs(solved.solution.v[s] - exact.offset + exact.curvature * x * x))
    }
    const estimate = refinementEstimate(continuous, solved)
    expect(worst).toBeLessThan(1.2 * estimate)
    expect(worst).toBeGreaterThan(0.8 * estimate)
    expect(estimate).toBeLessThan(0.01)
    // The policy is the closed form's normal density.
    const state = solved.positions.findIndex(([x]) => Math.abs(x - 0.6) < 1e-9)
    const masses = solved.solution.policy.subarray(state * 200, (state + 1) * 200)
    const mean = masses.reduce((sum, p, a) => sum + p * solved.choices[a][0], 0)
    const variance = masses.reduce((sum, p, a) => sum + p * (solved.choices[a][0] - mean) ** 2, 0)
    expect(mean).toBeCloseTo(-exact.feedback * 0.6, 2)
    expect(variance).toBeCloseTo(exact.variance, 2)
  })

  it('refuses parameters without a solution', () => {
    expect(() => linearQuadraticSolution({ ...options, gain: 0 })).toThrow(
      'linearQuadraticSolution: gain must be finite and not 0, got 0',
    )
    expect(() => linearQuadraticSolution({ ...options, actionCost: 0 })).toThrow(
      'linearQuadraticSolution: costs must be positive, got 1 and 0',
    )
    expect(() => linearQuadraticSolution({ ...options, gamma: 1 })).toThrow(
      'linearQuadraticSolution: gamma must be in [0, 1), got 1',
    )
    expect(() => linearQuadraticSolution({ ...options, alpha: 0 })).toThrow(
      'linearQuadraticSolution: alpha must be positive, got 0',
    )
  })
})

describe('the multi-goal problem', () => {
  it('is solved symmetrically, and at its default temperature heads for the goals', () => {
    const solved = solveByQuadrature(multiGoal({ stateNodes: 29, actionNodes: 6 }), { tolerance: 1e-6 })
    const { solution, choices, positions } = solved
    const axes = multiGoal({ stateNodes: 29 }).states
    for (const [gx, gy] of multiGoals)
      expect(valueAt(axes, solution.v, [gx / 2, gy / 2])).toBeCloseTo(valueAt(axes, solution.v, [2.5, 0]), 4)
    expect(valueAt(axes, solution.v, [5, 0])).toBeGreaterThan(valueAt(axes, solution.v, [0, 0]))
    // At (2.5, 0) the mean action points to the goal at (5, 0).
    const state = positions.findIndex(([x, y]) => x === 2.5 && y === 0)
    const mean = choices.reduce((sum, [u], a) => sum + u * solution.policy[state * choices.length + a], 0)
    expect(mean).toBeGreaterThan(0.05)
  })

  it('is reached within 20 steps from the origin by nearly every trajectory, each goal as often', () => {
    const { problem, solution, positions } = solveByQuadrature(
      multiGoal({ stateNodes: 29, actionNodes: 8 }),
      { tolerance: 1e-6 },
    )
    const { mdp } = problem
    let state: Float64Array = Float64Array.from(positions, ([x, y]) => (x === 0 && y === 0 ? 1 : 0))
    const arrived = [0, 0, 0, 0]
    for (let t = 0; t < 20; t++) {
      for (let row = 0; row < solution.policy.length; row++) {
        if (mdp.discount?.[row] !== 0) continue
        const s = Math.floor(row / mdp.actions)
        const distances = multiGoals.map(([x, y]) => Math.hypot(x - positions[s][0], y - positions[s][1]))
        arrived[distances.indexOf(Math.min(...distances))] += state[s] * solution.policy[row]
      }
      state = nextStateDistribution(mdp, solution.policy, state)
    }
    expect(arrived.reduce((sum, x) => sum + x, 0)).toBeGreaterThan(0.98)
    for (const share of arrived) expect(Math.abs(share - 0.25)).toBeLessThan(0.01)
  })

  it('is all but uniform for unit Gaussian bumps at alpha 10', () => {
    const grid = { stateNodes: 29, actionNodes: 6, gamma: 0.95 }
    const reward = { kind: 'gaussians', width: 1, actionCost: 0 } as const
    const { solution, weights } = solveByQuadrature(multiGoal({ ...grid, reward }), { tolerance: 1e-4 })
    let worst = 0
    for (let s = 0; s < 29 * 29; s++) {
      const divergence = weights.reduce((sum, w, a) => {
        const p = solution.policy[s * 36 + a]
        return sum + p * Math.log((p * 4) / w)
      }, 0)
      worst = Math.max(worst, divergence)
    }
    expect(worst).toBeLessThan(0.005)
    expect(worst).toBeGreaterThan(1e-5)
  })
})

describe('a quadrature problem', () => {
  it('refuses grids that are too small', () => {
    const continuous = multiGoal({ stateNodes: 8, actionNodes: 2 })
    expect(() => quadratureProblem({ ...continuous, states: [{ low: 0, high: 1, size: 1 }] })).toThrow(
      'states must have at least 2 nodes per axis, got 1',
    )
    expect(() => quadratureProblem({ ...continuous, states: [{ low: 1, high: 0, size: 3 }] })).toThrow(
      'quadratureProblem: low must be below high',
    )
    expect(() => refinementEstimate(continuous, solveByQuadrature(continuous, { maxSweeps: 1 }))).toThrow(
      'refinementEstimate: states must have an odd number of nodes, at least 3, got 8',
    )
  })
})
