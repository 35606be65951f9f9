import * as tf from '@tensorflow/tfjs'
import { beforeAll, describe, expect, it } from 'vitest'
import { counterOptions, modes } from '../../fixtures/counter.ts'
import { TRACE_BACKEND } from '../trace/backend.ts'
import type { Program } from '../types.ts'
import { createProgram } from './createProgram.ts'

tf.env().set('PROD', true)
beforeAll(async () => {
  await tf.setBackend('cpu')
})

describe.each(modes)('a program, $kind', (mode) => {
  it('refuses a state that does not fit', async () => {
    const program = await createProgram({ ...counterOptions(), mode })
    const count = { shape: [], dtype: 'int32', data: Int32Array.of(1) } as const
    const kernel = { shape: [2], dtype: 'float32', data: Float32Array.of(1, 2) } as const
    const unread = { shape: [1], dtype: 'float32', data: Float32Array.of(1) } as const
    expect(() => program.setState({ weights: { kernel, unread }, count })).toThrow(
      new RangeError(
        'counter.setState: "state" must have the keys [count, weights] in that order, got [weights, count]',
      ),
    )
    expect(() => program.setState({ count, weights: kernel })).toThrow(
      new RangeError(
        'counter.setState: "state/weights" must be a record or array as in the program\'s state, got Object',
      ),
    )
    expect(() => program.setState({ count, weights: { kernel: count, unread } })).toThrow(
      new RangeError(
        'counter.setState: "state/weights/kernel" must be float32 [2] as in the program\'s state, got int32 []',
      ),
    )
    expect(() =>
      program.setState({ count, weights: { kernel: { ...kernel, data: Float32Array.of(1) }, unread } }),
    ).toThrow(
      new RangeError('counter.setState: state/weights/kernel must have 2 elements for shape [2], got 1'),
    )
    expect(() =>
      program.setState({ count, weights: { kernel: Float32Array.of(1, 2) as never, unread } }),
    ).toThrow(
      new TypeError(
        'counter.setState: "state/weights/kernel" must be { shape, dtype, data }, got Float32Array',
      ),
    )
    await program.dispose()
  })

  it('refuses arguments that do not fit', async () => {
    const program = await createProgram({ ...counterOptions(), mode })
    const x = Float32Array.of(1, 2)
    await expect(program.call('ad', [{ x }])).rejects.toThrow(
      new RangeError('counter.call: name must be one of add, read, constant, reset, got ad'),
    )
    await expect(program.call('add', [])).rejects.toThrow(
      new RangeError('counter.add: args must have one entry per argument (1), got 0'),
    )
    await expect(program.call('add', undefined as never)).rejects.toThrow(
      new TypeError(
        'counter.add: args must be an array with one entry per argument (1), got undefined, pass [] where there are none',
      ),
    )
    await expect(program.call('add', [{ y: x }])).rejects.toThrow(
      new RangeError(
        'counter.add: arguments must have the structure of args, got arg0/y where they have arg0/x',
      ),
    )
    await expect(program.call('add', [{ x, y: x }])).rejects.toThrow(
      new RangeError(
        'counter.add: arguments must have the structure of args, got arg0/y where they have no further leaf',
      ),
    )
    await expect(program.call('add', [{}])).rejects.toThrow(
      new RangeError(
        'counter.add: arguments must have the structure of args, got none at arg0/x, pass an array there',
      ),
    )
    await expect(program.call('add', [{ x: Float32Array.of(1) }])).rejects.toThrow(
      new RangeError('counter.add: arg0/x must have 2 elements for shape [2], got 1'),
    )
    await expect(program.call('add', [{ x: Int32Array.of(1, 2) }])).rejects.toThrow(
      new TypeError('counter.add: arg0/x must be a Float32Array (float32), got Int32Array'),
    )
    await expect(program.call('add', [{ x: new Float32Array(new SharedArrayBuffer(8)) }])).rejects.toThrow(
      new TypeError(
        'counter.add: arg0/x must not be a view of a SharedArrayBuffer, got one, copy it into a plain array',
      ),
    )
    await program.dispose()
  })

  it('refuses bools other than 0 and 1, in arguments and in a state', async () => {
    const program = await createProgram({
      name: 'bools',
      state: { mask: tf.tensor1d([1, 0], 'bool') },
      mode,
      functions: {
        f: {
          args: [{ shape: [2], dtype: 'bool' }],
          run: (s, x: tf.Tensor) => ({ y: tf.logicalAnd(s.mask, x) }),
        },
      },
    })
    await expect(program.call('f', [Uint8Array.of(1, 2)])).rejects.toThrow(
      new RangeError('bools.f: arg0 must hold 0 or 1 (bool), got 2 at index 1, pass 1 for true'),
    )
    const mask = { shape: [2], dtype: 'bool', data: Uint8Array.of(255, 0) } as const
    expect(() => program.setState({ mask })).toThrow(
      new RangeError(
        'bools.setState: state/mask must hold 0 or 1 (bool), got 255 at index 0, pass 1 for true',
      ),
    )
    expect(await program.call('f', [Uint8Array.of(1, 1)])).toEqual({ y: Uint8Array.of(1, 0) })
    await program.dispose()
    const state = { mask: tf.tensor1d(Uint8Array.of(1, 5), 'bool') }
    const functions = { f: { args: [], run: ({ mask }: typeof state) => ({ mask }) } }
    await expect(createProgram({ name: 'bools', state, mode, functions })).rejects.toThrow(
      new RangeError(
        'createProgram: state/mask of bools must hold 0 or 1 (bool), got 5 at index 1, pass 1 for true',
      ),
    )
  })

  it('refuses every use after dispose', async () => {
    const program = await createProgram({ ...counterOptions(), mode })
    const state = await program.getState()
    await program.dispose()
    await program.dispose()
    const message = 'the program must not be used after dispose, make a new one'
    await expect(program.call('read', [])).rejects.toThrow(new Error(`counter.call: ${message}`))
    await expect(program.getState()).rejects.toThrow(new Error(`counter.getState: ${message}`))
    await expect(program.export('read')).rejects.toThrow(new Error(`counter.export: ${message}`))
    expect(() => program.setState(state)).toThrow(new Error(`counter.setState: ${message}`))
  })
})

