import * as tf from '@tensorflow/tfjs'
import { beforeAll, describe, expect, it } from 'vitest'
import { createProgram } from '../program/createProgram.ts'
import { liveSessions } from '../runtime/session.ts'

beforeAll(async () => {
  await tf.setBackend('cpu')
})

type Weights = {
  readonly kernel: tf.Tensor2D
  readonly bias: tf.Tensor1D
  readonly scale: tf.Tensor1D
}
type F = (weights: Weights, x: tf.Tensor2D) => tf.Tensor

const inputs = 7
const outputs = 6
const wave = (length: number, step: number): Float32Array =>
  Float32Array.from({ length }, (_, i) => Math.sin(step * (i + 1)))

const weights = (): Weights => ({
  kernel: tf.tensor2d(wave(inputs * outputs, 0.7), [inputs, outputs]),
  bias: tf.tensor1d(wave(outputs, 1.3)),
  scale: tf.tensor1d(wave(outputs, 2.1)),
})

const dense: F = ({ kernel, bias }, x) => tf.add(tf.matMul(x, kernel), bias)

/** What a function gives for one row, or `rows`, compiled and eager, and how many sessions of ONNX Runtime it took. */
async function bothWays(
  f: F,
  data: Float32Array,
  rows = 1,
): Promise<{ compiled: number[]; eager: number[]; sessions: number }> {
  const options = {
    name: 'small',
    state: weights(),
    functions: {
      f: { args: [{ shape: [rows, inputs] }], run: (w: Weights, x: tf.Tensor2D) => ({ y: f(w, x) }) },
    },
  }
  const before = liveSessions()
  const compiled = await createProgram(options)
  const sessions = liveSessions() - before
  const eager = await createProgram({ ...options, mode: { kind: 'eager', backend: 'cpu' } })
  const results = await Promise.all(
    [compiled, eager].map(async (program) => {
      const { y } = await program.call('f', [data])
      await program.dispose()
      return [...(y as Float32Array)]
    }),
  )
  return { compiled: results[0], eager: results[1], sessions }
}

const row = wave(inputs, 0.9)

describe('a small function of one row', () => {
  const functions: Readonly<Record<string, F>> = {
    'a product and a sum': dense,
    'a product alone': ({ kernel }, x) => tf.matMul(x, kernel),
    'two layers': (w, x) => {
      const hidden = tf.relu(dense(w, x))
      return tf.tanh(tf.matMul(tf.concat([hidden, tf.ones([1, 1])], 1), w.kernel))
    },
    'a tanh-Gaussian': (w, x) => {
      const [mean, logStd] = tf.split(dense(w, x), 2, 1)
      return tf.tanh(tf.add(mean, tf.mul(tf.exp(tf.clipByValue(logStd, -0.5, 0.5)), 0.3)))
    },
    'a normaliser': ({ kernel, scale, bias }, x) => {
      const centred = tf.div(tf.sub(tf.matMul(x, kernel), bias), tf.sqrt(tf.add(tf.abs(scale), 1e-3)))
      return tf.minimum(tf.maximum(centred, -1), tf.scalar(2))
    },
    'other functions of one number': (w, x) =>
      tf.neg(tf.log(tf.add(tf.sigmoid(dense(w, x)), tf.softplus(w.scale)))),
    'more axes': (w, x) => tf.reshape(tf.relu(tf.reshape(dense(w, x), [1, 1, outputs])), [outputs, 1]),
  }
  it.each(Object.entries(functions))('is computed without ONNX Runtime: %s', async (_, f) => {
    const { compiled, eager, sessions } = await bothWays(f, row)
    expect(sessions).toBe(0)
    expect(compiled.length).toBe(eager.length)
    compiled.forEach((value, i) =>
      expect(Math.abs(value - eager[i])).toBeLessThanOrEqual(1e-6 * (1 + Math.abs(eager[i]))),
    )
  })

  it.each([0, 1, 2, 3, 4, 5, 6, 7])('multiplies a row of which %i numbers are zero', async (zeros) => {
    const sparse = row.map((x, i) => (i < zeros ? 0 : x))
    const { compiled, eager } = await bothWays(dense, sparse)
    compiled.forEach((value, i) => expect(Math.abs(value - eager[i])).toBeLessThanOrEqual(1e-6))
  })

  it('hands NaN on, through products and relu', async () => {
    const { compiled } = await bothWays(
      (w, x) => tf.relu(dense(w, x)),
      row.map((x, i) => (i === 3 ? NaN : x)),
    )
    expect(compiled.every(Number.isNaN)).toBe(true)
  })

  it('is left to ONNX Runtime with several rows, an operator that is not known here, or too much to do', async () => {
    const twoRows = await bothWays(dense, Float32Array.of(...row, ...row), 2)
    expect(twoRows.sessions).toBe(1)
    const product = await bothWays(dense, row)
    expect(product.compiled.every((value, i) => Math.abs(value - twoRows.compiled[i]) < 1e-6)).toBe(true)
    expect((await bothWays((w, x) => tf.argMax(dense(w, x), 1), row)).sessions).toBe(1)
    expect(
      (await bothWays((w, x) => tf.transpose(tf.matMul(tf.transpose(x), dense(w, x))), row)).sessions,
    ).toBe(1)
    const product62 = (columns: number): F => {
      const matrix = wave(62 * columns, 0.3)
      return ({ bias }, x) =>
        tf.matMul(
          tf.concat([...Array<tf.Tensor2D>(8).fill(x), tf.reshape<tf.Rank.R2>(bias, [1, outputs])], 1),
          tf.tensor2d(matrix, [62, columns]),
        )
    }
    expect((await bothWays(product62(2000), row)).sessions).toBe(0)
    expect((await bothWays(product62(2200), row)).sessions).toBe(1)
  })

  it('reads the state as it stands, and hands out arrays that are the caller\u2019s', async () => {
    const program = await createProgram({
      name: 'changing',
      state: { w: tf.tensor2d([1, 2, 3, 4], [2, 2]) },
      functions: {
        grow: { args: [], run: ({ w }) => ({ state: { w: tf.add<tf.Tensor2D>(w, 1) } }) },
        read: {
          args: [{ shape: [1, 2] }],
          run: ({ w }, x: tf.Tensor2D) => ({ y: tf.matMul(x, w), w: tf.add(w, 0.5) }),
        },
      },
    })
    const x = Float32Array.of(1, 10)
    const [first, second] = await Promise.all([program.call('read', [x]), program.call('read', [x])])
    expect(first.y).toEqual(Float32Array.of(31, 42))
    ;(first.y as Float32Array).fill(0)
    expect(second.y).toEqual(Float32Array.of(31, 42))
    const before = await program.getState()
    await program.call('grow', [])
    expect((await program.call('read', [x])).y).toEqual(Float32Array.of(42, 53))
    program.setState(before)
    expect(await program.call('read', [x], { fetch: ['w'] })).toEqual({
      w: Float32Array.of(1.5, 2.5, 3.5, 4.5),
    })
    await program.dispose()
  })
})
