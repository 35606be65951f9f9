import * as tf from '@tensorflow/tfjs'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { createProgram } from '../program/createProgram.ts'
import type { Program } from '../types.ts'
import { unsupported } from '../rules/unsupported.ts'
import { TRACE_BACKEND } from './backend.ts'
import { registerGradients } from './gradients.ts'

tf.env().set('PROD', true)
beforeAll(async () => {
  await tf.setBackend('cpu')
})
afterEach(() => {
  expect(tf.getBackend()).toBe('cpu')
  expect(tf.add(1, 1).dataSync()[0]).toBe(2)
})

type Run = (state: { w: tf.Tensor }, x: tf.Tensor) => unknown

/** A program of one function of a [4] state and a [2, 4] argument. */
async function make(run: Run): Promise<Program> {
  const w = tf.tensor1d([1, 2, 3, 4])
  const functions = { f: { args: [{ shape: [2, 4] }], run: run as never } }
  return await createProgram({ name: 'p', state: { w }, functions })
}

const scalarLoss = (x: tf.Tensor): tf.Scalar => tf.sum<tf.Scalar>(tf.square(x))

describe('a trace', () => {
  it.each<[string, Run, string]>([
    [
      'dataSync',
      ({ w }, x) => ({ y: tf.scalar(tf.add(x, w).dataSync()[0]) }),
      'p.f: traced tensors must not be read, got a read of the result of Add with shape [2,4], ' +
        'return it from the function and read it after the call, or use tensor operations of fixed shape such as tf.where',
    ],
    [
      'arraySync of an argument',
      (_, x) => ({ y: tf.tensor(x.arraySync()) }),
      'p.f: traced tensors must not be read, got a read of the result of argument arg0 with shape [2,4]',
    ],
    ['data', ({ w }, x) => (void tf.mul(x, w).data(), { y: x }), 'got a read of the result of Multiply'],
    ['array', ({ w }) => (void tf.exp(w).array(), { y: w }), 'got a read of the result of Exp'],
    [
      'whereAsync, whose shape depends on data',
      ({ w }) => (void tf.whereAsync(tf.greater(w, 0)), { y: w }),
      'got a read of the result of Greater',
    ],
    [
      'unseeded normals',
      (_, x) => ({ y: tf.add(x, tf.randomNormal([4])) }),
      'p.f: randomness must come in as an argument, got a call of tf.randomNormal, draw noise from a key and pass it in',
    ],
    ['unseeded uniforms', () => ({ y: tf.randomUniform([4]) }), 'got a call of tf.randomUniform'],
    ['dropout', (_, x) => ({ y: tf.dropout(x, 0.5) }), 'p.f: randomness must come in as an argument'],
    ['Math.random', (_, x) => ({ y: tf.mul(x, Math.random()) }), 'got a call of Math.random'],
    [
      'a kernel without a rule',
      (_, x) => ({ y: tf.maxPool(tf.reshape<tf.Rank.R4>(x, [1, 2, 4, 1]), 2, 1, 'valid') }),
      'p.f: kernel MaxPool must not be used in a traced function (pooling is not recorded), use a convolution with strides',
    ],
    [
      'a shape that depends on data',
      ({ w }) => ({ y: tf.unique(w).values }),
      'p.f: kernel Unique must not be used in a traced function (the shape of its result depends on data)',
    ],
    [
      'a variable',
      ({ w }) => ({ y: tf.variable(w) }),
      'p.f: variables must not be made in a traced function',
    ],
    [
      'strings',
      () => ({ y: tf.tensor(['a']) }),
      'p.f: tensors must have dtype float32, int32 or bool, got string',
    ],
    [
      'complex numbers',
      ({ w }) => ({ y: tf.complex(w, w) }),
      'p.f: kernel Complex must not be used in a traced function',
    ],
    [
      'an async function',
      async (_, x) => await Promise.resolve({ y: x }),
      'p.f: the function must return its result at once, got a promise, remove async and await',
    ],
    ['a bare tensor', (_, x) => x, 'p.f: the result must be a record of trees of tensors, got a tensor'],
    ['nothing', () => undefined, 'p.f: the result must be a record of trees of tensors, got undefined'],
    ['an array', (_, x) => [x], 'p.f: the result must be a record of trees of tensors, got an array'],
    [
      'a number',
      (_, x) => ({ y: { z: [x, 3] } }),
      'p.f: result "y/z/1" must be a tensor, got number 3, wrap numbers in tf.scalar',
    ],
    [
      'a state without a leaf',
      () => ({ state: {} }),
      'p.f: the returned state must have the structure of the program\'s state, got no further leaf where it has leaf "w", ' +
        'keep the keys and their order',
    ],
    [
      'a state with another leaf',
      ({ w }) => ({ state: { w, v: w } }),
      'got leaf "v" where it has no further leaf',
    ],
    [
      'a state of another shape',
      ({ w }, x) => ({ state: { w: tf.add(w, x) } }),
      'p.f: returned state "w" must be float32 [4] as before the call, got float32 [2,4], reshape or cast it',
    ],
    [
      'a state of another dtype',
      ({ w }) => ({ state: { w: tf.greater(w, 0) } }),
      'got bool [4], reshape or cast it',
    ],
    [
      'an axis outside the rank',
      ({ w }) => ({ y: tf.engine().runKernel('Softmax', { logits: w }, { dim: 3 }) }),
      'p.f: Softmax: normaliseAxis: axis must be an integer in [-1, 1), got 3',
    ],
    [
      'segments of rank 2',
      (_, x) => ({ y: tf.unsortedSegmentSum(x, tf.zeros([2, 4], 'int32') as never, 2) }),
      'p.f: UnsortedSegmentSum: tf.unsortedSegmentSum: segmentIds must have rank 1 in a traced function, got shape [2,4]',
    ],
    [
      'a numeric padding with uneven windows',
      () => ({ y: tf.conv2d(tf.ones<tf.Rank.R4>([1, 6, 6, 1]), tf.ones<tf.Rank.R4>([2, 3, 1, 1]), 1, 1) }),
      'p.f: Conv2D: tf.conv2d: the result must be [7, 6] for these windows, got [7, 7] from tfjs',
    ],
    [
      'a fill with text',
      () => ({ y: tf.fill([2], 'a') }),
      'p.f: Fill: tf.fill: value must be a number in a traced function',
    ],
    [
      'a cast to complex numbers',
      (_, x) => ({ y: tf.cast(x, 'complex64') }),
      'tf.cast: dtype must be float32, int32 or bool',
    ],
    ['a tensor that was disposed', () => ({ y: disposed() }), 'got one of another trace or a disposed one'],
    [
      'an error of its own',
      () => {
        throw new Error('mine')
      },
      'mine',
    ],
  ])('refuses %s and leaves tfjs as it was', async (_, run, message) => {
    const random = Math.random
    const before = tf.memory().numTensors
    await expect(make(run)).rejects.toThrow(message)
    expect(tf.memory().numTensors).toBe(before + 1)
    expect(Math.random).toBe(random)
  })

  it('frees what a gradient kept when the function throws inside it', async () => {
    const before = tf.memory().numTensors
    const fails: Run = (_, x) =>
      tf.grad((y) => {
        const loss = scalarLoss(tf.exp(y))
        if (loss.shape.length === 0) throw new Error('inside')
        return loss
      })(x)
    await expect(make(fails)).rejects.toThrow('inside')
    expect(tf.memory().numTensors).toBe(before + 1)
    expect(
      tf
        .grad(scalarLoss)(tf.tensor1d([3]))
        .dataSync()[0],
    ).toBe(6)
  })

  it('refuses a tensor that leaked from another trace', async () => {
    let leaked: tf.Tensor | undefined
    await make(({ w }) => ((leaked = tf.keep(tf.exp(w))), { w }))
    await expect(make((_, x) => ({ y: tf.add(x, leaked as tf.Tensor) }))).rejects.toThrow(
      'p.f: tensors must come from the arguments or live outside the function, got one of another trace or a disposed one',
    )
  })

  it('allows randomness with a seed, which is a constant', async () => {
    const program = await make((_, x) => ({ y: tf.add(x, tf.randomNormal([4], 0, 1, 'float32', 7)) }))
    const { y } = await program.call('f', [new Float32Array(8)])
    expect((y as Float32Array).slice(0, 4)).toEqual(tf.randomNormal([4], 0, 1, 'float32', 7).dataSync())
    await program.dispose()
  })

  it('allows reading constants', async () => {
    const program = await make((_, x) => ({
      y: tf.mul(x, tf.scalar(3).dataSync()[0] + tf.ones([2]).dataSync()[1]),
    }))
    expect((await program.call('f', [new Float32Array(8).fill(1)]))['y']).toEqual(new Float32Array(8).fill(4))
    await program.dispose()
  })

  it('follows gradients of gradients, custom gradients, and gradients with a vector', async () => {
    const stop = tf.customGrad((x) => ({
      value: (x as tf.Tensor).clone(),
      gradFunc: (dy) => tf.zerosLike(dy),
    }))
    const run: Run = ({ w }, x) => ({
      second: tf.grad((y) => tf.sum(tf.grad((z) => tf.sum<tf.Scalar>(tf.pow(z, 3)))(y)))(x),
      stopped: tf.grad((y) => tf.sum(tf.mul(y, stop(y))))(x),
      vector: tf.grad((y) => tf.square(y))(x, tf.mul(x, w)),
      masked: tf.grad((y) => tf.sum(tf.where(tf.greater(y, 0), tf.square(y), tf.neg(y))))(x),
    })
    const program = await make(run)
    const data = Float32Array.from({ length: 8 }, (_, i) => i - 3.5)
    const result = await program.call('f', [data])
    const eager = run({ w: tf.tensor1d([1, 2, 3, 4]) }, tf.tensor2d(data, [2, 4])) as Record<
      string,
      tf.Tensor
    >
    for (const [key, tensor] of Object.entries(eager)) {
      tensor.dataSync().forEach((value, i) => expect((result[key] as Float32Array)[i]).toBeCloseTo(value, 4))
    }
    await program.dispose()
  })

  it('refuses a captured tensor of a backend that cannot be read at once', async () => {
    class AsyncOnly extends tf.KernelBackend {
      override write(): object {
        return {}
      }
      override readSync(): never {
        throw new Error('only read is supported')
      }
      override disposeData(): boolean {
        return true
      }
      override dispose(): void {}
    }
    tf.registerBackend('async-only', () => new AsyncOnly())
    await tf.setBackend('async-only')
    const captured = tf.tensor1d([1, 2, 3, 4])
    await tf.setBackend('cpu')
    await expect(make(({ w }) => ({ y: tf.add(w, captured) }))).rejects.toThrow(
      'p.f: captured tensors must be readable at once, got one on backend async-only, which reads asynchronously only, ' +
        'pass it as an argument or in the state, or make it on the cpu backend',
    )
    captured.dispose()
    tf.removeBackend('async-only')
  })

  it('must be under way when the backend is used', async () => {
    await make(({ w }) => ({ w }))
    const previous = tf.getBackend()
    await tf.setBackend(TRACE_BACKEND)
    expect(() => tf.scalar(1)).toThrow(
      'maxent-trace: the backend must be used by a trace, got a tfjs call outside one',
    )
    await tf.setBackend(previous)
  })
})

