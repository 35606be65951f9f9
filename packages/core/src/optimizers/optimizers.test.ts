import { readFileSync } from 'node:fs'
import * as tf from '@tensorflow/tfjs'
import type { Scalar, Tensor, Tensor1D } from '@tensorflow/tfjs'
import { describe, expect, it } from 'vitest'
import { valueAndGrad } from '../gradients/index.ts'
import { cosineSchedule, exponentialSchedule, linearSchedule } from '../schedules/index.ts'
import '../testing/index.ts'
import { tidy } from '../tidy.ts'
import type { Tree } from '../tree.ts'
import { adam, applyUpdates, chain, clipByGlobalNorm, globalNorm, sgd, type Optimizer } from './index.ts'

type Numbers = { readonly a: number[][]; readonly b: number[] }
type Params = { readonly a: Tensor; readonly b: Tensor }

const fixture = JSON.parse(
  readFileSync(new URL('../../fixtures/optimizers.json', import.meta.url), 'utf8'),
) as {
  readonly start: Numbers
  readonly grads: readonly Numbers[]
  readonly params: Readonly<Record<string, Readonly<Record<string, Numbers>>>>
}
const toTensors = ({ a, b }: Numbers): Params => ({ a: tf.tensor2d(a), b: tf.tensor1d(b) })

const cases: Record<string, Optimizer> = {
  adam: adam({ learningRate: 1e-2 }),
  adamOptions: adam({ learningRate: 1e-2, b1: 0.5, b2: 0.9, epsilon: 1e-3 }),
  adamLinear: adam({ learningRate: linearSchedule({ from: 1e-2, to: 1e-3, steps: 20 }) }),
  adamClipped: chain(clipByGlobalNorm(0.5), adam({ learningRate: 1e-2 })),
  sgd: sgd({ learningRate: 1e-3 }),
  sgdMomentum: sgd({ learningRate: 1e-3, momentum: 0.9 }),
  sgdExponential: sgd({ learningRate: exponentialSchedule({ from: 1e-3, factor: 0.5, steps: 10 }) }),
  sgdCosine: sgd({ learningRate: cosineSchedule({ from: 1e-3, to: 1e-4, steps: 20 }) }),
}

describe('optimisers', () => {
  it('are all compared with optax', () => {
    expect(Object.keys(fixture.params)).toEqual(Object.keys(cases))
  })

  it.each(Object.entries(cases))('%s goes where optax goes', (name, optimizer) => {
    let params = toTensors(fixture.start)
    let state = optimizer.init(params)
    for (const [i, grads] of fixture.grads.entries()) {
      const result = optimizer.update(toTensors(grads), state, params)
      params = applyUpdates(params, result.updates)
      state = result.state
      const expected = fixture.params[name][i + 1]
      if (i + 1 in fixture.params[name]) expect(params).toBeAllClose(expected, { rtol: 1e-6, atol: 1e-6 })
    }
  })

  /** A parabola with its minimum at (3, -1) and a valley of Rosenbrock's form with its minimum at (1, 1). */
  const landscape = ({ parabola, valley }: Record<'parabola' | 'valley', Tensor1D>): Scalar => {
    const [a, b] = tf.unstack(valley)
    const bowl = tf.sum(tf.mul(tf.square(tf.sub(parabola, tf.tensor1d([3, -1]))), tf.tensor1d([1, 10])))
    return tf.addN([bowl, tf.square(tf.sub(1, a)), tf.mul(tf.square(tf.sub(b, tf.square(a))), 4)] as Scalar[])
  }
  const climbers: [string, Optimizer][] = [
    ['adam', adam({ learningRate: 0.1 })],
    ['adam with a falling rate', adam({ learningRate: cosineSchedule({ from: 0.2, to: 1e-3, steps: 500 }) })],
    ['clipped adam', chain(clipByGlobalNorm(1), adam({ learningRate: 0.1 }))],
    ['sgd', sgd({ learningRate: 0.03 })],
    ['sgd with momentum', sgd({ learningRate: 0.004, momentum: 0.9 })],
    ['clipped sgd', chain(clipByGlobalNorm(5), sgd({ learningRate: 0.03 }))],
  ]
  it.each(climbers)('%s finds the minima of a parabola and of a curved valley', (_, optimizer) => {
    let params = { parabola: tf.tensor1d([-1, 1.5]), valley: tf.tensor1d([-1, 1.5]) }
    let state = optimizer.init(params)
    for (let i = 0; i < 500; i++) {
      const next = tidy(() => {
        const { grads } = valueAndGrad((x: typeof params) => ({ value: landscape(x) }))(params)
        const result = optimizer.update(grads, state, params)
        return { params: applyUpdates(params, result.updates), state: result.state }
      })
      tf.dispose([params, state as tf.TensorContainer])
      ;({ params, state } = next)
    }
    expect(params).toBeAllClose({ parabola: [3, -1], valley: [1, 1] }, { atol: 0.03 })
  })

  it.each(Object.entries(cases))('%s frees all tensors but its results', (_, optimizer) => {
    const params = toTensors(fixture.start)
    const state = optimizer.init(params)
    const grads = toTensors(fixture.grads[0])
    const before = tf.memory().numTensors
    const result = optimizer.update(grads, state, params)
    tf.dispose([result.updates, result.state] as tf.TensorContainer)
    expect(tf.memory().numTensors).toBe(before)
  })
})

