import * as tf from '@tensorflow/tfjs'
import { beforeAll, describe, expect, it } from 'vitest'
import { counterOptions, hostState, modes } from '../../fixtures/counter.ts'
import type { HostData, HostTensor } from '../types.ts'
import { createProgram, liveTensors } from './createProgram.ts'

tf.env().set('PROD', true)
beforeAll(async () => {
  await tf.setBackend('cpu')
})

describe.each(modes)('a program, $kind', (mode) => {
  it('keeps the state between calls and shares it among its functions', async () => {
    const program = await createProgram({ ...counterOptions(), mode })
    const first = await program.call('add', [{ x: Float32Array.of(1, 10) }])
    expect(first).toEqual({
      sum: Float32Array.of(11),
      parts: { twice: Float32Array.of(2, 20), same: Float32Array.of(1, 10) },
    })
    await program.call('add', [{ x: Float32Array.of(1, 10) }])
    expect(await program.call('read', [])).toEqual({
      kernel: Float32Array.of(3, 22),
      count: Int32Array.of(2),
    })
    await program.dispose()
  })

  it('returns constants, and takes constants and arguments as new state', async () => {
    const program = await createProgram({ ...counterOptions(), mode })
    expect(await program.call('constant', [])).toEqual({
      ones: Float32Array.of(1, 1, 1),
      pi: Float32Array.of(3),
    })
    await program.call('add', [{ x: Float32Array.of(1, 1) }])
    const x = Float32Array.of(5, 6)
    await program.call('reset', [x])
    x.fill(99)
    expect(await program.call('read', [])).toEqual({ kernel: Float32Array.of(5, 6), count: Int32Array.of(0) })
    await program.dispose()
  })

  it('hands out copies: writing into a result changes nothing', async () => {
    const program = await createProgram({ ...counterOptions(), mode })
    const { kernel } = await program.call('read', [])
    ;(kernel as Float32Array).fill(99)
    const { ones } = await program.call('constant', [])
    ;(ones as Float32Array).fill(99)
    const state = (await program.getState()) as { weights: { unread: HostTensor } }
    state.weights.unread.data.fill(99)
    expect((await program.call('read', []))['kernel']).toEqual(Float32Array.of(1, 2))
    expect((await program.call('constant', []))['ones']).toEqual(Float32Array.of(1, 1, 1))
    expect(((await program.getState()) as typeof state).weights.unread.data).toEqual(Float32Array.of(7))
    await program.dispose()
  })

  it('fetches all outputs, none, or those named, and changes the state in any case', async () => {
    const program = await createProgram({ ...counterOptions(), mode })
    const args = [{ x: Float32Array.of(1, 10) }]
    expect(await program.call('add', args, { fetch: 'none' })).toEqual({})
    expect(await program.call('add', args, { fetch: ['sum'] })).toEqual({ sum: Float32Array.of(11) })
    expect(await program.call('read', [], { fetch: 'none' })).toEqual({})
    expect((await program.call('read', [], { fetch: ['count'] }))['count']).toEqual(Int32Array.of(2))
    await expect(program.call('add', args, { fetch: ['product'] })).rejects.toThrow(
      new RangeError('counter.add: fetch must name outputs of the function (sum, parts), got product'),
    )
    for (const fetch of [null, 5, 'sum']) {
      await expect(program.call('add', args, { fetch: fetch as never })).rejects.toThrow(
        new TypeError(
          `counter.add: fetch must be 'all', 'none' or a list of outputs of the function (sum, parts), got ${String(fetch)}, ` +
            'put names into an array',
        ),
      )
    }
    await program.dispose()
  })

  it('fetches what an array of names holds now, also where the caller has changed it', async () => {
    const program = await createProgram({ ...counterOptions(), mode })
    const fetch = ['count']
    expect(await program.call('read', [], { fetch })).toEqual({ count: Int32Array.of(0) })
    fetch[0] = 'kernel'
    expect(await program.call('read', [], { fetch })).toEqual({ kernel: Float32Array.of(1, 2) })
    await program.dispose()
  })

  it('runs calls one after another, also where one of them fails', async () => {
    const program = await createProgram({ ...counterOptions(), mode })
    const args = [{ x: Float32Array.of(1, 1) }]
    const calls = [
      program.call('add', args),
      program.call('add', args, { fetch: ['nothing'] }),
      program.call('add', args),
      program.call('read', []),
    ]
    const results = await Promise.allSettled(calls)
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'fulfilled'])
    expect((results[3] as PromiseFulfilledResult<Record<string, HostData>>).value['kernel']).toEqual(
      Float32Array.of(3, 4),
    )
    await program.dispose()
  })

  it('gives and takes its state on the host, in the structure it was given', async () => {
    const program = await createProgram({ ...counterOptions(), mode })
    await program.call('add', [{ x: Float32Array.of(1, 10) }])
    const state = await program.getState()
    expect(state).toEqual({
      count: { shape: [], dtype: 'int32', data: Int32Array.of(1) },
      weights: {
        kernel: { shape: [2], dtype: 'float32', data: Float32Array.of(2, 12) },
        unread: { shape: [1], dtype: 'float32', data: Float32Array.of(7) },
      },
    })
    await program.call('add', [{ x: Float32Array.of(1, 10) }])
    program.setState(state)
    expect((await program.call('read', []))['kernel']).toEqual(Float32Array.of(2, 12))
    // Set while calls are under way, it takes effect after them.
    const pending = program.call('add', [{ x: Float32Array.of(1, 10) }])
    program.setState(state)
    await pending
    expect((await program.call('read', []))['count']).toEqual(Int32Array.of(1))
    await program.dispose()
  })

  it('allocates no tensor over 1,000 calls', async () => {
    const program = await createProgram({ ...counterOptions(), mode })
    const args = [{ x: Float32Array.of(1, 10) }]
    await program.call('add', args)
    const before = tf.memory().numTensors
    for (let i = 0; i < 1000; i++) await program.call('add', args, { fetch: i % 2 === 0 ? 'all' : 'none' })
    expect(tf.memory().numTensors).toBe(before)
    await program.dispose()
  })

  it('holds the same number of tensors after every call, and none after dispose', async () => {
    const program = await createProgram({ ...counterOptions(), mode })
    const counts: number[] = []
    for (let i = 0; i < 3; i++) {
      await program.call('add', [{ x: Float32Array.of(i, 1) }])
      counts.push(liveTensors(program))
    }
    expect(counts).toEqual(Array(3).fill(mode.kind === 'compiled' ? 4 : 3))
    await program.dispose()
    expect(liveTensors(program)).toBe(0)
  })

  it('hands out an array of its own for each output, also where two are one value', async () => {
    const program = await createProgram({
      name: 'twins',
      state: tf.scalar(1),
      mode,
      functions: {
        f: {
          args: [{ shape: [2] }],
          run: (s, x: tf.Tensor) => {
            const y = tf.add(x, s)
            return { a: y, b: [y, tf.add(x, s)] }
          },
        },
      },
    })
    const { a, b } = await program.call('f', [Float32Array.of(1, 2)])
    ;(a as Float32Array).fill(9)
    expect(b).toEqual([Float32Array.of(2, 3), Float32Array.of(2, 3)])
    ;(b as Float32Array[])[0].fill(9)
    expect((b as Float32Array[])[1]).toEqual(Float32Array.of(2, 3))
    await program.dispose()
  })

  it('tells the names of outputs apart from a name with a comma', async () => {
    const program = await createProgram({
      name: 'commas',
      state: tf.scalar(1),
      mode,
      functions: { f: { args: [], run: (s) => ({ a: tf.add(s, 1), b: tf.add(s, 2), 'a,b': tf.add(s, 3) }) } },
    })
    const fetch = async (...names: string[]): Promise<object> => await program.call('f', [], { fetch: names })
    expect(await fetch('a', 'b')).toEqual({ a: Float32Array.of(2), b: Float32Array.of(3) })
    expect(await fetch('a,b')).toEqual({ 'a,b': Float32Array.of(4) })
    await program.dispose()
  })
})

