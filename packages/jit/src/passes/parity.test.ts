import * as tf from '@tensorflow/tfjs'
import { key, uniform } from '@maxent/core/keys'
import { beforeAll, expect, it } from 'vitest'
import { createProgram } from '../program/createProgram.ts'
import type { HostData, ProgramOptions } from '../types.ts'

tf.env().set('PROD', true)
beforeAll(async () => {
  await tf.setBackend('cpu')
})

const GRAPHS = 100
const STEPS = 14

/** Sides of the matrices: small, and large enough for the passes that leave small ones alone. */
const sideOf = (seed: number): number => (seed % 20 === 0 ? 32 : 3)

type Draw = (n: number) => number

/** All of these broadcast to one another. */
const shapesOf = (n: number): number[][] => [[], [1], [n], [1, n], [n, 1], [n, n], [2, n, n], [2, 1, n]]

/** Small whole numbers, so that sums and products are exact in any order. */
const small = (x: tf.Tensor): tf.Tensor => tf.clipByValue(x, -3, 3)

/** What a step may do with what is there; each draws its operands itself. */
function operations(n: number, draw: Draw, one: () => tf.Tensor): (() => tf.Tensor)[] {
  const shapes = shapesOf(n)
  const constant = (): tf.Tensor => tf.fill(shapes[draw(shapes.length)], draw(3) - 1)
  const either = (): tf.Tensor => (draw(2) === 0 ? one() : constant())
  const spread = (x: tf.Tensor): tf.Tensor => tf.broadcastTo(x, [2, n, n])
  const matrix = (): tf.Tensor => {
    const x = spread(small(one()))
      .slice([draw(2), 0, 0], [1, n, n])
      .reshape([n, n])
    return draw(2) === 0 ? x : tf.transpose(x)
  }
  const product = (): tf.Tensor => tf.matMul(matrix(), matrix(), draw(2) === 0, draw(2) === 0)
  const mask = (x: tf.Tensor): tf.Tensor => tf.cast(tf.greater(x, constant()), 'float32')
  return [
    () => tf.add(one(), either()),
    () => tf.sub(either(), one()),
    () => tf.mul(small(one()), small(either())),
    () => tf.div(small(one()), tf.fill(shapes[draw(shapes.length)], 1)),
    () => tf.maximum(one(), either()),
    () => tf.minimum(either(), one()),
    () => tf.where(tf.lessEqual(one(), either()), one(), either()),
    () => mask(one()),
    () => {
      const x = one()
      return tf.add(tf.relu(x), mask(x))
    },
    () => tf.relu(tf.add(product(), either())),
    product,
    () => spread(one()),
    () => tf.neg(tf.abs(one())),
    () => {
      const x = one()
      return tf.transpose(tf.transpose(x))
    },
    () => {
      const x = one()
      return tf.reshape(tf.reshape(x, [-1]), x.shape)
    },
    () => {
      const x = small(one())
      if (x.rank === 0) return x
      // Without the axis the rest broadcasts where the first is summed.
      const axis = draw(x.rank)
      return tf.sum(x, axis, axis > 0 || draw(2) === 0)
    },
    () => tf.cast(tf.add(tf.cast(one(), 'int32'), tf.cast(constant(), 'int32')), 'float32'),
    () => tf.cast(tf.cast(either(), 'bool'), 'float32'),
  ]
}

/** Operations drawn from a seed on the inputs and on one another, the later ones more often. */
function randomGraph(seed: number, inputs: readonly tf.Tensor[]): tf.Tensor[] {
  const draws = uniform(key(seed), 40 * STEPS)
  let used = 0
  const draw: Draw = (n) => Math.floor(draws[used++] * n)
  const made = [...inputs]
  const one = (): tf.Tensor => {
    const x = made[draw(2) === 0 ? draw(made.length) : made.length - 1 - draw(3)]
    return x.rank > 0 && draw(8) === 0 ? tf.max(x) : x
  }
  const choices = operations(sideOf(seed), draw, one)
  for (let i = 0; i < STEPS; i++) made.push(choices[draw(choices.length)]())
  return made.slice(inputs.length)
}