describe('adam', () => {
  const first = (optimizer: Optimizer, grad: number): number =>
    (
      optimizer.update(tf.scalar(grad), optimizer.init(tf.scalar(0)), tf.scalar(0)).updates as Tensor
    ).dataSync()[0]

  it('takes two steps by hand', () => {
    const optimizer = adam({ learningRate: 0.1, b1: 0.5, b2: 0.75, epsilon: 1 })
    const one = optimizer.update(tf.scalar(4), optimizer.init(tf.scalar(0)), tf.scalar(0))
    // m = 2, v = 4; m / c1 = 4, v / c2 = 16
    expect(one.updates).toBeAllClose((-0.1 * 4) / (4 + 1))
    expect(one.state).toBeAllClose({ step: 1, mean: 2, square: 4 })
    const two = optimizer.update(tf.scalar(-2), one.state, tf.scalar(0))
    // m = 0, v = 3 + 1 = 4
    expect(two.updates).toBeAllClose(0)
    expect(two.state).toBeAllClose({ step: 2, mean: 0, square: 4 })
  })

  it('makes a first step of the learning rate whatever the size of the gradient', () => {
    for (const grad of [1e-4, 1, 1e6]) expect(first(adam({ learningRate: 0.01 }), grad)).toBeCloseTo(-0.01, 5)
  })

  it('adds epsilon outside of the root', () => {
    expect(first(adam({ learningRate: 1, epsilon: 1 }), 1)).toBeCloseTo(-0.5, 6)
  })

  it('corrects its bias to float32 accuracy in every step', () => {
    // For a constant gradient the corrected means are the gradient itself: every update is -rate / (1 + epsilon).
    const optimizer = adam({ learningRate: 1 })
    let state = optimizer.init(tf.scalar(0))
    for (let i = 0; i < 300; i++) {
      const result = optimizer.update(tf.scalar(1), state, tf.scalar(0))
      expect((result.updates as Tensor).dataSync()[0]).toBeCloseTo(-1, 5)
      state = result.state
    }
  })

  it('stands still where there was never a gradient', () => {
    expect(first(adam({ learningRate: 1 }), 0)).toBeCloseTo(0, 10)
  })

  it('takes b1 = 0, which keeps no mean', () => {
    const optimizer = adam({ learningRate: 1, b1: 0 })
    const { state } = optimizer.update(tf.scalar(3), optimizer.init(tf.scalar(0)), tf.scalar(0))
    expect(
      (optimizer.update(tf.scalar(-3), state, tf.scalar(0)).updates as Tensor).dataSync()[0],
    ).toBeCloseTo(1, 5)
  })

  it('passes twelve times over a flat vector, the addition to the parameters included', async () => {
    const optimizer = adam({ learningRate: 1e-3 })
    const params = tf.zeros<tf.Rank.R1>([1000])
    const state = optimizer.init(params)
    const { kernels } = await tf.profile(() => {
      const { updates } = optimizer.update(params, state, params)
      return applyUpdates(params, updates)
    })
    const passes = kernels.filter(({ outputShapes }) => outputShapes.some((shape) => shape.length === 1))
    expect(passes.map(({ name }) => name)).toHaveLength(12)
  })

  it('refuses options outside of their ranges', () => {
    expect(() => adam({ learningRate: -1 })).toThrow(
      'adam: learningRate must be a finite number of at least 0 or a schedule, got -1',
    )
    expect(() => adam({ learningRate: 1, b1: 1 })).toThrow('adam: b1 must be in [0, 1), got 1')
    expect(() => adam({ learningRate: 1, b2: -0.1 })).toThrow('adam: b2 must be in [0, 1), got -0.1')
    expect(() => adam({ learningRate: 1, epsilon: 0 })).toThrow(
      'adam: epsilon must be positive and finite, got 0',
    )
  })
})

describe('sgd', () => {
  it('keeps a running sum with momentum, by hand', () => {
    const optimizer = sgd({ learningRate: 0.1, momentum: 0.5 })
    const one = optimizer.update(tf.scalar(2), optimizer.init(tf.scalar(0)), tf.scalar(0))
    expect(one.updates).toBeAllClose(-0.2)
    expect(optimizer.update(tf.scalar(1), one.state, tf.scalar(0)).updates).toBeAllClose(-0.2)
  })

  it('refuses options outside of their ranges', () => {
    expect(() => sgd({ learningRate: NaN })).toThrow(
      'sgd: learningRate must be a finite number of at least 0 or a schedule, got NaN',
    )
    expect(() => sgd({ learningRate: 1, momentum: 1 })).toThrow('sgd: momentum must be in [0, 1), got 1')
  })
})

describe('clipByGlobalNorm', () => {
  const clip = (max: number, grads: Tree<Tensor>): Tree<Tensor> =>
    clipByGlobalNorm(max).update(grads, [], grads).updates

  it('scales all leaves by one factor, by hand', () => {
    const grads = { a: tf.tensor1d([3, 0]), b: tf.tensor2d([[4]]) }
    expect(globalNorm(grads)).toBeAllClose(5)
    expect(clip(1, grads)).toBeAllClose({ a: [0.6, 0], b: [[0.8]] })
  })

  it('leaves smaller gradients exactly as they are, zero included', () => {
    const grads = [tf.tensor1d([0.1, 0.3]), tf.tensor1d([0])]
    expect(clip(1, grads)).toBeAllClose(grads, { atol: 0, rtol: 0 })
    expect(clip(1, tf.zeros([3]))).toBeAllClose([0, 0, 0])
  })

  it('refuses a norm that is not positive', () => {
    for (const max of [0, -1, NaN, Infinity, 1e39, 1e-50])
      expect(() => clipByGlobalNorm(max)).toThrow(
        `clipByGlobalNorm: max must be positive and finite in float32, got ${max}`,
      )
  })
})
