import * as tf from '@tensorflow/tfjs'
import type { Scalar, Tensor, Tensor1D } from '@tensorflow/tfjs'
import { describe, expect, it } from 'vitest'
import { samplerNetwork } from '../distributions/index.ts'
import { valueAndGrad } from '../gradients/index.ts'
import { key, normal } from '../keys/index.ts'
import { checkGrads } from '../testing/index.ts'
import { leafPaths, leaves } from '../tree.ts'
import {
  constant,
  fanInUniform,
  layerNorm,
  linear,
  mlp,
  ravel,
  ravelAll,
  ravelParams,
  uniformWithin,
} from './index.ts'

const input = (rows: number, columns: number): tf.Tensor2D =>
  tf.tensor2d(normal(key(9), rows * columns), [rows, columns])
const sumOfSquares = (x: Tensor): Scalar => tf.sum(tf.square(x))

/** The kernels that run while `f` runs, in order. */
async function kernelsOf(f: () => Tensor): Promise<string[]> {
  const { kernels } = await tf.profile(f)
  return kernels.map(({ name }) => name)
}

describe('linear', () => {
  it('is x W + b, by hand', () => {
    const params = {
      kernel: tf.tensor2d([
        [1, 2],
        [3, 4],
        [5, 6],
      ]),
      bias: tf.tensor1d([10, 20]),
    }
    expect(
      linear({ inputs: 3, outputs: 2 }).apply(
        params,
        tf.tensor2d([
          [1, 0, -1],
          [2, 1, 0],
        ]),
      ),
    ).toBeAllClose([
      [6, 16],
      [15, 28],
    ])
  })

  it('has a Xavier uniform kernel and no bias at first', () => {
    const { kernel, bias } = linear({ inputs: 30, outputs: 20 }).init(key(3))
    const values = kernel.dataSync()
    expect(Math.max(...values.map(Math.abs))).toBeLessThan(Math.sqrt(6 / 50))
    expect(Math.max(...values.map(Math.abs))).toBeGreaterThan(0.97 * Math.sqrt(6 / 50))
    expect(bias).toBeAllClose(Array(20).fill(0), { atol: 0 })
  })

  it('gives a bias the fan of its kernel', () => {
    const { bias } = linear({ inputs: 4, outputs: 500, bias: fanInUniform() }).init(key(3))
    const most = Math.max(...bias.dataSync().map(Math.abs))
    expect(most).toBeLessThanOrEqual(0.5)
    expect(most).toBeGreaterThan(0.48)
  })

  it('draws kernel and bias from keys of their own', () => {
    const same = uniformWithin(1)
    const { kernel, bias } = linear({ inputs: 1, outputs: 4, kernel: same, bias: same }).init(key(3))
    expect(kernel.flatten()).not.toBeAllClose(bias)
  })

  it('refuses sizes that are not positive integers', () => {
    expect(() => linear({ inputs: 0, outputs: 1 })).toThrow('linear: inputs must be an integer in [1,')
    expect(() => linear({ inputs: 1, outputs: 1.5 })).toThrow('linear: outputs must be an integer in [1,')
  })
})

describe('layerNorm', () => {
  it('has mean 0 and variance 1 before scale and offset, by hand', () => {
    const params = { scale: tf.tensor1d([1, 1, 2]), offset: tf.tensor1d([0, 0, 1]) }
    const root = Math.sqrt(2 / 3 + 1e-5)
    expect(layerNorm({ size: 3 }).apply(params, tf.tensor2d([[1, 2, 3]]))).toBeAllClose([
      [-1 / root, 0, 1 + 2 / root],
    ])
  })

  it('has the gradients that central differences give', () => {
    const norm = layerNorm({ size: 4 })
    checkGrads(
      (scale: Tensor1D, offset: Tensor1D, x: Tensor) =>
        tf.sum(tf.mul(tf.sin(norm.apply({ scale, offset }, x)), input(3, 4))),
      [tf.tensor1d([1, 2, -1, 0.5]), tf.tensor1d([0, 1, 2, 3]), input(3, 4)],
    )
  })

  it('stays finite for a row of equal numbers', () => {
    const norm = layerNorm({ size: 3 })
    expect(norm.apply(norm.init(key(0)), tf.fill([2, 3], 1e4))).toBeAllClose([
      [0, 0, 0],
      [0, 0, 0],
    ])
  })

  it('refuses a size that is not a positive integer', () => {
    expect(() => layerNorm({ size: 0 })).toThrow('layerNorm: size must be an integer in [1,')
  })
})

