import * as tf from '@tensorflow/tfjs'
import type { Tensor } from '@tensorflow/tfjs'
import { readFileSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { checkGrads } from '../testing/index.ts'
import {
  atanhSafe,
  clampSafe,
  log1mExp,
  logAddExp,
  logMeanExp,
  logSigmoid,
  logSumExp,
  softplus,
  tanhLogDet,
} from './index.ts'

/** Rows of argument, value, derivative, to 60 digits by fixtures/make_stable.py. */
type Rows = readonly (readonly [number, number, number])[]

const { logSumExp: sums, ...tables } = JSON.parse(
  readFileSync(new URL('../../fixtures/stable.json', import.meta.url), 'utf8'),
) as Record<'softplus' | 'logSigmoid' | 'log1mExp' | 'tanhLogDet' | 'atanhSafe', Rows> & {
  readonly logSumExp: readonly (readonly [number[], number, number[]])[]
}

const functions = { softplus, logSigmoid, log1mExp, tanhLogDet, atanhSafe }

/** Relative error in units of 2^-24, with `floor` as the least size that counts. */
function error(got: number, expected: number, floor = 1e-38): number {
  if (Object.is(got, Math.fround(expected))) return 0
  return (Math.abs(got - expected) / Math.max(Math.abs(expected), floor)) * 2 ** 24
}

function derivative(f: (x: Tensor) => Tensor, x: number[]): Float32Array {
  return tf.grad(f)(tf.tensor1d(x)).dataSync<'float32'>()
}

beforeEach(() => void tf.engine().startScope())
afterEach(() => void tf.engine().endScope())

describe('stable functions', () => {
  // log(1 − tanh²) vanishes at 0 as the difference of numbers of size one: only its absolute error is small there.
  const floors: Partial<Record<keyof typeof functions, number>> = { tanhLogDet: 1 }

  it.each(Object.keys(functions) as (keyof typeof functions)[])(
    '%s keeps its digits at every size',
    (name) => {
      const rows = tables[name]
      const x = rows.map((row) => row[0])
      const values = functions[name](tf.tensor1d(x)).dataSync()
      const slopes = derivative(functions[name], x)
      for (const [i, [argument, value, slope]] of rows.entries()) {
        expect(error(values[i], value, floors[name]), `${name}(${argument}) = ${values[i]}`).toBeLessThan(8)
        expect(error(slopes[i], slope), `${name}'(${argument}) = ${slopes[i]}`).toBeLessThan(8)
      }
    },
  )

  it.each(Object.entries(functions))('%s keeps shapes and agrees with differences', (name, f) => {
    const x = tf.tensor2d([-0.9, -0.5, -0.3, -0.8, -0.2, -0.6], [2, 3])
    expect(f(x).shape).toEqual([2, 3])
    expect(f(tf.zeros([0, 3])).shape).toEqual([0, 3])
    expect(() => {
      checkGrads((y) => tf.sum(f(y)), [x])
    }, name).not.toThrow()
  })

  it('have second derivatives', () => {
    const x = tf.tensor1d([-0.7, -0.2])
    const second = (f: (x: Tensor) => Tensor): Tensor => tf.grad((y) => tf.grad(f)(y))(x)
    expect(second(tanhLogDet)).toBeAllClose(tf.mul(-2, tf.sub(1, tf.square(tf.tanh(x)))))
    expect(second(softplus)).toBeAllClose(tf.mul(tf.sigmoid(x), tf.sigmoid(tf.neg(x))))
    const p = tf.softmax(x)
    expect(
      tf
        .grad((y) => tf.grad(logSumExp)(y).slice(0, 1).asScalar())(x)
        .slice(0, 1),
    ).toBeAllClose(tf.mul(p, tf.sub(1, p)).slice(0, 1))
  })

  it('leave no tensors behind', () => {
    const x = tf.tensor2d([[-1, -2]])
    const before = tf.memory().numTensors
    const results = [
      ...Object.values(functions).map((f) => f(x)),
      logAddExp(x, tf.keep(x)),
      logSumExp(x, 1),
      logMeanExp(x),
      clampSafe(x, 0, 1),
    ]
    expect(tf.memory().numTensors - before).toBe(results.length)
  })
})

describe('log1mExp', () => {
  it('is −∞ where the complement is empty, zero where it is everything, and NaN above zero', () => {
    expect(log1mExp(tf.tensor1d([0, -Infinity, 1]))).toBeAllClose([-Infinity, 0, NaN])
    expect(derivative(log1mExp, [-Infinity])[0]).toBeCloseTo(0)
  })
})

describe('atanhSafe', () => {
  it('takes the bounds for the nearest numbers inside', () => {
    expect(atanhSafe(tf.tensor1d([1, -1]))).toBeAllClose([8.664339742, -8.664339742])
  })

  it('undoes tanh', () => {
    const u = tf.linspace(-5, 5, 41)
    expect(atanhSafe(tf.tanh(u))).toBeAllClose(u, { rtol: 2e-4 })
  })
})

describe('logAddExp', () => {
  it('is exact at equal arguments and far apart, log 0 included', () => {
    const a = tf.tensor1d([0, 1e30, -1e30, -Infinity, -Infinity, 100, 1e-3])
    const b = tf.tensor1d([0, 1e30, 0, 3, -Infinity, 0, -1e30])
    expect(logAddExp(a, b)).toBeAllClose([Math.LN2, 1e30, 0, 3, -Infinity, 100, 1e-3], {
      rtol: 1e-7,
      atol: 1e-12,
    })
  })

  it('shares one unit of gradient between its arguments', () => {
    const a = tf.tensor1d([0, 1e30, -Infinity, -Infinity, 1])
    const b = tf.tensor1d([0, 0, 3, -Infinity, 0])
    const [toA, toB] = tf.grads((x: Tensor, y: Tensor) => logAddExp(x, y))([a, b])
    expect(toA).toBeAllClose([0.5, 1, 0, 0.5, 1 / (1 + Math.exp(-1))])
    expect(tf.add(toA, toB)).toBeAllClose([1, 1, 1, 1, 1])
  })

  it('broadcasts forwards and backwards', () => {
    const a = tf.tensor2d([[1], [2]])
    const b = tf.tensor1d([0, 1, 2])
    expect(logAddExp(a, b).shape).toEqual([2, 3])
    const [toA, toB] = tf.grads((x: Tensor, y: Tensor) => tf.sum(logAddExp(x, y)))([a, b])
    expect([toA.shape, toB.shape]).toEqual([[2, 1], [3]])
    checkGrads((x, y) => tf.sum(logAddExp(x, y)), [a, b])
  })
})

describe('logSumExp', () => {
  it.each(sums)('of %j keeps its digits, and its gradient is a distribution', (x, value, slopes) => {
    expect(error(logSumExp(tf.tensor1d(x)).dataSync()[0], value)).toBeLessThan(8)
    const got = derivative((y) => logSumExp(y), x)
    got.forEach((slope, i) => {
      expect(error(slope, slopes[i], 1e-30)).toBeLessThan(200)
    })
    expect(got.reduce((sum, slope) => sum + slope, 0)).toBeCloseTo(1, 6)
  })

  it('reduces the axes that it is given, negative ones too', () => {
    const x = tf.randomUniform([2, 3, 4], -1, 1, 'float32', 1)
    const expected = (axes?: number | number[]): Tensor => tf.log(tf.sum(tf.exp(x), axes))
    for (const axes of [undefined, 0, -1, [0, 2], [-2, -1]])
      expect(logSumExp(x, axes)).toBeAllClose(expected(axes))
    checkGrads((y) => tf.sum(tf.square(logSumExp(y, -2))), [x])
  })

  it('takes −∞ for log 0, with no gradient to it', () => {
    const x = tf.tensor2d([
      [-Infinity, 2],
      [-Infinity, -Infinity],
    ])
    expect(logSumExp(x, 1)).toBeAllClose([2, -Infinity])
    expect(tf.grad((y) => tf.sum(logSumExp(y, 1)))(x)).toBeAllClose([
      [0, 1],
      [0, 0],
    ])
  })
})

describe('logMeanExp', () => {
  it('of equal numbers is that number', () => {
    expect(logMeanExp(tf.fill([4, 5], -1e4), -1)).toBeAllClose(tf.fill([4], -1e4), { rtol: 1e-7 })
    expect(logMeanExp(tf.tensor2d([[0, Math.log(3)]]))).toBeAllClose(Math.log(2))
  })
})

describe('clampSafe', () => {
  const slopes = (g: number): Float32Array =>
    derivative((x) => tf.mul(g, clampSafe(x, -1, 2)), [-5, -1, 0, 2, 7])

  it('keeps numbers within the bounds', () => {
    expect(clampSafe(tf.tensor1d([-5, -1, 0, 2, 7, NaN]), -1, 2)).toBeAllClose([-1, -1, 0, 2, 2, NaN])
  })

  it('passes outside only the gradient whose descent leads back', () => {
    expect([...slopes(3)]).toEqual([0, 3, 3, 3, 3])
    expect([...slopes(-3)]).toEqual([-3, -3, -3, -3, 0])
  })

  it('refuses bounds in the wrong order', () => {
    const message = new RangeError('clampSafe: low must be at most high, got low=2 and high=1')
    expect(() => clampSafe(tf.scalar(0), 2, 1)).toThrow(message)
    expect(() => clampSafe(tf.scalar(0), NaN, 1)).toThrow(RangeError)
  })
})
