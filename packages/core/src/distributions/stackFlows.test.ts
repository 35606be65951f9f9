import * as tf from '@tensorflow/tfjs'
import type { Tensor, Tensor2D } from '@tensorflow/tfjs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { key, normal } from '../keys/index.ts'
import { checkGrads, checkZeroGrads, kolmogorovSmirnov } from '../testing/index.ts'
import { logAbsDeterminant, normalCdf } from '../testing/index.ts'
import { mapTree } from '../tree.ts'
import {
  flowDistribution,
  flowLevel,
  realNvp,
  stackFlows,
  tanhFlowDistribution,
  tanhGaussian,
} from './index.ts'
import type { ConditionalFlow, FlowLevelParams, RealNvpParams } from './index.ts'

const draw = (seed: number, rows: number, columns: number): Tensor2D =>
  tf.tensor2d(normal(key(seed), rows * columns), [rows, columns])
const observation = 3
const level = (size: number, layers = 2): ConditionalFlow<FlowLevelParams> =>
  flowLevel({ observation, size, layers, activation: 'tanh', embedding: { hidden: [8] } })
const stack = (size: number, count: number, frozen = 0) =>
  stackFlows(
    Array.from({ length: count }, () => level(size)),
    { frozen },
  )

beforeEach(() => void tf.engine().startScope())
afterEach(() => void tf.engine().endScope())

describe('flowLevel', () => {
  it('has the sizes of thesis appendix C.4 when not told otherwise', () => {
    const params = flowLevel({ observation: 17, size: 6 }).init(key(1))
    expect(params.embedding.map(({ kernel }) => kernel.shape)).toEqual([
      [17, 128],
      [128, 128],
      [128, 12],
    ])
    expect(params.flow.map(({ scale }) => scale.map(({ kernel }) => kernel.shape))).toEqual([
      [
        [15, 6],
        [6, 3],
      ],
      [
        [15, 6],
        [6, 3],
      ],
    ])
  })

  it('is the flow at the embedding of the observation', () => {
    const params = level(4).init(key(2))
    const [h, s] = [draw(1, 5, 4), draw(2, 5, observation)]
    const embedded = tf.add(
      tf.matMul(
        tf.relu(tf.add(tf.matMul(s, params.embedding[0].kernel), params.embedding[0].bias)),
        params.embedding[1].kernel,
      ),
      params.embedding[1].bias,
    )
    const flow = realNvp({ size: 4, condition: 8, activation: 'tanh' })
    expect(level(4).forward(params, h, s)).toBeAllClose(flow.forward(params.flow, h, embedded))
  })

  it('refuses what does not fit', () => {
    expect(() => flowLevel({ observation: 3, size: 1 })).toThrow('realNvp: size must be an integer in [2,')
    expect(() => level(2).forward(level(2).init(key(1)), tf.zeros([2, 2]), tf.zeros([2, 4]))).toThrow(
      'forward: observation must have shape [B, 3], got [2, 4]',
    )
  })
})

