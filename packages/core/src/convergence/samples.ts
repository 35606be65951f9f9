/** Estimators from sampled actions, on continuous problems with closed forms, on a discretised and on a finite one. */
import * as tf from '@tensorflow/tfjs'
import type { Tensor, Tensor2D } from '@tensorflow/tfjs'
import { foldIn, key, normal, uniform, type Key } from '../keys/index.ts'
import {
  entropyDual,
  importanceWeights,
  klDual,
  renyiHalf,
  sampledPolicy,
  softValue,
  stateFeatures,
  svgdDirection,
  uniformSoftValue,
} from '../operators/index.ts'
import {
  gaussLegendreRule,
  linearQuadraticSolution,
  multiGoal,
  randomMdp,
  randomPolicy,
  softPolicyIteration,
  softProblem,
  softValues,
  solveByQuadrature,
  type LinearQuadraticOptions,
  type Rule,
} from '../tabular/index.ts'
import type { Convergence } from './measure.ts'

type Estimate = Convergence['estimate']

/** An estimate from tensors, which are given back. */
const fromTensors =
  (estimate: (at: Key, rows: number, samples: number) => Tensor): Estimate =>
  (at, rows, samples) =>
    tf.tidy(() => estimate(at, rows, samples)).dataSync() as Float32Array

const table = (values: Float32Array, rows: number): Tensor2D =>
  tf.tensor2d(values, [rows, values.length / rows])
const LOG_2PI = Math.log(2 * Math.PI)
const integral = ({ nodes, weights }: Rule, f: (x: number) => number): number =>
  nodes.reduce((sum, x, i) => sum + weights[i] * f(x), 0)

/** The linear-quadratic problem at one state: Q(s, a) = peak − stiffness·(a − mean)² on the whole line. */
function linearQuadraticState(state: number): {
  readonly q: (action: Tensor) => Tensor
  readonly alpha: number
  readonly value: number
  readonly mean: number
  readonly variance: number
} {
  const options: LinearQuadraticOptions = {
    drift: 0.9,
    gain: 0.5,
    stateCost: 1,
    actionCost: 0.3,
    gamma: 0.9,
    alpha: 0.4,
  }
  const { curvature, offset, feedback, variance } = linearQuadraticSolution(options)
  const { alpha } = options
  const value = offset - curvature * state * state
  const mean = -feedback * state
  // V = peak + α·log √(2π·variance).
  const peak = value - 0.5 * alpha * (LOG_2PI + Math.log(variance))
  const q = (action: Tensor): Tensor =>
    tf.sub(peak, tf.mul(alpha / (2 * variance), tf.square(tf.sub(action, mean))))
  return { q, alpha, value, mean, variance }
}

/** A normal proposal, its samples [rows, K] and their log density. */
function gaussianSamples(
  at: Key,
  [rows, samples]: readonly [number, number],
  { mean, std }: { readonly mean: number; readonly std: number },
): { readonly action: Tensor2D; readonly logProposal: Tensor2D } {
  const noise = table(normal(at, rows * samples), rows)
  return {
    action: tf.add(mean, tf.mul(std, noise)),
    logProposal: tf.sub(-Math.log(std) - 0.5 * LOG_2PI, tf.mul(0.5, tf.square(noise))),
  }
}

const lq = linearQuadraticState(0.8)
const wide = { mean: lq.mean + 0.3 * Math.sqrt(lq.variance), std: 1.5 * Math.sqrt(lq.variance) }

const usual = { samples: [8, 16, 32, 64, 128], draws: 64_000 }
/** For what takes many samples to behave as in the limit. */
const many = { samples: [16, 32, 64, 128, 256], draws: 128_000 }
/** For biases that are small beside the spread. */
const long = { samples: [8, 16, 32, 64], draws: 800_000 }
/** For estimators that give one estimate a call. */
const fewer = { samples: [16, 32, 64, 128], draws: 16_000 }
const lqProblem = 'linear-quadratic, s = 0.8; closed form'

const bandit = { alpha: 0.2, q: (a: number): number => -2 * (a - 0.3) ** 2 }
const boxValue =
  bandit.alpha * Math.log(integral(gaussLegendreRule(-1, 1, 80), (a) => Math.exp(bandit.q(a) / bandit.alpha)))

