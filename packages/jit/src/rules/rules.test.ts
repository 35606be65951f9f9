import * as tf from '@tensorflow/tfjs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createProgram } from '../program/createProgram.ts'
import type { DType, HostData } from '../types.ts'
import { cases, type Case } from '../testing/cases.ts'
import type { KernelName } from './kernels.ts'
import { rules } from './rules.ts'

tf.env().set('PROD', true)

/** Kernels that no tfjs operation calls on the `cpu` backend, or only in gradients. */
const NOT_PROFILED: ReadonlySet<string> = new Set(['EluGrad', 'Conv2DBackpropFilter', 'Conv2DBackpropInput'])

const ARRAYS = { float32: 'Float32Array', int32: 'Int32Array', bool: 'Uint8Array' } as const

const list = (result: tf.Tensor | tf.Tensor[]): tf.Tensor[] => (Array.isArray(result) ? result : [result])

/** A scalar that every element of every float result enters with a weight of its own. */
function weighted(results: readonly tf.Tensor[]): tf.Scalar {
  const sums = results.map((y) => {
    const weights = tf.tensor(
      Float32Array.from({ length: y.size }, (_, i) => Math.cos(i + 1)),
      y.shape,
    )
    return tf.sum(tf.mul(y, weights))
  })
  return sums.reduce((a, b) => tf.add(a, b)) as tf.Scalar
}

/** The operation's results and, where asked, the gradients of their weighted sum. */
function evaluate(c: Case, f: Case['f'], inputs: readonly tf.Tensor[]): tf.Tensor[] {
  const results = list(f(...inputs))
  if (!c.gradient) return results
  const places = c.inputs.flatMap(({ dtype }, i) => (dtype === 'float32' ? [i] : []))
  const gradients = tf.grads((...floats: tf.Tensor[]) =>
    weighted(list(f(...inputs.map((x, i) => (places.includes(i) ? floats[places.indexOf(i)] : x))))),
  )(places.map((i) => inputs[i]))
  return [...results, ...gradients]
}

function expectClose(actual: HostData, expected: tf.Tensor, label: string): void {
  const wanted = expected.dataSync()
  expect(actual.constructor.name, label).toBe(ARRAYS[expected.dtype as DType])
  expect(actual.length, label).toBe(wanted.length)
  wanted.forEach((value, i) => {
    if (Object.is(actual[i], value) || actual[i] === value) return
    const error = Math.abs(actual[i] - value)
    expect(error, `${label}[${i}]: got ${actual[i]}, eager ${value}`).toBeLessThanOrEqual(
      2e-6 + 5e-6 * Math.abs(value),
    )
  })
}

beforeAll(async () => {
  await tf.setBackend('cpu')
})
afterAll(() => {
  expect(tf.getBackend()).toBe('cpu')
})

describe('the table of rules', () => {
  it.each(Object.keys(rules) as KernelName[])('records %s as eager tfjs computes it', async (name) => {
    const list = cases[name]
    expect(list.length).toBeGreaterThan(0)
    const functions = Object.fromEntries(
      list.map((c, i) => [
        `case${i}`,
        {
          run: (_: tf.Tensor, ...inputs: tf.Tensor[]) => ({ results: evaluate(c, c.f, inputs) }),
          args: c.inputs.map(({ shape, dtype }) => ({ shape, dtype })),
        },
      ]),
    )
    const program = await createProgram({ name, state: tf.scalar(0), functions })
    const used = new Set<string>()
    for (const [i, c] of list.entries()) {
      const { results } = await program.call(
        `case${i}`,
        c.inputs.map(({ data }) => data),
      )
      const inputs = c.inputs.map(({ data, shape, dtype }) => tf.tensor(data, [...shape], dtype))
      const reference = c.reference
      let eager: tf.Tensor[] = []
      const profile = await tf.profile(() => (eager = evaluate(c, reference ?? c.f, inputs)))
      profile.kernelNames.forEach((kernel) => used.add(kernel))
      if (reference !== undefined) used.add(name)
      const label = `${name}, case ${i}, inputs ${c.inputs.map(({ shape, dtype }) => `${dtype}[${shape.join()}]`).join(' ')}`
      expect((results as HostData[]).length, label).toBe(eager.length)
      eager.forEach((tensor, k) => expectClose((results as HostData[])[k], tensor, `${label}, result ${k}`))
    }
    await program.dispose()
    if (!NOT_PROFILED.has(name)) expect(used, 'the kernel is really used').toContain(name)
  })
})