/** The results of the graph, and the gradient of their sum for every input. */
function withGradients(seed: number, inputs: readonly tf.Tensor[]): tf.Tensor[] {
  const loss = (...xs: tf.Tensor[]): tf.Tensor =>
    [...randomGraph(seed, xs), ...xs].map((x) => tf.sum(small(x))).reduce((a, b) => tf.add(a, b))
  return [...randomGraph(seed, inputs), ...tf.grads(loss)([...inputs])]
}

/** -3 to 3, each zero of one sign. */
const integersOf = (seed: number, size: number): Float32Array =>
  uniform(key(seed + 1e6), size).map((u) => Math.floor(u * 7) - 3 + 0)

it('leaves the numbers of random graphs and of their gradients what they are eagerly', async () => {
  const seeds = Array.from({ length: GRAPHS }, (_, i) => i)
  const argsOf = (n: number): number[][] => [[n], [n, n], [2, n, n], [1, n]]
  const options: ProgramOptions<tf.Tensor> = {
    name: 'random',
    state: tf.tensor1d([1]),
    functions: Object.fromEntries(
      seeds.map((seed) => [
        `graph${seed}`,
        {
          run: (state: tf.Tensor, ...args: tf.Tensor[]) => ({
            results: withGradients(seed, [state, ...args]),
          }),
          args: argsOf(sideOf(seed)).map((shape) => ({ shape })),
        },
      ]),
    ),
  }
  const compiled = await createProgram(options)
  const eager = await createProgram({ ...options, mode: { kind: 'eager', backend: 'cpu' } })
  for (const seed of seeds) {
    const args = argsOf(sideOf(seed)).map((shape, i) =>
      integersOf(
        10 * seed + i,
        shape.reduce((a, b) => a * b, 1),
      ),
    )
    const [a, b] = [await compiled.call(`graph${seed}`, args), await eager.call(`graph${seed}`, args)]
    const [actual, expected] = [a['results'] as HostData[], b['results'] as HostData[]]
    expect(actual.length).toBe(expected.length)
    expected.forEach((values, i) => {
      const label = `graph ${seed}, result ${i}`
      expect(actual[i].length, label).toBe(values.length)
      const isClose = (value: number, k: number): boolean =>
        Math.abs(actual[i][k] - value) <= 1e-5 * Math.max(1, Math.abs(value))
      if (!values.every(isClose)) expect(actual[i], label).toEqual(values)
    })
  }
  await compiled.dispose()
  await eager.dispose()
})

it('passes gradients through a relu exactly where it is positive', async () => {
  const inputs = [0, -0, 2 ** -126, -(2 ** -126), 1e-20, 3, 3.4e38, Infinity, -Infinity]
  const options: ProgramOptions<tf.Tensor> = {
    name: 'relu',
    state: tf.tensor1d([1]),
    functions: {
      slope: {
        run: (_, x: tf.Tensor, toward: tf.Tensor) => ({
          results: tf.grads((a: tf.Tensor) => tf.mul(tf.relu(a), toward))([x]),
        }),
        args: [{ shape: [inputs.length] }, { shape: [inputs.length] }],
      },
    },
  }
  const [x, toward] = [Float32Array.from(inputs), Float32Array.from(inputs, (_, i) => i - 20.5)]
  for (const mode of [{ kind: 'compiled' }, { kind: 'eager', backend: 'cpu' }] as const) {
    const program = await createProgram({ ...options, mode })
    const { results } = await program.call('slope', [x, toward])
    expect(Array.from((results as HostData[])[0], (value) => value + 0)).toEqual(
      inputs.map((value, i) => (value > 0 ? i - 20.5 : 0)),
    )
    await program.dispose()
  }
})