/** One state of a finite problem: its actions' values and prior, and what is exact. */
const finite = (() => {
  const mdp = randomMdp(key(1), { states: 12, actions: 6, successors: 3, gamma: 0.9 })
  const defaultPolicy = randomPolicy(key(2), mdp, 1)
  const problem = softProblem({ mdp, alpha: 0.8, defaultPolicy })
  const { q, policy } = softPolicyIteration(problem)
  const row = (values: Float64Array): Float64Array => values.subarray(0, mdp.actions)
  const divergence = row(policy).reduce((sum, p, a) => sum + p * Math.log(p / defaultPolicy[a]), 0)
  return { alpha: 0.8, q: row(q), prior: row(defaultPolicy), value: softValues(problem, q)[0], divergence }
})()
const finiteProblem = 'random MDP of 12 states, π₀ random; soft policy iteration'

/** Q of actions drawn by their chances, [rows, K]. */
function drawnValues(
  at: Key,
  [rows, samples]: readonly [number, number],
  { q, chances }: { readonly q: Float64Array; readonly chances: Float64Array },
): Tensor2D {
  const drawn = uniform(at, rows * samples).map((u) => {
    let action = 0
    for (let left = u - chances[0]; left >= 0 && action < chances.length - 1;) left -= chances[++action]
    return q[action]
  })
  return table(drawn, rows)
}

const finiteSamples = (at: Key, rows: number, samples: number): Tensor2D =>
  drawnValues(at, [rows, samples], { q: finite.q, chances: finite.prior })

/** Multi-goal on a grid, at one state: Q and the share of the action box of every quadrature node. */
const goals = (() => {
  const { problem, solution, positions, choices, weights } = solveByQuadrature(
    multiGoal({ stateNodes: 15, actionNodes: 6 }),
    { tolerance: 1e-7 },
  )
  const state = positions.findIndex(([x, y]) => x === -3 && y === 1)
  const area = weights.reduce((sum, w) => sum + w, 0)
  return {
    alpha: problem.alpha,
    value: solution.v[state],
    q: solution.q.subarray(state * choices.length, (state + 1) * choices.length),
    shares: weights.map((w) => w / area),
    logVolume: Math.log(area),
  }
})()

const coins = {
  p: { mean: 0, std: 1 },
  q: { mean: 1.5, std: 0.6 },
}
/** D_½ = log σ̄² − log σ − log σ' + (μ − μ')²/(4 σ̄²), σ̄² = (σ² + σ'²)/2. */
const exactRenyi = (() => {
  const { p, q } = coins
  const square = (p.std ** 2 + q.std ** 2) / 2
  return Math.log(square / (p.std * q.std)) + (p.mean - q.mean) ** 2 / (4 * square)
})()

const stein = { alpha: 0.5, h: 0.8, y: 0.7, particles: { mean: -0.4, std: 0.9 } }
/** E[κ(x, y)·∇Q(x) + α·∇_x κ(x, y)] for Q = −x² and x from a normal distribution. */
const exactStein = integral(gaussLegendreRule(-9, 9, 200), (x) => {
  const { mean, std } = stein.particles
  const density = Math.exp(-0.5 * ((x - mean) / std) ** 2) / (std * Math.sqrt(2 * Math.PI))
  const kernel = Math.exp(-((x - stein.y) ** 2) / stein.h)
  return density * kernel * (-2 * x - (stein.alpha * 2 * (x - stein.y)) / stein.h)
})

const epsilon = 0.1

