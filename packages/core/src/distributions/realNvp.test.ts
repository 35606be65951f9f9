import * as tf from '@tensorflow/tfjs'
import type { Tensor, Tensor2D } from '@tensorflow/tfjs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { key, normal } from '../keys/index.ts'
import { checkGrads, logAbsDeterminant } from '../testing/index.ts'
import { mapTree } from '../tree.ts'
import { diagonalGaussian, realNvp } from './index.ts'
import type { RealNvpParams } from './index.ts'

const draw = (seed: number, rows: number, columns: number): Tensor2D =>
  tf.tensor2d(normal(key(seed), rows * columns), [rows, columns])
const linear = (kernel: number[], bias: number, outputs = 1) => [
  {
    kernel: tf.tensor2d(kernel, [kernel.length / outputs, outputs]),
    bias: tf.fill<tf.Rank.R1>([outputs], bias),
  },
]

beforeEach(() => void tf.engine().startScope())
afterEach(() => void tf.engine().endScope())

describe('realNvp', () => {
  it('scales and shifts the halves in turn, by hand', () => {
    const flow = realNvp({ size: 2, condition: 1, hidden: [] })
    const params: RealNvpParams = [
      { scale: linear([0.5, 0], 0), translation: linear([0, 1], 0) },
      { scale: linear([0, 0.1], 0), translation: linear([2, 0], 1) },
    ]
    // x₁ = 1·exp(0.5·2) + s, then x₂ = 2·exp(0.1 s) + 2 x₁ + 1.
    const { result, logDet } = flow.forward(params, tf.tensor2d([[1, 2]]), tf.tensor2d([[3]]))
    const x1 = Math.E + 3
    expect(result).toBeAllClose([[x1, 2 * Math.exp(0.3) + 2 * x1 + 1]])
    expect(logDet).toBeAllClose([1.3])
  })

  it('is undone by its inverse, for even and odd sizes and any number of layers', () => {
    for (const size of [2, 3, 5, 6])
      for (const layers of [1, 2, 4]) {
        const flow = realNvp({ size, condition: 4, layers, activation: 'tanh' })
        const params = flow.init(key(size))
        const [h, condition] = [draw(1, 5, size), draw(2, 5, 4)]
        const there = flow.forward(params, h, condition)
        const back = flow.inverse(params, there.result, condition)
        expect(back.result).toBeAllClose(h, { rtol: 1e-5, atol: 2e-6 })
        expect(back.logDet).toBeAllClose(tf.neg(there.logDet), { rtol: 1e-5, atol: 2e-6 })
        expect(there.result.shape).toEqual([5, size])
      }
  })

  it('has the log-determinant of the Jacobian that differentiating gives', () => {
    for (const size of [2, 3, 5, 6]) {
      const flow = realNvp({ size, condition: 2, layers: 3, activation: 'tanh' })
      const params = flow.init(key(4))
      const [h, condition] = [draw(3, 1, size), draw(4, 1, 2)]
      for (const direction of [flow.forward, flow.inverse]) {
        const logDet = logAbsDeterminant((x) => direction(params, x, condition).result, h)
        expect(direction(params, h, condition).logDet).toBeAllClose([logDet], { rtol: 1e-5, atol: 2e-6 })
      }
    }
  })

  it('makes a density that integrates to one (7.5)', () => {
    const flow = realNvp({ size: 2, condition: 1, activation: 'tanh' })
    const params = mapTree(flow.init(key(7)), (leaf: Tensor) => tf.mul(0.5, leaf)) as RealNvpParams
    const n = 120
    const points = tf.tensor2d(
      Float32Array.from({ length: 2 * n * n }, (_, k) => {
        const cell = k >> 1
        return -9 + (18 * ((k % 2 === 0 ? cell % n : Math.floor(cell / n)) + 0.5)) / n
      }),
      [n * n, 2],
    )
    const { result, logDet } = flow.inverse(params, points, tf.fill([n * n, 1], 0.4))
    const prior = diagonalGaussian({ mean: tf.zeros([n * n, 2]), logStd: tf.zeros([2]) })
    const mass = tf.sum(tf.exp(tf.add(prior.logProb(result), logDet))).dataSync()[0] * (18 / n) ** 2
    expect(mass).toBeCloseTo(1, 2)
  })

  it('stacked on its own inverse gives the prior back: a higher level can undo the lower', () => {
    const flow = realNvp({ size: 3, condition: 2 })
    const params = flow.init(key(5))
    const [h, condition] = [draw(1, 4, 3), draw(2, 4, 2)]
    const upper = flow.inverse(params, h, condition)
    const lower = flow.forward(params, upper.result, condition)
    expect(lower.result).toBeAllClose(h, { rtol: 1e-4, atol: 1e-4 })
    expect(tf.add(upper.logDet, lower.logDet)).toBeAllClose(tf.zeros([4]), { atol: 1e-4 })
  })

  it('has the gradients that central differences give, to latent, condition and parameters', () => {
    const flow = realNvp({ size: 3, condition: 2, activation: 'tanh' })
    const params = flow.init(key(6))
    for (const direction of [flow.forward, flow.inverse])
      checkGrads(
        (p: RealNvpParams, x: Tensor, condition: Tensor) => {
          const { result, logDet } = direction(p, x, condition)
          return tf.add<tf.Scalar>(tf.sum(tf.sin(result)), tf.sum(logDet))
        },
        [params, draw(1, 2, 3), draw(2, 2, 2)],
      )
  })

  it('has the sizes of thesis appendix C.4 when not told otherwise, and keeps no tensors', () => {
    const flow = realNvp({ size: 6, condition: 12 })
    const params = flow.init(key(1))
    expect(params.length).toBe(2)
    expect(params[0].scale.map(({ kernel }) => kernel.shape)).toEqual([
      [15, 6],
      [6, 3],
    ])
    const [h, condition] = [draw(1, 2, 6), draw(2, 2, 12)]
    const before = tf.memory().numTensors
    const { result, logDet } = flow.forward(params, h, condition)
    expect(tf.memory().numTensors - before).toBe(2)
    tf.dispose([result, logDet])
  })

  it('refuses what does not fit', () => {
    expect(() => realNvp({ size: 1, condition: 2 })).toThrow('realNvp: size must be an integer in [2,')
    expect(() => realNvp({ size: 2, condition: 0 })).toThrow('realNvp: condition must be an integer in [1,')
    expect(() => realNvp({ size: 2, condition: 1, layers: 0 })).toThrow('realNvp: layers must be an integer')
    const flow = realNvp({ size: 2, condition: 1 })
    const params = flow.init(key(1))
    expect(() => flow.forward(params, tf.zeros([3, 3]), tf.zeros([3, 1]))).toThrow(
      'forward: x must have shape [B, 2], got [3, 3]',
    )
    expect(() => flow.inverse(params, tf.zeros([3, 2]), tf.zeros([2, 1]))).toThrow(
      'inverse: condition must have shape [B, 1] with B=3, got [2, 1]',
    )
  })
})
