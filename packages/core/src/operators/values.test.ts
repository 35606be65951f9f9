import * as tf from '@tensorflow/tfjs'
import type { Tensor, Tensor2D } from '@tensorflow/tfjs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { diagonalGaussian } from '../distributions/index.ts'
import { foldIn, key, normal, uniform } from '../keys/index.ts'
import { multiGoal, solveByQuadrature } from '../tabular/index.ts'
import { banditOptimum, checkGrads, checkZeroGrads } from '../testing/index.ts'
import { effectiveSampleSize, importanceWeights, proposalLoss, sampledPolicy } from './index.ts'
import { softValue, uniformSoftValue } from './index.ts'

const q = (): Tensor2D =>
  tf.tensor2d([
    [0.2, -0.4, 1],
    [2, 0.1, -0.3],
  ])
const logProposal = (): Tensor2D =>
  tf.tensor2d([
    [-1, -0.5, -2],
    [-0.3, -1.2, -0.8],
  ])
const table = (rows: number, values: Float32Array): Tensor2D =>
  tf.tensor2d(values, [rows, values.length / rows])
const moments = (x: Tensor): { mean: number; variance: number } => {
  const { mean, variance } = tf.moments(x)
  return { mean: mean.dataSync()[0], variance: variance.dataSync()[0] }
}

beforeEach(() => void tf.engine().startScope())
afterEach(() => void tf.engine().endScope())

