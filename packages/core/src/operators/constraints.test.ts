import * as tf from '@tensorflow/tfjs'
import type { Scalar, Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { diagonalGaussian, tanhGaussian } from '../distributions/index.ts'
import { key, normal } from '../keys/index.ts'
import { klDivergence, randomMdp, randomPolicy, renyiHalf as exactRenyiHalf } from '../tabular/index.ts'
import { boltzmannPolicy, softProblem, softPolicyEvaluation, successorFeatures } from '../tabular/index.ts'
import { softQIteration } from '../tabular/index.ts'
import { checkGrads, checkZeroGrads } from '../testing/index.ts'
import { actionFeatures, actionValue, entropyDual, gaussianRenyiHalf, importanceWeights } from './index.ts'
import { klDual, renyiHalf, sampledPolicy, softValue, stateFeatures } from './index.ts'

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

beforeEach(() => void tf.engine().startScope())
afterEach(() => void tf.engine().endScope())

describe('entropyDual', () => {
  const args = () => ({ multiplier: tf.scalar(0.3), logProb: tf.tensor1d([1, -2, 4]) })

  it('is thesis Eq. 5.8, by hand, with the surplus of entropy as its slope', () => {
    expect(entropyDual({ ...args(), targetEntropy: -3 })).toBeAllClose(-0.3 * (1 - 3))
    const slope = tf.grad((multiplier: Tensor) => entropyDual({ ...args(), multiplier, targetEntropy: -3 }))
    expect(slope(tf.scalar(0.3))).toBeAllClose(-1 - -3)
    checkGrads((m: Scalar) => entropyDual({ ...args(), multiplier: m, targetEntropy: -3 }), [tf.scalar(0.3)])
  })

  it('lets α fall while the policy has more entropy than the target, and holds still at it', () => {
    const slope = (targetEntropy: number): number =>
      tf
        .grad((m: Tensor) => entropyDual({ ...args(), multiplier: m, targetEntropy }))(tf.scalar(0.3))
        .dataSync()[0]
    expect(slope(-1)).toBeCloseTo(0)
    expect(slope(-2)).toBeGreaterThan(0)
    expect(slope(0)).toBeLessThan(0)
  })

  it('holds the policy constant', () => {
    checkZeroGrads((a: ReturnType<typeof args>) => entropyDual({ ...a, targetEntropy: 1 }), args(), [
      'logProb',
    ])
  })

  it('refuses what does not fit', () => {
    expect(() => entropyDual({ ...args(), multiplier: tf.ones([1]), targetEntropy: 0 })).toThrow(
      'entropyDual: multiplier must have shape []',
    )
    expect(() => entropyDual({ ...args(), targetEntropy: NaN })).toThrow(
      'targetEntropy must be finite, got NaN',
    )
  })
})

describe('klDual', () => {
  const args = () => ({ alpha: tf.scalar(0.5), q: q() })
  const slope = (alpha: number, epsilon: number): number =>
    tf
      .grad((a: Tensor) => klDual({ alpha: a, q: q(), epsilon }))(tf.scalar(alpha))
      .dataSync()[0]

  it('is α ε + α E log mean exp(Q/α), by hand', () => {
    const dual = klDual({ alpha: tf.scalar(2), q: tf.tensor2d([[0, 2 * Math.log(3)]]), epsilon: 0.1 })
    expect(dual).toBeAllClose(0.2 + 2 * Math.LN2)
  })

  it('has ε − KL as its slope', () => {
    for (const alpha of [0.05, 0.5, 5]) {
      const { kl } = sampledPolicy({ q: q(), alpha })
      expect(slope(alpha, 0.3)).toBeCloseTo(0.3 - tf.mean(kl).dataSync()[0], 4)
    }
    checkGrads((alpha: Tensor) => klDual({ alpha, q: q(), epsilon: 0.3 }), [tf.scalar(0.6)])
  })

  it('has its minimum where the constraint binds, by duality at the constrained optimum', () => {
    const epsilon = 0.3
    let [low, high] = [1e-3, 100]
    for (let i = 0; i < 40; i++) {
      const middle = Math.sqrt(low * high)
      if (slope(middle, epsilon) > 0) high = middle
      else low = middle
    }
    const { probs, kl } = sampledPolicy({ q: q(), alpha: low })
    expect(tf.mean(kl).dataSync()[0]).toBeCloseTo(epsilon, 3)
    const value = tf.mean(tf.sum(tf.mul(probs, q()), 1))
    expect(klDual({ alpha: tf.scalar(low), q: q(), epsilon })).toBeAllClose(value, { rtol: 1e-3 })
  })

  it('only falls towards α = 0 where ε is log K or more', () => {
    for (const alpha of [1e-3, 0.1, 10]) expect(slope(alpha, Math.log(3) + 1e-3)).toBeGreaterThan(0)
  })

  it('holds Q constant, and stays finite', () => {
    checkZeroGrads((a: ReturnType<typeof args>) => klDual({ ...a, epsilon: 0.3 }), args(), ['q'])
    const extreme = tf.tensor2d([[1e20, -1e20, 0]])
    for (const alpha of [1e-6, 1e6]) {
      const f = (a: Tensor): Scalar => klDual({ alpha: a, q: extreme, epsilon: 0.3 })
      expect(Number.isFinite(f(tf.scalar(alpha)).dataSync()[0])).toBe(true)
      expect(Number.isFinite(tf.grad(f)(tf.scalar(alpha)).dataSync()[0])).toBe(true)
    }
  })

  it('refuses what does not fit', () => {
    expect(() => klDual({ ...args(), alpha: tf.ones([1]), epsilon: 1 })).toThrow(
      'klDual: alpha must have shape',
    )
    expect(() => klDual({ ...args(), epsilon: 0 })).toThrow(
      'klDual: epsilon must be positive and finite, got 0',
    )
  })
})

describe('renyiHalf', () => {
  const rows = (values: Float64Array): Tensor2D => tf.tensor2d(Float32Array.from(values, Math.log), [2, 3])

  it('over all events agrees with the exact divergence, and is symmetric and below both KL divergences', () => {
    const mdp = randomMdp(key(2), { states: 2, actions: 3, successors: 2, gamma: 0 })
    const [p, r] = [randomPolicy(key(3), mdp), randomPolicy(key(4), mdp)]
    const got = renyiHalf({ logP: rows(p), logQ: rows(r) })
    const each = <T>(f: (a: Float64Array, b: Float64Array) => T): T[] =>
      [0, 3].map((start) => f(p.subarray(start, start + 3), r.subarray(start, start + 3)))
    expect(got).toBeAllClose(each(exactRenyiHalf))
    expect(got).toBeAllClose(renyiHalf({ logP: rows(r), logQ: rows(p) }))
    const bounds = each((a, b) => Math.min(klDivergence(a, b), klDivergence(b, a)))
    got.dataSync().forEach((d, i) => {
      expect(d).toBeLessThanOrEqual(bounds[i] + 1e-6)
    })
    expect(renyiHalf({ logP: rows(p), logQ: rows(p) })).toBeAllClose([0, 0], { atol: 1e-6 })
  })

  it('is infinite for distributions with nothing in common', () => {
    const logP = tf.tensor2d([[0, -Infinity]])
    expect(renyiHalf({ logP, logQ: tf.reverse(logP, 1) })).toBeAllClose([Infinity])
  })

  it('from samples converges to the closed form of normal distributions, from above', () => {
    const p = { mean: tf.tensor2d([[0.3, -0.5]]), logStd: tf.tensor1d([-0.2, 0.4]) }
    const r = { mean: tf.tensor2d([[-0.4, 0.2]]), logStd: tf.tensor1d([0.3, 0.1]) }
    const truth = gaussianRenyiHalf(p, r).dataSync()[0]
    const repeats = 300
    const bias = [8, 64].map((samples) => {
      const wide = { mean: tf.zeros<tf.Rank.R3>([repeats, samples, 2]), logStd: tf.tensor1d([0.3, 0.5]) }
      const noise = tf.tensor3d(normal(key(samples), repeats * samples * 2), [repeats, samples, 2])
      const { sample, logProb } = diagonalGaussian(wide).sampleWithLogProb(noise)
      const logOf = ({ mean, logStd }: typeof p): Tensor =>
        diagonalGaussian({ mean: tf.add(tf.zeros(sample.shape), mean), logStd }).logProb(sample)
      const estimate = renyiHalf({ logP: logOf(p), logQ: logOf(r), logProposal: logProb })
      return tf.mean(estimate).dataSync()[0] - truth
    })
    expect(bias[0]).toBeGreaterThan(0.01)
    expect(Math.abs(bias[1])).toBeLessThan(0.02)
  })

  it('of normal distributions integrates √(p q), squashed or not', () => {
    const p = { mean: tf.fill<tf.Rank.R2>([4000, 1], 0.3), logStd: tf.tensor1d([-0.5]) }
    const r = { mean: tf.fill<tf.Rank.R2>([4000, 1], -0.6), logStd: tf.tensor1d([0.2]) }
    const points = tf.tensor2d(
      Float32Array.from({ length: 4000 }, (_, i) => (i - 2000) / 200),
      [4000, 1],
    )
    const root = tf.mul(0.5, tf.add(diagonalGaussian(p).logProb(points), diagonalGaussian(r).logProb(points)))
    const truth = -2 * Math.log(tf.sum(tf.exp(root)).dataSync()[0] / 200)
    expect(gaussianRenyiHalf(p, r).dataSync()[0]).toBeCloseTo(truth, 4)
    const at = { preTanh: points }
    const squashed = tf.mul(0.5, tf.add(tanhGaussian(p).logProb(at), tanhGaussian(r).logProb(at)))
    const jacobian = tf.sub(1, tf.square(tf.tanh(points)))
    const sum = tf.sum(tf.mul(tf.exp(squashed), tf.squeeze(jacobian, [1]))).dataSync()[0] / 200
    expect(-2 * Math.log(sum)).toBeCloseTo(truth, 3)
  })

  it('has the gradients that central differences give, and stays finite', () => {
    checkGrads(
      (logP: Tensor, logQ: Tensor, m: Tensor) => tf.sum(renyiHalf({ logP, logQ, logProposal: m })),
      [q(), tf.neg(q()), logProposal()],
    )
    checkGrads(
      (mean: Tensor, logStd: Tensor, other: Tensor) =>
        tf.sum(gaussianRenyiHalf({ mean, logStd }, { mean: other, logStd: tf.tensor1d([0.5, 0, -0.4]) })),
      [q(), logProposal(), tf.neg(q())],
    )
    const far = { mean: tf.fill([1, 1], 1e10), logStd: tf.tensor1d([40]) }
    const near = { mean: tf.fill([1, 1], -1e10), logStd: tf.tensor1d([-40]) }
    const slopes = tf.grads((a: Tensor, b: Tensor) =>
      tf.sum(gaussianRenyiHalf({ mean: a, logStd: b }, near)),
    )([far.mean, far.logStd])
    for (const x of [gaussianRenyiHalf(far, near), ...slopes])
      expect(tf.all(tf.isFinite(x)).dataSync()[0]).toBe(1)
  })

  it('refuses shapes that differ', () => {
    expect(() => renyiHalf({ logP: q(), logQ: tf.zeros([2, 2]) })).toThrow('renyiHalf: logQ must have shape')
    expect(() => renyiHalf({ logP: q(), logQ: q(), logProposal: tf.zeros([2]) })).toThrow(
      'renyiHalf: logProposal must have shape [2, 3]',
    )
    const p = { mean: tf.zeros([2, 3]), logStd: tf.zeros([3]) }
    expect(() => gaussianRenyiHalf(p, { ...p, mean: tf.zeros([1, 3]) })).toThrow(
      'mean must have shape [2, 3]',
    )
  })
})

describe('advantages', () => {
  it('add up to values, over a constant base', () => {
    const args = { value: tf.tensor1d([1, 2]), advantage: tf.tensor1d([0.5, -1]) }
    expect(actionValue(args)).toBeAllClose([1.5, 1])
    checkZeroGrads((a: typeof args) => tf.sum(actionValue(a)), args, ['value'])
    const both = { features: q(), psivantage: logProposal() }
    expect(actionFeatures(both)).toBeAllClose(tf.add(q(), logProposal()))
    checkZeroGrads((a: typeof both) => tf.sum(actionFeatures(a)), both, ['features'])
  })

  it('refuse shapes that differ', () => {
    const value: Tensor1D = tf.zeros([2])
    expect(() => actionValue({ value, advantage: tf.zeros([3]) })).toThrow('actionValue: advantage must have')
    expect(() => actionFeatures({ features: q(), psivantage: value })).toThrow('actionFeatures: psivantage')
  })
})

describe('stateFeatures', () => {
  it('of ψ = Q is the soft value, for every α and proposal: ψ_i·e_i = Q_i', () => {
    for (const alpha of [0.01, 0.4, 3]) {
      const args = { q: q(), logProposal: logProposal(), alpha }
      const upsilon = stateFeatures({ ...args, psi: tf.expandDims(q(), 2) })
      expect(upsilon).toBeAllClose(tf.expandDims(softValue(args), 1), { rtol: 1e-5, atol: 1e-5 })
    }
  })

  it('over all actions is the exact Υ of the soft-optimal policy, where the printed α is off', () => {
    const alpha = 0.3
    const mdp = randomMdp(key(6), { states: 5, actions: 4, successors: 3, gamma: 0.8, tasks: 2 })
    const problem = softProblem({ mdp, alpha })
    const { q: optimal } = softQIteration(problem)
    const policy = boltzmannPolicy(problem, optimal)
    const { psi, upsilon } = successorFeatures(problem, policy)
    const own = softPolicyEvaluation(problem, policy).q
    const table = (values: Float64Array): Tensor2D => tf.tensor2d(Float32Array.from(values), [5, 4])
    // All actions once each are samples without error of the uniform proposal 1/4, up to the constant that self-normalising removes.
    const args = { q: table(own), logProposal: tf.fill([5, 4], -Math.log(4)), alpha }
    const got = stateFeatures({ ...args, psi: tf.stack(psi.map(table), 2) })
    const exact = tf.stack(
      upsilon.map((u) => tf.tensor1d(Float32Array.from(u))),
      1,
    )
    expect(got).toBeAllClose(exact, { rtol: 1e-4, atol: 1e-4 })
    // Hunt B.3.1 as printed: the entropy's estimate, which has its α already, times α.
    const { weights } = importanceWeights({
      logTarget: tf.div(args.q, alpha),
      logProposal: args.logProposal,
    })
    const mean = tf.sum(tf.mul(tf.expandDims(weights, 2), tf.stack(psi.map(table), 2)), 1)
    const printed = tf.add(mean, tf.mul(alpha, tf.sub(got, mean)))
    expect(tf.min(tf.abs(tf.sub(printed, exact))).dataSync()[0]).toBeGreaterThan(0.05)
    // The first feature is the policy's own reward.
    expect(psi[0][3]).toBeCloseTo(own[3], 8)
  })

  it('has the gradients that central differences give, and stays finite', () => {
    checkGrads(
      (a: Tensor, b: Tensor, c: Tensor) =>
        tf.sum(tf.square(stateFeatures({ psi: tf.expandDims(a, 2), q: a, logProposal: b, alpha: c }))),
      [q(), logProposal(), tf.scalar(0.8)],
    )
    const extreme = tf.tensor2d([[1e20, -1e20, 0]])
    const psi: Tensor = tf.ones([1, 3, 2])
    const got = stateFeatures({ psi, q: extreme, logProposal: tf.zeros([1, 3]), alpha: 1e-3 })
    expect(tf.all(tf.isFinite(got)).dataSync()[0]).toBe(1)
  })

  it('refuses what does not fit', () => {
    const args = { psi: tf.zeros([2, 3, 2]), q: q(), logProposal: logProposal(), alpha: 1 }
    expect(() => stateFeatures({ ...args, psi: tf.zeros([2, 2, 2]) })).toThrow(
      'stateFeatures: q must have shape',
    )
    expect(() => stateFeatures({ ...args, alpha: 0 })).toThrow('stateFeatures: alpha must be positive')
  })
})