describe('createProgram', () => {
  it('refuses backends that are none, and the one that traces', async () => {
    const options = counterOptions()
    const traced = await createProgram(options)
    for (const backend of ['abacus', TRACE_BACKEND]) {
      await expect(createProgram({ ...options, mode: { kind: 'eager', backend } })).rejects.toThrow(
        new RangeError(`createProgram: backend must be one of cpu, got ${backend}, import its package first`),
      )
    }
    await traced.dispose()
  })

  it('refuses options that are not valid', async () => {
    const options = counterOptions()
    const make = (change: object): Promise<Program> => createProgram({ ...options, ...change })
    await expect(make({ name: '' })).rejects.toThrow(
      new TypeError('createProgram: name must be a non-empty string, got '),
    )
    await expect(make({ functions: {} })).rejects.toThrow(
      new RangeError('createProgram: functions must have at least one entry, got none in program counter'),
    )
    await expect(make({ state: { count: 3 } })).rejects.toThrow(
      new TypeError(
        'createProgram: state "count" of counter must be a tensor, got number, wrap numbers in tf.scalar',
      ),
    )
    await expect(make({ state: tf.tensor(['text']) })).rejects.toThrow(
      new TypeError(
        'createProgram: tensors must have dtype float32, int32 or bool, got string, convert them before the call',
      ),
    )
    await expect(make({ mode: { kind: 'compiled', threads: 0 } })).rejects.toThrow(
      new RangeError('createProgram: mode.threads must be an integer of at least 1, got 0'),
    )
    await expect(make({ mode: { kind: 'fast' } })).rejects.toThrow(
      new RangeError('createProgram: mode.kind must be compiled or eager, got fast'),
    )
    const f = (args: unknown): Promise<Program> => make({ functions: { f: { run: () => ({}), args } } })
    await expect(f(3)).rejects.toThrow(new TypeError('counter.f: args must be an array of specs, got number'))
    await expect(f([3])).rejects.toThrow(
      new TypeError('counter.f: "args" must be a tree of { shape, dtype? }, got 3'),
    )
    await expect(f([{ x: { shape: [1.5] } }])).rejects.toThrow(
      new RangeError('counter.f: shape of "args/x" must be integers of at least 0, got [1.5]'),
    )
    await expect(f([{ x: { shape: [1], dtype: 'int64' } }])).rejects.toThrow(
      new RangeError('counter.f: dtype of "args/x" must be float32, int32 or bool, got int64'),
    )
  })
})