describe('softValue', () => {
  it('is thesis Eq. 3.8, by hand', () => {
    const value = softValue({
      q: tf.tensor2d([[1, 3]]),
      logProposal: tf.tensor2d([[Math.log(0.5), Math.log(0.25)]]),
      alpha: 2,
    })
    expect(value).toBeAllClose([2 * Math.log((2 * Math.exp(0.5) + 4 * Math.exp(1.5)) / 2)])
  })

  it('with uniform samples needs the volume: a constant Q gives Q + α log volume', () => {
    const constant = tf.fill<tf.Rank.R2>([2, 5], 0.7)
    expect(uniformSoftValue({ q: constant, alpha: 0.3, logVolume: 6 * Math.LN2 })).toBeAllClose(
      tf.fill([2], 0.7 + 0.3 * 6 * Math.LN2),
    )
    const spread = { q: q(), logProposal: tf.fill([2, 3], -2 * Math.LN2), alpha: 0.3 }
    expect(softValue(spread)).toBeAllClose(uniformSoftValue({ q: q(), alpha: 0.3, logVolume: 2 * Math.LN2 }))
  })

  it('is exact, without variance, when the proposal is the soft-optimal policy', () => {
    const value = tf.tensor2d([[0.4], [-3]])
    const exact = tf.div(tf.sub(q(), value), 0.1)
    expect(softValue({ q: q(), logProposal: exact, alpha: 0.1 })).toBeAllClose([0.4, -3], { atol: 1e-5 })
  })

  it('nears the maximum as α falls and the mean of Q as it rises', () => {
    expect(uniformSoftValue({ q: q(), alpha: 1e-6, logVolume: 0 })).toBeAllClose([1, 2], { atol: 1e-5 })
    expect(uniformSoftValue({ q: q(), alpha: 1e4, logVolume: 0 })).toBeAllClose(tf.mean(q(), 1), {
      atol: 1e-3,
    })
  })

  it('has the gradients that central differences give, in α too', () => {
    checkGrads(
      (a: Tensor, b: Tensor, c: Tensor) => tf.sum(softValue({ q: a, logProposal: b, alpha: c })),
      [q(), logProposal(), tf.scalar(0.8)],
    )
    checkGrads(
      (a: Tensor, c: Tensor) => tf.sum(uniformSoftValue({ q: a, alpha: c, logVolume: 1.3 })),
      [q(), tf.scalar(0.8)],
    )
  })

  it('stays finite, gradients included, for values of 1e30 and α of 1e-6', () => {
    const extreme = tf.tensor2d([
      [1e30, -1e30, 0],
      [-1e30, -1e30, -1e30],
    ])
    const f = (a: Tensor, b: Tensor, c: Tensor): Tensor => softValue({ q: a, logProposal: b, alpha: c })
    for (const alpha of [1e-6, 1, 1e6]) {
      expect(f(extreme, logProposal(), tf.scalar(alpha))).toBeAllClose([1e30, -1e30])
      const slopes = tf.grads(f)([extreme, tf.mul(logProposal(), 40), tf.scalar(alpha)])
      for (const slope of slopes) expect(tf.all(tf.isFinite(slope)).dataSync()[0]).toBe(1)
    }
  })

  it('converges to the value of the bandit with bias α/2 (1/n − 1/K) and variance of order 1/K', () => {
    const alpha = 0.2
    const truth = banditOptimum({ peak: 0.3, curvature: 2, alpha }).value
    const rows = 2000
    const errors = [4, 16, 64].map((samples) => {
      const actions = table(
        rows,
        uniform(foldIn(key(3), samples), rows * samples).map((u) => 2 * u - 1),
      )
      const values = tf.neg(tf.square(tf.sub(actions, 0.3)))
      const estimate = uniformSoftValue({ q: values, alpha, logVolume: Math.LN2 })
      const { effectiveSampleSize: n } = importanceWeights({
        logTarget: tf.div(values, alpha),
        logProposal: tf.fill([rows, samples], -Math.LN2),
      })
      const { mean, variance } = moments(estimate)
      const predicted = moments(tf.mul(-0.5 * alpha, tf.sub(tf.reciprocal(n), 1 / samples))).mean
      return { bias: mean - truth, variance, predicted, standardError: Math.sqrt(variance / rows) }
    })
    for (const [i, { bias, predicted, standardError }] of errors.entries()) {
      expect(bias).toBeLessThan(0)
      expect(Math.abs(bias - predicted)).toBeLessThan(3 * standardError + 0.2 * Math.abs(bias) * 4 ** -i)
    }
    expect(errors[1].variance / errors[2].variance).toBeGreaterThan(3)
    expect(errors[1].variance / errors[2].variance).toBeLessThan(5.5)
  })

  it('with quadrature nodes as samples is the quadrature: the exact multi-goal solution', () => {
    const stateNodes = 15
    const { problem, solution, positions, choices, weights } = solveByQuadrature(
      multiGoal({ stateNodes, actionNodes: 8 }),
    )
    const state = positions.findIndex(([x, y]) => x === -3 && y === 1)
    const actions = choices.length
    const values = Float32Array.from(solution.q.subarray(state * actions, (state + 1) * actions))
    // Quadrature nodes as samples of a proposal of density 1/(A·weight): Eq. 3.8 is then the quadrature itself.
    const logDensity = Float32Array.from(weights, (w) => -Math.log(actions * w))
    const value = softValue({
      q: table(1, values),
      logProposal: table(1, logDensity),
      alpha: problem.alpha,
    })
    expect(value).toBeAllClose([solution.v[state]], { rtol: 1e-5 })
  })

  it('has the normal integral as its value on a quadratic Q, for wide and shifted normal proposals', () => {
    const alpha = 0.5
    const rows = 400
    const samples = 64
    const noise = tf.tensor3d(normal(key(8), rows * samples), [rows, samples, 1])
    for (const [mean, logStd] of [
      [0, 0],
      [0.4, -0.2],
    ]) {
      const proposal = diagonalGaussian({
        mean: tf.fill<tf.Rank.R3>([rows, samples, 1], mean),
        logStd: tf.tensor1d([logStd]),
      })
      const { sample, logProb } = proposal.sampleWithLogProb(noise)
      const values = tf.neg(tf.square(tf.squeeze(sample, [2])))
      const { mean: got, variance } = moments(softValue({ q: values, logProposal: logProb, alpha }))
      const truth = 0.5 * alpha * Math.log(Math.PI * alpha)
      expect(Math.abs(got - truth)).toBeLessThan(4 * Math.sqrt(variance / rows) + alpha / samples)
    }
  })

  it('refuses what does not fit', () => {
    const args = { q: q(), logProposal: logProposal(), alpha: 1 }
    expect(() => softValue({ ...args, logProposal: tf.zeros([2, 2]) })).toThrow(
      'softValue: logProposal must have shape [B, K] with B=2, K=3, got [2, 2]',
    )
    expect(() => softValue({ ...args, alpha: 0 })).toThrow(
      new RangeError('softValue: alpha must be positive and finite, got 0'),
    )
    expect(() => softValue({ ...args, alpha: tf.ones([1]) })).toThrow('softValue: alpha must have shape []')
    expect(() => uniformSoftValue({ q: q(), alpha: NaN, logVolume: 0 })).toThrow('alpha must be positive')
    expect(() => uniformSoftValue({ q: tf.zeros([3]), alpha: 1, logVolume: 0 })).toThrow('q must have shape')
    expect(() => uniformSoftValue({ q: q(), alpha: 1, logVolume: Infinity })).toThrow(
      'uniformSoftValue: logVolume must be finite, got Infinity',
    )
  })
})