function disposed(): tf.Tensor {
  const tensor = tf.scalar(1)
  tensor.dispose()
  return tf.exp(tensor)
}

describe('the table of unsupported kernels', () => {
  it('gives a reason and a remedy for each', () => {
    expect(Object.keys(unsupported).length).toBeGreaterThan(60)
    for (const { reason, remedy } of Object.values(unsupported))
      expect(reason.length * remedy.length).toBeGreaterThan(0)
  })

  it.each(Object.keys(unsupported))('makes %s throw when traced', async (kernel) => {
    await expect(make(({ w }) => ({ y: tf.engine().runKernel(kernel, { x: w }) }))).rejects.toThrow(
      `p.f: kernel ${kernel} must not be used in a traced function`,
    )
  })
})

describe('registerGradients', () => {
  it('changes nothing when called again, and keeps a gradient that is there', () => {
    registerGradients()
    const names = [tf.Greater, tf.LogicalNot, tf.Tile, tf.Maximum, tf.GreaterEqual]
    const before = names.map((name) => tf.getGradient(name))
    registerGradients()
    expect(names.map((name) => tf.getGradient(name))).toEqual(before)
    names.forEach((name, i) => expect(tf.getGradient(name)).toBe(before[i]))
  })

  it('mends gradients on eager backends too', () => {
    const x = tf.tensor2d([1, -2, 3, 4], [2, 2])
    const b = tf.tensor1d([2, 0])
    expect(
      tf
        .grad((y) => tf.sum(tf.maximum(x, y)))(b)
        .dataSync(),
    ).toEqual(Float32Array.of(1, 1))
    expect(
      tf.grad((y) => tf.sum(tf.mul(tf.cumsum(y, 1), tf.range(0, 12).reshape([1, 3, 4]))))(tf.ones([1, 3, 4]))
        .shape,
    ).toEqual([1, 3, 4])
    expect(
      tf
        .grad((y) => tf.sum(tf.split(y, 1)[0]))(b)
        .dataSync(),
    ).toEqual(Float32Array.of(1, 1))
    expect(
      tf
        .grad((y) => tf.sum(tf.broadcastTo(y, [5, 2])))(b)
        .dataSync(),
    ).toEqual(Float32Array.of(5, 5))
  })
})