describe('mlp', () => {
  it('puts the activation between the layers and none after the last, by hand', () => {
    const params = [
      { kernel: tf.tensor2d([[1, -1]]), bias: tf.tensor1d([0, 0.5]) },
      { kernel: tf.tensor2d([[2], [3]]), bias: tf.tensor1d([-10]) },
    ]
    const x = tf.tensor2d([[1], [-1]])
    const out = (activation: 'relu' | 'tanh' | 'elu'): Tensor =>
      mlp({ inputs: 1, hidden: [2], outputs: 1, activation }).apply(params, x)
    expect(out('relu')).toBeAllClose([[2 - 10], [4.5 - 10]])
    expect(out('tanh')).toBeAllClose([
      [2 * Math.tanh(1) + 3 * Math.tanh(-0.5) - 10],
      [2 * Math.tanh(-1) + 3 * Math.tanh(1.5) - 10],
    ])
    expect(out('elu')).toBeAllClose([[2 + 3 * Math.expm1(-0.5) - 10], [2 * Math.expm1(-1) + 4.5 - 10]])
  })

  it('is relu by default, and linear without hidden layers', () => {
    const options = { inputs: 2, hidden: [3], outputs: 1 }
    const params = mlp(options).init(key(1))
    const x = input(5, 2)
    expect(mlp(options).apply(params, x)).toBeAllClose(
      mlp({ ...options, activation: 'relu' }).apply(params, x),
    )
    const flat = mlp({ inputs: 2, hidden: [], outputs: 1 })
    const [layer] = flat.init(key(1))
    expect(flat.apply([layer], x)).toBeAllClose(linear({ inputs: 2, outputs: 1 }).apply(layer, x))
  })

  it('normalises no layer, the first, or all hidden ones', () => {
    const paths = (where: 'none' | 'first' | 'all'): string[] =>
      leafPaths(mlp({ inputs: 2, hidden: [3, 3], outputs: 1, layerNorm: where }).init(key(1))).filter(
        (path) => path.includes('norm'),
      )
    expect(paths('none')).toEqual([])
    expect(paths('first')).toEqual(['0/norm/scale', '0/norm/offset'])
    expect(paths('all')).toEqual(['0/norm/scale', '0/norm/offset', '1/norm/scale', '1/norm/offset'])
  })

  it('normalises between the affine map and the activation', () => {
    const network = mlp({ inputs: 2, hidden: [4], outputs: 1, layerNorm: 'first' })
    const params = network.init(key(2))
    const [first, last] = params
    const norm = layerNorm({ size: 4 })
    const x = input(3, 2)
    const hidden = tf.relu(
      norm.apply(first.norm ?? norm.init(key(0)), tf.add(tf.matMul(x, first.kernel), first.bias)),
    )
    expect(network.apply(params, x)).toBeAllClose(tf.add(tf.matMul(hidden, last.kernel), last.bias))
  })

  it('takes its own initialisers for the last layer', () => {
    const options = { inputs: 2, hidden: [2], outputs: 2, kernel: constant(1), bias: constant(2) }
    const values = (params: readonly Record<string, unknown>[]): number[] =>
      leaves(params).map((leaf) => (leaf as Tensor).dataSync()[0])
    expect(values(mlp(options).init(key(1)))).toEqual([1, 2, 1, 2])
    const own = { ...options, outputKernel: constant(3), outputBias: constant(4) }
    expect(values(mlp(own).init(key(1)))).toEqual([1, 2, 3, 4])
  })

  it('draws every layer from a key of its own', () => {
    const [first, second] = mlp({ inputs: 3, hidden: [3], outputs: 3 }).init(key(1))
    expect(first.kernel).not.toBeAllClose(second.kernel)
  })

  it.each(['relu', 'tanh', 'elu'] as const)(
    'has the gradients that central differences give, with %s',
    (activation) => {
      const network = ravel(mlp({ inputs: 3, hidden: [5, 4], outputs: 2, activation, layerNorm: 'first' }))
      const x = input(4, 3)
      checkGrads((params: Tensor1D) => sumOfSquares(network.apply(params, x)), [network.init(key(8))], {
        step: 0.01,
      })
    },
  )

  it('refuses sizes and words that it does not know', () => {
    expect(() => mlp({ inputs: 1, hidden: [0], outputs: 1 })).toThrow('mlp: hidden must be an integer in [1,')
    // @ts-expect-error a word that is no activation
    expect(() => mlp({ inputs: 1, hidden: [1], outputs: 1, activation: 'gelu' })).toThrow(
      "mlp: activation must be one of relu, tanh, elu, got 'gelu'",
    )
    // @ts-expect-error a word that names no layers
    expect(() => mlp({ inputs: 1, hidden: [1], outputs: 1, layerNorm: 'last' })).toThrow(
      "mlp: layerNorm must be one of none, first, all, got 'last'",
    )
  })
})