describe('importanceWeights', () => {
  const none = (): Tensor2D => tf.zeros([1, 3])

  it('are proportional to the density ratio, by hand', () => {
    const { weights, effectiveSampleSize: n } = importanceWeights({
      logTarget: tf.tensor2d([[Math.log(6), Math.log(2), -Infinity]]),
      logProposal: tf.tensor2d([[Math.log(2), Math.log(2), 0]]),
    })
    expect(weights).toBeAllClose([[0.75, 0.25, 0]])
    expect(n).toBeAllClose([1 / (0.75 ** 2 + 0.25 ** 2)])
  })

  it('count all samples when the proposal is the target, and one when it has the mass', () => {
    expect(
      importanceWeights({ logTarget: q(), logProposal: tf.sub(q(), 5) }).effectiveSampleSize,
    ).toBeAllClose([3, 3])
    const far = importanceWeights({ logTarget: tf.tensor2d([[1e30, 0, -1e30]]), logProposal: none() })
    expect(far).toBeAllClose({ weights: [[1, 0, 0]], effectiveSampleSize: [1] })
  })

  it('report that no sample has any weight, without NaN', () => {
    const lost = importanceWeights({ logTarget: tf.fill([1, 3], -Infinity), logProposal: none() })
    expect(lost).toBeAllClose({ weights: [[0, 0, 0]], effectiveSampleSize: [0] })
    expect(tf.grad(effectiveSampleSize)(none())).toBeAllClose(none())
  })

  it('show a proposal that misses mass of the target in the effective sample size', () => {
    const samples = 400
    const noise = normal(key(9), samples)
    const n = [0, 3].map((mean) => {
      const logTarget = table(
        1,
        noise.map((x) => -0.5 * (x - mean) ** 2),
      )
      const logDensity = table(
        1,
        noise.map((x) => -0.5 * x ** 2),
      )
      return importanceWeights({ logTarget, logProposal: logDensity }).effectiveSampleSize.dataSync()[0]
    })
    expect(n[0]).toBeCloseTo(samples, 1)
    expect(n[1]).toBeLessThan(samples / 10)
  })

  it('have the gradients that central differences give', () => {
    checkGrads(
      (logTarget: Tensor, b: Tensor) => {
        const w = importanceWeights({ logTarget, logProposal: b })
        return tf.add<tf.Scalar>(tf.sum(tf.mul(w.weights, q())), tf.sum(w.effectiveSampleSize))
      },
      [q(), logProposal()],
    )
  })

  it('weigh the log-likelihood of a proposal, which alone gets the gradient', () => {
    const { weights } = importanceWeights({ logTarget: q(), logProposal: tf.zeros([2, 3]) })
    const loss = proposalLoss({ weights, logProposal: logProposal() })
    expect(loss).toBeAllClose(tf.neg(tf.mean(tf.sum(tf.mul(weights, logProposal()), 1))))
    checkGrads((b: Tensor) => proposalLoss({ weights, logProposal: b }), [logProposal()])
    checkZeroGrads(proposalLoss, { weights, logProposal: logProposal() }, ['weights'])
  })

  it('have the moments of exp(Q/α), where Hunt 15 as printed, without exp, has others and signs', () => {
    // Q(a) = −a² on [−1, 1] under uniform samples: E[a²] of N(0, α/2), whose tails beyond the box are below 1e-6.
    const [n, alpha] = [4000, 0.08]
    const action = tf.tensor2d(
      Float32Array.from({ length: n }, (_, i) => (2 * (i + 0.5)) / n - 1),
      [1, n],
    )
    const square = tf.square(action)
    const logProposal = tf.fill([1, n], -Math.LN2)
    const { weights } = importanceWeights({ logTarget: tf.div(tf.neg(square), alpha), logProposal })
    expect(tf.sum(tf.mul(weights, square))).toBeAllClose(alpha / 2, { rtol: 1e-4 })
    const printed = (offset: number): Tensor => {
      const each = tf.div(tf.div(tf.add(tf.neg(square), offset), alpha), tf.exp(logProposal))
      return tf.div(each, tf.sum(each))
    }
    expect(tf.sum(tf.mul(printed(0), square))).toBeAllClose(0.6, { rtol: 1e-4 })
    // A constant added to Q changes no policy, but those weights: some are negative.
    expect(tf.min(printed(0.5)).dataSync()[0]).toBeLessThan(0)
  })

  it('refuse shapes that differ', () => {
    expect(() => importanceWeights({ logTarget: q(), logProposal: none() })).toThrow(
      'importanceWeights: logProposal must have shape [B, K] with B=2, K=3, got [1, 3]',
    )
    expect(() => proposalLoss({ weights: none(), logProposal: q() })).toThrow('proposalLoss: logProposal')
  })
})