export const sampleEstimators: readonly Convergence[] = [
  {
    id: 'soft value, uniform proposal (thesis 3.8)',
    problem: 'bandit −2(a − 0.3)² on [−1, 1]; quadrature of 80 nodes',
    exact: boxValue,
    bias: 1,
    logScale: bandit.alpha,
    ...usual,
    estimate: fromTensors((at, rows, samples) => {
      const draws = uniform(at, rows * samples).map((u) => bandit.q(2 * u - 1))
      return uniformSoftValue({ q: table(draws, rows), alpha: bandit.alpha, logVolume: Math.LN2 })
    }),
  },
  {
    id: 'soft value, normal proposal (thesis 3.8, Hunt 18)',
    problem: lqProblem,
    exact: lq.value,
    bias: 1,
    logScale: lq.alpha,
    ...usual,
    estimate: fromTensors((at, rows, samples) => {
      const { action, logProposal } = gaussianSamples(at, [rows, samples], wide)
      return softValue({ q: lq.q(action), logProposal, alpha: lq.alpha })
    }),
  },
  {
    id: 'soft value, uniform over quadrature nodes (thesis 3.8)',
    problem: 'multi-goal at (−3, 1), 15x15 states and 6x6 actions; soft Q-iteration',
    exact: goals.value,
    bias: 1,
    logScale: goals.alpha,
    ...usual,
    estimate: fromTensors((at, rows, samples) => {
      const q = drawnValues(at, [rows, samples], { q: goals.q, chances: goals.shares })
      return uniformSoftValue({ q, alpha: goals.alpha, logVolume: goals.logVolume })
    }),
  },
  {
    id: 'mean action by self-normalised weights (Hunt 15, 22)',
    problem: lqProblem,
    exact: lq.mean,
    bias: 1,
    ...long,
    estimate: fromTensors((at, rows, samples) => {
      const { action, logProposal } = gaussianSamples(at, [rows, samples], wide)
      const logTarget = tf.div(lq.q(action), lq.alpha)
      const { weights } = importanceWeights({ logTarget, logProposal })
      return tf.sum(tf.mul(weights, action), 1)
    }),
  },
  {
    id: 'state features Υ (Hunt 6)',
    problem: `${lqProblem}, ψ = a²`,
    exact: lq.mean ** 2 + lq.variance + 0.5 * lq.alpha * (LOG_2PI + 1 + Math.log(lq.variance)),
    bias: 1,
    ...long,
    estimate: fromTensors((at, rows, samples) => {
      const { action, logProposal } = gaussianSamples(at, [rows, samples], wide)
      const psi = tf.expandDims(tf.square(action), 2)
      return stateFeatures({ psi, q: lq.q(action), logProposal, alpha: lq.alpha })
    }),
  },
  {
    id: 'value of the sampled policy (Galashov 7, corrected)',
    problem: finiteProblem,
    exact: finite.value,
    bias: 1,
    logScale: finite.alpha,
    ...many,
    estimate: fromTensors(
      (at, rows, samples) =>
        sampledPolicy({ q: finiteSamples(at, rows, samples), alpha: finite.alpha }).value,
    ),
  },
  {
    id: 'KL of the sampled policy (Galashov 5, 6)',
    problem: finiteProblem,
    exact: finite.divergence,
    bias: 1,
    ...long,
    samples: [16, 32, 64],
    estimate: fromTensors(
      (at, rows, samples) => sampledPolicy({ q: finiteSamples(at, rows, samples), alpha: finite.alpha }).kl,
    ),
  },
  {
    id: 'dual of the KL constraint (Galashov 8, corrected)',
    problem: finiteProblem,
    exact: finite.alpha * epsilon + finite.value,
    bias: 1,
    logScale: finite.alpha,
    ...fewer,
    estimate: (at, rows, samples) =>
      Float32Array.from({ length: rows }, (_, row) =>
        tf.tidy(
          () =>
            klDual({
              alpha: tf.scalar(finite.alpha),
              q: finiteSamples(foldIn(at, row), 1, samples),
              epsilon,
            }).dataSync()[0],
        ),
      ),
  },
  {
    id: 'dual of the entropy constraint (thesis 5.8)',
    problem: `${lqProblem}, target entropy −1`,
    exact: 0.7 * (0.5 * (LOG_2PI + 1 + Math.log(lq.variance)) + 1),
    bias: 'none',
    ...fewer,
    estimate: (at, rows, samples) =>
      Float32Array.from({ length: rows }, (_, row) =>
        tf.tidy(() => {
          const own = { mean: lq.mean, std: Math.sqrt(lq.variance) }
          const { logProposal } = gaussianSamples(foldIn(at, row), [1, samples], own)
          const logProb = tf.reshape(logProposal, [samples])
          return entropyDual({ multiplier: tf.scalar(0.7), logProb, targetEntropy: -1 }).dataSync()[0]
        }),
      ),
  },
  {
    id: 'Rényi divergence of order one half (thesis 6.4)',
    problem: 'N(0, 1) and N(1.5, 0.36), samples from the first; closed form',
    exact: exactRenyi,
    bias: 1,
    logScale: -2,
    ...usual,
    estimate: fromTensors((at, rows, samples) => {
      const { action, logProposal } = gaussianSamples(at, [rows, samples], coins.p)
      const { mean, std } = coins.q
      const logQ = tf.sub(
        -Math.log(std) - 0.5 * LOG_2PI,
        tf.mul(0.5, tf.square(tf.div(tf.sub(action, mean), std))),
      )
      return renyiHalf({ logP: logProposal, logQ, logProposal })
    }),
  },
  {
    id: 'SVGD direction, fixed bandwidth (thesis 3.11)',
    problem: 'Q = −x², normal particles; quadrature of 200 nodes',
    exact: exactStein,
    bias: 'none',
    ...usual,
    estimate: fromTensors((at, rows, samples) => {
      const { action } = gaussianSamples(at, [rows, samples], stein.particles)
      const particles = tf.expandDims(action, 2)
      return svgdDirection({
        particles,
        updated: tf.fill([rows, 1, 1], stein.y),
        score: tf.mul(-2, particles),
        alpha: stein.alpha,
        bandwidth: { kind: 'fixed', value: stein.h },
      })
    }),
  },
]
