/** Continuous problems of low dimension by quadrature: a grid of states, a rule over actions, exact solvers on what results. */
import { softQIteration, type QIterationOptions, type SoftSolution } from './qIteration.ts'
import { finiteMdp } from './mdp.ts'
import { softProblem, type SoftProblem } from './problem.ts'
import { checkInterval, type Rule } from './quadratureRules.ts'

/** A box of states with equally spaced nodes, ends included. */
export interface StateAxis {
  /** The first node. */
  readonly low: number
  /** The last node. */
  readonly high: number
  /** Nodes, at least 2. */
  readonly size: number
}

/** What a step of a continuous problem gives. */
export interface StepResult {
  /** Inside the box; clipped to it otherwise. */
  readonly next: readonly number[]
  /** r of the step. */
  readonly reward: number
  /** 0 where the episode ends, 1 else. */
  readonly discount: number
}

/** A deterministic continuous problem on a box of states and a box of actions. */
export interface ContinuousProblem {
  /** The dynamics and the reward. */
  readonly step: (state: readonly number[], action: readonly number[]) => StepResult
  /** An axis per dimension of the state. */
  readonly states: readonly StateAxis[]
  /** Nodes and weights per dimension of the action. */
  readonly actions: readonly Rule[]
  /** γ in [0, 1). */
  readonly gamma: number
  /** α > 0. */
  readonly alpha: number
}

/** A continuous problem on a grid. */
export interface QuadratureProblem {
  /** The finite problem; between nodes, transitions are spread over the corners around. */
  readonly problem: SoftProblem
  /** The position of every state. [S][dim] */
  readonly positions: readonly (readonly number[])[]
  /** Every action. [A][dim] */
  readonly choices: readonly (readonly number[])[]
  /** The quadrature weight of every action: π/weight is a density. [A] */
  readonly weights: Float64Array
}

/**
 * The finite problem whose soft solution approximates V(s) = α·log ∫ exp(Q(s,a)/α) da (thesis 3.3) on the grid. Between nodes V is
 * multilinear: the weights are non-negative and of sum one, so that the backup contracts as ever and the error bounds hold for the
 * discretised problem. How far that is from the continuous one is another matter: see `refinementEstimate`.
 */
export function quadratureProblem(continuous: ContinuousProblem): QuadratureProblem {
  const { step, states, actions, gamma, alpha } = continuous
  for (const axis of states) {
    checkInterval('quadratureProblem', axis)
    if (axis.size < 2)
      throw new RangeError(`quadratureProblem: states must have at least 2 nodes per axis, got ${axis.size}`)
  }
  const positions = product(
    states.map(({ low, high, size }) =>
      Float64Array.from({ length: size }, (_, i) => low + ((high - low) * i) / (size - 1)),
    ),
  )
  const choices = product(actions.map(({ nodes }) => nodes))
  const weights = Float64Array.from(product(actions.map((rule) => rule.weights)), (parts) =>
    parts.reduce((a, b) => a * b, 1),
  )
  const rows = positions.length * choices.length
  const corners = 2 ** states.length
  const reward = new Float64Array(rows)
  const discount = new Float64Array(rows)
  const nextState = new Int32Array(rows * corners)
  const probability = new Float64Array(rows * corners)
  let row = 0
  for (const position of positions) {
    for (const choice of choices) {
      const result = step(position, choice)
      reward[row] = result.reward
      discount[row] = result.discount
      interpolate(states, result.next, { nextState, probability, at: row * corners })
      row++
    }
  }
  const rowStart = Int32Array.from({ length: rows + 1 }, (_, i) => i * corners)
  const mdp = finiteMdp({
    states: positions.length,
    actions: choices.length,
    transitions: { kind: 'sparse', rowStart, nextState, probability },
    rewards: [reward],
    gamma,
    discount,
  })
  return { problem: softProblem({ mdp, alpha, actionWeights: weights }), positions, choices, weights }
}

/** All combinations, the last axis fastest. */
function product(axes: readonly Float64Array[]): number[][] {
  return axes.reduce<number[][]>(
    (heads, axis) => heads.flatMap((head) => Array.from(axis, (x) => [...head, x])),
    [[]],
  )
}

interface Row {
  readonly nextState: Int32Array
  readonly probability: Float64Array
  readonly at: number
}

/** Multilinear weights of a point on the grid, into one row of transitions. */
function interpolate(
  axes: readonly StateAxis[],
  point: readonly number[],
  { nextState, probability, at }: Row,
): void {
  for (let corner = 0; corner < 2 ** axes.length; corner++) {
    let index = 0
    let weight = 1
    for (const [d, { low, high, size }] of axes.entries()) {
      const scaled = Math.min(Math.max(((point[d] - low) / (high - low)) * (size - 1), 0), size - 1)
      const cell = Math.min(Math.floor(scaled), size - 2)
      const upper = (corner >> d) & 1
      index = index * size + cell + upper
      weight *= upper === 1 ? scaled - cell : 1 - (scaled - cell)
    }
    nextState[at + corner] = index
    probability[at + corner] = weight
  }
}

/** V at any point of the box, by the interpolation that the solver used. */
export function valueAt(axes: readonly StateAxis[], v: Float64Array, point: readonly number[]): number {
  const row: Row = {
    nextState: new Int32Array(2 ** axes.length),
    probability: new Float64Array(2 ** axes.length),
    at: 0,
  }
  interpolate(axes, point, row)
  return row.probability.reduce((sum, p, i) => sum + p * v[row.nextState[i]], 0)
}

/** A solved problem on a grid. */
export interface QuadratureSolution extends QuadratureProblem {
  /** Of the discretised problem; its `error` is proved for that problem. */
  readonly solution: SoftSolution
}

/** Discretises and solves by soft Q-iteration. */
export function solveByQuadrature(
  continuous: ContinuousProblem,
  options: QIterationOptions = {},
): QuadratureSolution {
  const discrete = quadratureProblem(continuous)
  return { ...discrete, solution: softQIteration(discrete.problem, options) }
}

/**
 * An estimate, no bound, of the discretisation error of V: the largest difference to the solution with half as many state intervals,
 * divided by 2² − 1, as multilinear interpolation has second order. Every axis needs an odd number of nodes, at least 3.
 */
export function refinementEstimate(continuous: ContinuousProblem, fine: QuadratureSolution): number {
  for (const { size } of continuous.states) {
    if (size % 2 === 0 || size < 3)
      throw new RangeError(
        `refinementEstimate: states must have an odd number of nodes, at least 3, got ${size}`,
      )
  }
  const states = continuous.states.map((axis) => ({ ...axis, size: (axis.size + 1) / 2 }))
  const coarse = solveByQuadrature({ ...continuous, states })
  let most = 0
  for (const [i, position] of coarse.positions.entries()) {
    most = Math.max(
      most,
      Math.abs(coarse.solution.v[i] - valueAt(continuous.states, fine.solution.v, position)),
    )
  }
  return most / 3
}