describe('sampledPolicy', () => {
  it('is the softmax of Q/α, by hand', () => {
    const { probs, logProb, kl, value } = sampledPolicy({ q: tf.tensor2d([[0, 2 * Math.log(3)]]), alpha: 2 })
    expect(probs).toBeAllClose([[0.25, 0.75]])
    expect(tf.exp(logProb)).toBeAllClose(probs)
    expect(kl).toBeAllClose([0.25 * Math.log(0.5) + 0.75 * Math.log(1.5)])
    expect(value).toBeAllClose([2 * Math.log(2)])
  })

  it('has the value Σ q̂ Q − α KL, and a divergence of at most log K', () => {
    for (const alpha of [0.01, 0.5, 10]) {
      const { probs, kl, value } = sampledPolicy({ q: q(), alpha })
      expect(value).toBeAllClose(tf.sub(tf.sum(tf.mul(probs, q()), 1), tf.mul(alpha, kl)), { atol: 1e-5 })
      for (const nats of kl.dataSync()) expect(nats).toBeLessThanOrEqual(Math.log(3) + 1e-6)
    }
  })

  it('converges with K to the soft value under the prior, where the printed backup diverges', () => {
    const alpha = 0.5
    const rows = 500
    const logPrior = -Math.LN2
    const truth = banditOptimum({ peak: 0.3, curvature: 2, alpha }).value + alpha * logPrior
    const errors = [8, 32, 128].map((samples) => {
      const actions = table(
        rows,
        uniform(foldIn(key(4), samples), rows * samples).map((u) => 2 * u - 1),
      )
      const { probs, logProb, value } = sampledPolicy({
        q: tf.neg(tf.square(tf.sub(actions, 0.3))),
        alpha,
      })
      const printed = tf.sum(
        tf.mul(
          probs,
          tf.sub(tf.neg(tf.square(tf.sub(actions, 0.3))), tf.mul(alpha, tf.sub(logProb, logPrior))),
        ),
        1,
      )
      return { corrected: Math.abs(moments(value).mean - truth), printed: moments(printed).mean - truth }
    })
    expect(errors[2].corrected).toBeLessThan(0.005)
    expect(errors[0].corrected / errors[2].corrected).toBeGreaterThan(4)
    expect(errors[2].printed - errors[0].printed).toBeCloseTo(alpha * Math.log(16), 1)
  })

  it('has the gradients that central differences give, and stays finite', () => {
    checkGrads(
      (a: Tensor, alpha: Tensor) => {
        const { probs, kl, value } = sampledPolicy({ q: a, alpha })
        return tf.addN([tf.sum(tf.square(probs)), tf.sum(kl), tf.sum(value)])
      },
      [q(), tf.scalar(0.7)],
    )
    const extreme = tf.tensor2d([[1e30, -1e30, 1e30]])
    const far = sampledPolicy({ q: extreme, alpha: 1e-6 })
    expect(far.probs).toBeAllClose([[0.5, 0, 0.5]])
    expect(far.kl).toBeAllClose([Math.log(1.5)])
    const slope = tf.grad((a: Tensor) => sampledPolicy({ q: a, alpha: 1e-6 }).value)(extreme)
    expect(slope).toBeAllClose([[0.5, 0, 0.5]])
  })

  it('refuses what does not fit', () => {
    expect(() => sampledPolicy({ q: tf.zeros([3]), alpha: 1 })).toThrow('sampledPolicy: q must have shape')
    expect(() => sampledPolicy({ q: q(), alpha: -1 })).toThrow('sampledPolicy: alpha must be positive')
  })
})