describe('stackFlows', () => {
  it('applies the highest level first and adds log-determinants, by hand', () => {
    const flow = realNvp({ size: 2, condition: 1, layers: 1, hidden: [] })
    const linear = (weights: number[], bias: number) => [
      { kernel: tf.tensor2d(weights, [2, 1]), bias: tf.tensor1d([bias]) },
    ]
    // x₁ ← x₁ e^0.5 + 1 below, x₁ ← 2 x₁ above; x₂ stays.
    const below: RealNvpParams = [{ scale: linear([0, 0], 0.5), translation: linear([0, 0], 1) }]
    const above: RealNvpParams = [{ scale: linear([0, 0], Math.LN2), translation: linear([0, 0], 0) }]
    const { result, logDet } = stackFlows([flow, flow]).forward(
      [below, above],
      tf.tensor2d([[3, 7]]),
      tf.zeros([1, 1]),
    )
    expect(result).toBeAllClose([[6 * Math.exp(0.5) + 1, 7]])
    expect(logDet).toBeAllClose([0.5 + Math.LN2])
  })

  it('is undone by its inverse, for even and odd sizes and one to three levels', () => {
    for (const size of [2, 3, 5, 6])
      for (const count of [1, 2, 3]) {
        const flow = stack(size, count)
        const params = flow.init(key(10 * size + count))
        const [h, s] = [draw(1, 6, size), draw(2, 6, observation)]
        const there = flow.forward(params, h, s)
        const back = flow.inverse(params, there.result, s)
        // What one step of rounding in the result moves the latent by grows with the largest stretch.
        expect(back.result, `size ${size}, ${count} levels`).toBeAllClose(h, { rtol: 1e-5, atol: 2e-6 })
        expect(back.logDet).toBeAllClose(tf.neg(there.logDet), { rtol: 1e-5, atol: 2e-6 })
      }
  })

  it('has the log-determinant that differentiating gives, squashed or not', () => {
    for (const size of [2, 3, 5])
      for (const count of [1, 2]) {
        const flow = stack(size, count)
        const params = flow.init(key(20 * size + count))
        const [h, s] = [tf.mul<Tensor2D>(0.5, draw(3, 1, size)), draw(4, 1, observation)]
        const plain = logAbsDeterminant((x) => flow.forward(params, x, s).result, h)
        expect(flow.forward(params, h, s).logDet).toBeAllClose([plain], { rtol: 1e-5, atol: 2e-6 })
        const policy = tanhFlowDistribution({ flow, params, condition: s })
        const squashed = logAbsDeterminant((x) => policy.sampleWithLogProb(x).action, h)
        const logPrior = tf.add(tf.mul(-0.5, tf.sum(tf.square(h), 1)), -0.5 * size * Math.log(2 * Math.PI))
        expect(tf.sub(logPrior, policy.sampleWithLogProb(h).logProb)).toBeAllClose([squashed], {
          rtol: 1e-5,
          atol: 2e-6,
        })
      }
  })

  it('gives frozen levels no gradient, and every other level and the latent theirs', () => {
    const s = draw(2, 4, observation)
    for (const frozen of [1, 2]) {
      const flow = stack(3, 3, frozen)
      const params = flow.init(key(5))
      type Args = { readonly lower: readonly FlowLevelParams[]; readonly upper: readonly FlowLevelParams[] }
      const loss = ({ lower, upper }: Args, h: Tensor): tf.Scalar => {
        const { result, logDet } = flow.forward([...lower, ...upper], h, s)
        return tf.add<tf.Scalar>(tf.sum(tf.sin(result)), tf.sum(logDet))
      }
      const split = { lower: params.slice(0, frozen), upper: params.slice(frozen) }
      checkZeroGrads((args: Args) => loss(args, draw(1, 4, 3)), split, ['lower'])
      // Without the embeddings, whose relu units have kinks.
      const flows = split.upper.map((params) => params.flow)
      checkGrads(
        (moved: typeof flows, h: Tensor) =>
          loss({ ...split, upper: split.upper.map((params, i) => ({ ...params, flow: moved[i] })) }, h),
        [flows, draw(1, 4, 3)],
      )
    }
  })

  it('a higher level can undo the lower: the density of any policy without the lower comes back', () => {
    const lower = level(3)
    const params = lower.init(key(7))
    const inverse: ConditionalFlow<FlowLevelParams> = {
      ...lower,
      forward: lower.inverse,
      inverse: lower.forward,
    }
    const other = level(3)
    const otherParams = other.init(key(8))
    const s = draw(2, 5, observation)
    const undone = tanhFlowDistribution({
      flow: stackFlows([lower, inverse, other]),
      params: [params, params, otherParams],
      condition: s,
    })
    const alone = tanhFlowDistribution({ flow: other, params: otherParams, condition: s })
    const { preTanh, logProb } = alone.sampleWithLogProb(draw(1, 5, 3))
    expect(undone.logProb({ preTanh })).toBeAllClose(logProb, { rtol: 1e-4, atol: 1e-4 })
    expect(undone.sampleWithLogProb(draw(1, 5, 3)).preTanh).toBeAllClose(preTanh, { rtol: 1e-4, atol: 1e-4 })
  })

  it('trained level by level or as one is the same policy: the densities differ by what lies below', () => {
    const [low, high] = [level(3), level(3)]
    const both = stackFlows([low, high])
    const params = both.init(key(9))
    const [noise, s] = [draw(1, 4, 3), draw(2, 4, observation)]
    const upper = flowDistribution({ flow: high, params: params[1], condition: s }).sampleWithLogProb(noise)
    const below = low.forward(params[0], upper.sample, s)
    const whole = flowDistribution({ flow: both, params, condition: s }).sampleWithLogProb(noise)
    expect(whole.sample).toBeAllClose(below.result)
    expect(whole.logProb).toBeAllClose(tf.sub(upper.logProb, below.logDet))
  })

  it('refuses what does not fit', () => {
    expect(() => stackFlows([])).toThrow('stackFlows: levels must have at least one entry, got none')
    expect(() => stackFlows([level(2), level(3)])).toThrow(
      'stackFlows: levels must have one size and condition, got 3 and 3 at 1 above 2 and 3',
    )
    expect(() => stackFlows([level(2)], { frozen: 2 })).toThrow(
      'stackFlows: frozen must be an integer in [0, 1], got 2',
    )
    const flow = stack(2, 2)
    expect(() => flow.forward(flow.init(key(1)).slice(1), tf.zeros([1, 2]), tf.zeros([1, 3]))).toThrow(
      'forward: params must have one entry per level (2), got 1',
    )
  })
})