describe('createProgram', () => {
  it('swaps leaves of the state, and copies one over another', async () => {
    const program = await createProgram({
      name: 'swap',
      state: { a: tf.tensor(1), b: tf.tensor(2) },
      functions: {
        swap: { args: [], run: ({ a, b }) => ({ state: { a: b, b: a }, first: a }) },
        copy: { args: [], run: ({ a }) => ({ state: { a, b: a } }) },
        double: { args: [], run: ({ a, b }) => ({ state: { a: tf.mul(a, 2), b } }) },
      },
    })
    expect(await program.call('swap', [])).toEqual({ first: Float32Array.of(1) })
    await program.call('copy', [])
    await program.call('double', [])
    expect((await hostState(program)).map(({ data }) => data[0])).toEqual([4, 2])
    await program.dispose()
  })

  it('carries int32, bool, empty and rank 5 tensors in and out', async () => {
    const program = await createProgram({
      name: 'types',
      state: tf.tensor([1, 0, 1], [3], 'bool'),
      functions: {
        f: {
          args: [
            { shape: [3], dtype: 'bool' },
            { shape: [2], dtype: 'int32' },
            [{ shape: [0, 4] }],
            { shape: [1, 2, 1, 2, 1] },
          ],
          run: (s, b: tf.Tensor, i: tf.Tensor, [e]: tf.Tensor[], r: tf.Tensor) => ({
            state: tf.logicalAnd(s, b),
            i: tf.mul(i, i),
            e: tf.add(e, 1),
            r: tf.neg(r),
            any: tf.any(s),
          }),
        },
      },
    })
    const result = await program.call('f', [
      Uint8Array.of(1, 1, 0),
      Int32Array.of(3, -4),
      [new Float32Array(0)],
      Float32Array.of(1, 2, 3, 4),
    ])
    expect(result).toEqual({
      i: Int32Array.of(9, 16),
      e: new Float32Array(0),
      r: Float32Array.of(-1, -2, -3, -4),
      any: Uint8Array.of(1),
    })
    expect(await program.getState()).toEqual({ shape: [3], dtype: 'bool', data: Uint8Array.of(1, 0, 0) })
    await program.dispose()
  })

  it('leaves the tensors of its options alone', async () => {
    const options = counterOptions()
    const before = tf.memory().numTensors
    const program = await createProgram(options)
    await program.call('add', [{ x: Float32Array.of(1, 2) }])
    await program.dispose()
    expect(tf.memory().numTensors).toBe(before)
    expect(options.state.weights.kernel.dataSync()).toEqual(Float32Array.of(1, 2))
  })
})