describe('ravel', () => {
  const network = mlp({ inputs: 3, hidden: [5, 4], outputs: 2, layerNorm: 'all' })
  const flat = ravel(network)

  it('counts all parameters', () => {
    expect(flat.size).toBe(3 * 5 + 5 + 2 * 5 + 5 * 4 + 4 + 2 * 4 + 4 * 2 + 2)
  })

  it('starts from the values of the network itself', () => {
    expect(flat.unravel(flat.init(key(4)))).toBeAllClose(network.init(key(4)), { atol: 0, rtol: 0 })
  })

  it('is undone by unravel, and undoes it', () => {
    const vector = tf.tensor1d(normal(key(5), flat.size))
    expect(flat.ravel(flat.unravel(vector))).toBeAllClose(vector, { atol: 0, rtol: 0 })
    expect(leafPaths(flat.unravel(vector))).toEqual(leafPaths(network.init(key(1))))
  })

  it('applies the same function', () => {
    const params = network.init(key(6))
    expect(flat.apply(flat.ravel(params), input(7, 3))).toBeAllClose(network.apply(params, input(7, 3)), {
      atol: 0,
      rtol: 0,
    })
  })

  it('has the gradient of the network, in one vector', () => {
    const params = network.init(key(6))
    const { grads } = valueAndGrad((p: typeof params) => ({
      value: sumOfSquares(network.apply(p, input(7, 3))),
    }))(params)
    const flatGrads = valueAndGrad((p: Tensor1D) => ({ value: sumOfSquares(flat.apply(p, input(7, 3))) }))(
      flat.ravel(params),
    )
    expect(flatGrads.grads).toBeAllClose(flat.ravel(grads))
  })

  it('works for a single leaf, gradient included', () => {
    const offset = ravel({ init: () => tf.tensor1d([1, 2]), apply: (p: Tensor1D, x) => tf.add(x, p) })
    expect(offset.size).toBe(2)
    const { grads } = valueAndGrad((p: Tensor1D) => ({ value: tf.sum(offset.apply(p, input(3, 2))) }))(
      offset.init(key(1)),
    )
    expect(grads).toBeAllClose([3, 3])
  })

  it('splits once, reshapes matrices only, and adds nothing else', async () => {
    const plain = ravel(mlp({ inputs: 3, hidden: [5], outputs: 2 }))
    const vector = plain.init(key(1))
    const x = input(2, 3)
    const split = ['SplitV', 'Reshape', 'Reshape']
    const names = await kernelsOf(() => plain.apply(vector, x))
    expect(names.slice(0, 3)).toEqual(split)
    // On the cpu backend a product is a BatchMatMul between reshapes of its own.
    const network = mlp({ inputs: 3, hidden: [5], outputs: 2 })
    const params = network.init(key(1))
    expect(names.slice(3)).toEqual(await kernelsOf(() => network.apply(params, x)))
  })

  it('refuses vectors and trees that do not fit', () => {
    expect(() => flat.unravel(tf.zeros([3]))).toThrow(
      `unravel: vector must have shape [${flat.size}], got [3]`,
    )
    expect(() => flat.ravel([])).toThrow('ravel: trees must have the same structure')
    const other = mlp({ inputs: 4, hidden: [5, 4], outputs: 2, layerNorm: 'all' }).init(key(1))
    expect(() => flat.ravel(other)).toThrow('ravel: leaves must keep their shapes, got [4, 5] for [3, 5]')
  })

  it('frees all tensors but its results', () => {
    const before = tf.memory().numTensors
    const fresh = ravel(network)
    expect(tf.memory().numTensors).toBe(before)
    const vector = fresh.init(key(1))
    const x = input(2, 3)
    const out = fresh.apply(vector, x)
    expect(tf.memory().numTensors).toBe(before + 3)
    tf.dispose([vector, x, out])
  })
})

describe('ravelParams', () => {
  it('holds the parameters of what is no network, gradient included', () => {
    const sampler = samplerNetwork({ observation: 2, action: 1, hidden: [3], activation: 'tanh' })
    const flat = ravelParams(sampler.init)
    const params = sampler.init(key(4))
    expect(flat.size).toBe(2 * 3 + 3 + 1 * 3 + 3 * 1 + 1)
    expect(flat.unravel(flat.init(key(4)))).toBeAllClose(params, { atol: 0, rtol: 0 })
    const loss = (p: typeof params): tf.Scalar =>
      sumOfSquares(sampler.sample(p, input(3, 2), tf.ones([3, 2, 1])).action)
    const { grads } = valueAndGrad((vector: Tensor1D) => ({ value: loss(flat.unravel(vector)) }))(
      flat.ravel(params),
    )
    expect(grads).toBeAllClose(
      flat.ravel(valueAndGrad((p: typeof params) => ({ value: loss(p) }))(params).grads),
    )
  })
})

describe('ravelAll', () => {
  const member = mlp({ inputs: 3, hidden: [5], outputs: 1 })
  const twins = ravelAll({ q1: member, q2: member })

  it('applies every network to one input', () => {
    const vector = twins.init(key(7))
    const { q1, q2 } = twins.apply(vector, input(4, 3))
    const params = twins.unravel(vector)
    expect(q1).toBeAllClose(member.apply(params.q1, input(4, 3)))
    expect(q2).toBeAllClose(member.apply(params.q2, input(4, 3)))
    expect(q1).not.toBeAllClose(q2)
  })

  it('draws each network by its name, whatever stands beside it', () => {
    const alone = ravelAll({ q2: member })
    expect(alone.unravel(alone.init(key(7))).q2).toBeAllClose(twins.unravel(twins.init(key(7))).q2, {
      atol: 0,
      rtol: 0,
    })
  })

  it('splits once for all networks', async () => {
    const vector = twins.init(key(1))
    const x = input(2, 3)
    const names = await kernelsOf(() => twins.apply(vector, x).q1)
    expect(names.filter((name) => name === 'SplitV')).toHaveLength(1)
  })
})