describe('flowDistribution', () => {
  it('without a bend is the normal distribution, squashed or not', () => {
    const flow = level(2)
    const params = mapTree(flow.init(key(1)), (leaf: Tensor) => tf.zerosLike(leaf)) as FlowLevelParams
    const args = { flow, params, condition: draw(2, 4, observation) }
    const normal = tanhGaussian({ mean: tf.zeros<tf.Rank.R2>([4, 2]), logStd: tf.zeros([2]) })
    const noise = draw(3, 4, 2)
    expect(tanhFlowDistribution(args).sampleWithLogProb(noise)).toBeAllClose(normal.sampleWithLogProb(noise))
    expect(flowDistribution(args).logProb(noise)).toBeAllClose(normal.base.logProb(noise))
  })

  it('has actions whose way back is the standard normal law: two levels of size 3, 100,000 samples, at 1e-3', () => {
    const n = 100_000
    const flow = stack(3, 2)
    // Mild enough for no action to be ±1 by rounding.
    const params = mapTree(flow.init(key(7)), (leaf: Tensor) => tf.mul(0.5, leaf)) as FlowLevelParams[]
    const condition = tf.tile(draw(2, 1, observation), [n, 1])
    const { action } = tanhFlowDistribution({ flow, params, condition }).sampleWithLogProb(draw(8, n, 3))
    const preTanh = tf.tensor2d(Float32Array.from(action.dataSync(), Math.atanh), [n, 3])
    /** The worst of the three coordinates and of all three together, as the squared length. */
    const fit = (of: readonly FlowLevelParams[]): number => {
      const latent = flow.inverse(of, preTanh, condition).result
      const sides = tf.split(latent, 3, 1).map((x) => kolmogorovSmirnov(x.dataSync(), normalCdf))
      const square = tf.sum(tf.square(latent), 1).dataSync()
      // The chi-squared law with three degrees of freedom.
      const chi = (x: number): number =>
        2 * normalCdf(Math.sqrt(x)) - 1 - Math.sqrt((2 * x) / Math.PI) * Math.exp(-x / 2)
      return Math.min(...sides, kolmogorovSmirnov(square, chi))
    }
    expect(fit(params)).toBeGreaterThan(1e-3)
    expect(fit([params[1], params[0]])).toBeLessThan(1e-3)
  })

  it('gives the density of a sample again from the value before the squash', () => {
    const flow = stack(3, 2)
    const policy = tanhFlowDistribution({
      flow,
      params: flow.init(key(3)),
      condition: draw(2, 6, observation),
    })
    const { action, preTanh, logProb } = policy.sampleWithLogProb(draw(1, 6, 3))
    expect(action).toBeAllClose(tf.tanh(preTanh))
    expect(policy.logProb({ preTanh })).toBeAllClose(logProb, { rtol: 1e-5, atol: 2e-6 })
    expect(policy.base.logProb(preTanh)).toBeAllClose(policy.base.sampleWithLogProb(draw(1, 6, 3)).logProb, {
      rtol: 1e-5,
      atol: 2e-6,
    })
  })

  it('has the gradients that central differences give', () => {
    const flow = stack(2, 2)
    checkGrads(
      (params: readonly FlowLevelParams[], condition: Tensor) => {
        const { action, logProb } = tanhFlowDistribution({ flow, params, condition }).sampleWithLogProb(
          draw(1, 3, 2),
        )
        return tf.add<tf.Scalar>(tf.sum(tf.sin(action)), tf.sum(logProb))
      },
      [flow.init(key(4)), draw(2, 3, observation)],
    )
  })

  it('stays finite at saturated actions, whose own inverse would be infinite', () => {
    const flow = stack(2, 2)
    const policy = tanhFlowDistribution({
      flow,
      params: flow.init(key(5)),
      condition: draw(2, 3, observation),
    })
    const preTanh = tf.fill([3, 2], 20)
    expect(tf.all(tf.isFinite(policy.logProb({ preTanh }))).dataSync()[0]).toBe(1)
  })

  it('keeps no tensors, and refuses what does not fit', () => {
    const flow = level(2)
    const args = { flow, params: flow.init(key(1)), condition: draw(2, 4, observation) }
    const noise = draw(3, 4, 2)
    const before = tf.memory().numTensors
    const policy = tanhFlowDistribution(args)
    const { action, preTanh, logProb } = policy.sampleWithLogProb(noise)
    policy.logProb({ preTanh })
    expect(tf.memory().numTensors - before).toBe(4)
    expect([action, logProb].map(({ shape }) => shape)).toEqual([[4, 2], [4]])
    expect(() => flowDistribution({ ...args, condition: tf.zeros([4, 2]) })).toThrow(
      'flowDistribution: condition must have shape [B, 3], got [4, 2]',
    )
  })
})
