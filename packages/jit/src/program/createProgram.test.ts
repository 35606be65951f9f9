import * as tf from '@tensorflow/tfjs'
import { beforeAll, describe, expect, it } from 'vitest'
import { leaves } from '@maxent/core/tree'
import { sacFixture, type Sizes } from '../../fixtures/sac.ts'
import { loadRuntime } from '../runtime/runtime.ts'
import { liveSessions } from '../runtime/session.ts'
import type { HostData, HostTensor, Program, ProgramOptions } from '../types.ts'
import { createProgram, liveTensors } from './createProgram.ts'

tf.env().set('PROD', true)
beforeAll(async () => {
  await tf.setBackend('cpu')
})

const small: Sizes = { observation: 3, action: 2, hidden: 16, batch: 8 }

type Counter = { count: tf.Tensor; weights: { kernel: tf.Tensor; unread: tf.Tensor } }

/** A program with a state of three leaves, one of which nothing reads. */
function counterOptions(): ProgramOptions<Counter> {
  return {
    name: 'counter',
    state: {
      count: tf.scalar(0, 'int32'),
      weights: { kernel: tf.tensor1d([1, 2]), unread: tf.tensor1d([7]) },
    },
    functions: {
      add: {
        args: [{ x: { shape: [2] } }],
        run: (state, { x }: { x: tf.Tensor }) => ({
          state: {
            count: tf.add(state.count, tf.scalar(1, 'int32')),
            weights: { ...state.weights, kernel: tf.add(state.weights.kernel, x) },
          },
          sum: tf.sum(x),
          parts: { twice: tf.mul(x, 2), same: x },
        }),
      },
      read: { args: [], run: (state) => ({ kernel: state.weights.kernel, count: state.count }) },
      constant: { args: [], run: () => ({ ones: tf.ones([3]), pi: tf.scalar(3) }) },
      reset: {
        args: [{ shape: [2] }],
        run: (state, x: tf.Tensor) => ({
          state: { count: tf.scalar(0, 'int32'), weights: { kernel: x, unread: state.weights.unread } },
        }),
      },
    },
  }
}

const modes = [{ kind: 'compiled' }, { kind: 'eager', backend: 'cpu' }] as const

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

  it('refuses a state that does not fit', async () => {
    const program = await createProgram({ ...counterOptions(), mode })
    const count = { shape: [], dtype: 'int32', data: Int32Array.of(1) } as const
    const kernel = { shape: [2], dtype: 'float32', data: Float32Array.of(1, 2) } as const
    const unread = { shape: [1], dtype: 'float32', data: Float32Array.of(1) } as const
    expect(() => program.setState({ weights: { kernel, unread }, count })).toThrow(
      'counter.setState: "state" must have the keys [count, weights] in that order, got [weights, count]',
    )
    expect(() => program.setState({ count, weights: kernel })).toThrow(
      'counter.setState: "state/weights" must be a record or array as in the program\'s state, got Object',
    )
    expect(() => program.setState({ count, weights: { kernel: count, unread } })).toThrow(
      'counter.setState: "state/weights/kernel" must be float32 [2] as in the program\'s state, got int32 []',
    )
    expect(() =>
      program.setState({ count, weights: { kernel: { ...kernel, data: Float32Array.of(1) }, unread } }),
    ).toThrow('counter.setState: state/weights/kernel must have 2 elements for shape [2], got 1')
    expect(() =>
      program.setState({ count, weights: { kernel: Float32Array.of(1, 2) as never, unread } }),
    ).toThrow('counter.setState: "state/weights/kernel" must be { shape, dtype, data }, got Float32Array')
    await program.dispose()
  })

  it('refuses arguments that do not fit', async () => {
    const program = await createProgram({ ...counterOptions(), mode })
    const x = Float32Array.of(1, 2)
    await expect(program.call('ad', [{ x }])).rejects.toThrow(
      'counter.call: name must be one of add, read, constant, reset, got ad',
    )
    await expect(program.call('add', [])).rejects.toThrow(
      'counter.add: args must have one entry per argument (1), got 0',
    )
    await expect(program.call('add', undefined as never)).rejects.toThrow(
      new TypeError(
        'counter.add: args must be an array with one entry per argument (1), got undefined, pass [] where there are none',
      ),
    )
    await expect(program.call('add', [{ y: x }])).rejects.toThrow(
      'counter.add: arguments must have the structure of args, got arg0/y where they have arg0/x',
    )
    await expect(program.call('add', [{ x, y: x }])).rejects.toThrow(
      'counter.add: arguments must have the structure of args, got arg0/y where they have no further leaf',
    )
    await expect(program.call('add', [{}])).rejects.toThrow(
      'counter.add: arguments must have the structure of args, got none at arg0/x, pass an array there',
    )
    await expect(program.call('add', [{ x: Float32Array.of(1) }])).rejects.toThrow(
      'counter.add: arg0/x must have 2 elements for shape [2], got 1',
    )
    await expect(program.call('add', [{ x: Int32Array.of(1, 2) }])).rejects.toThrow(
      'counter.add: arg0/x must be a Float32Array (float32), got Int32Array',
    )
    await expect(program.call('add', [{ x: new Float32Array(new SharedArrayBuffer(8)) }])).rejects.toThrow(
      'counter.add: arg0/x must not be a view of a SharedArrayBuffer, got one, copy it into a plain array',
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
  })

  it('refuses to export a function that returns its state alone', async () => {
    const program = await createProgram({ ...counterOptions(), mode })
    await expect(program.export('reset')).rejects.toThrow(
      new RangeError(
        'counter.reset: an exported function must have an output, got none beside the state, return what the file is to give under a name of its own',
      ),
    )
    await program.dispose()
  })

  it('refuses every use after dispose', async () => {
    const program = await createProgram({ ...counterOptions(), mode })
    const state = await program.getState()
    await program.dispose()
    await program.dispose()
    const message = 'the program must not be used after dispose, make a new one'
    await expect(program.call('read', [])).rejects.toThrow(`counter.call: ${message}`)
    await expect(program.getState()).rejects.toThrow(`counter.getState: ${message}`)
    await expect(program.export('read')).rejects.toThrow(`counter.export: ${message}`)
    expect(() => program.setState(state)).toThrow(`counter.setState: ${message}`)
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

  it('gives the same bits when run again', async () => {
    const run = async (): Promise<HostData[]> => {
      const { state, update, batch } = sacFixture(small)
      const program = await createProgram({ name: 'sac', state, functions: { update }, mode } as never)
      for (let i = 0; i < 3; i++) await program.call('update', batch(i))
      const values = leaves(await hostState(program)).map(({ data }) => data)
      await program.dispose()
      return values
    }
    expect(await run()).toEqual(await run())
  })

  it('exports a function as one file that runs on its own', async () => {
    const program = await createProgram({ ...counterOptions(), mode })
    await program.call('add', [{ x: Float32Array.of(1, 10) }])
    const file = await program.export('read')
    await program.call('add', [{ x: Float32Array.of(1, 10) }])
    const { InferenceSession, Tensor } = await loadRuntime()
    const read = await InferenceSession.create(file)
    expect(read.inputNames).toEqual([])
    const { kernel, count } = await read.run({})
    expect(kernel.data).toEqual(Float32Array.of(2, 12))
    expect(count.data).toEqual(Int32Array.of(1))
    const add = await InferenceSession.create(await program.export('add'))
    expect([add.inputNames, add.outputNames]).toEqual([['arg0/x'], ['sum', 'parts/twice', 'parts/same']])
    const results = await add.run({ 'arg0/x': new Tensor('float32', Float32Array.of(1, 2), [2]) })
    expect(Object.values(results).map(({ data }) => data)).toEqual([
      Float32Array.of(3),
      Float32Array.of(2, 4),
      Float32Array.of(1, 2),
    ])
    await program.dispose()
  })
})

async function hostState(program: Program): Promise<HostTensor[]> {
  const found: HostTensor[] = []
  const walk = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return
    if ('data' in node) found.push(node as HostTensor)
    else Object.values(node).forEach(walk)
  }
  walk(await program.getState())
  return found
}

describe('createProgram', () => {
  it('computes a whole actor-critic update as eager tfjs does', async () => {
    const { state, update, act, batch } = sacFixture(small)
    const functions = { update, act }
    const [compiled, eager] = await Promise.all(
      modes.map((mode) => createProgram({ name: 'sac', state, functions, mode } as never)),
    )
    for (let i = 0; i < 2; i++) {
      const [a, b] = await Promise.all([compiled.call('update', batch(i)), eager.call('update', batch(i))])
      for (const key of ['criticLoss', 'policyLoss', 'alpha']) {
        expect((a[key] as Float32Array)[0]).toBeCloseTo((b[key] as Float32Array)[0], 5)
      }
    }
    const [a, b] = await Promise.all([hostState(compiled), hostState(eager)])
    a.forEach(({ data }, i) => data.forEach((x, k) => expect(Math.abs(x - b[i].data[k])).toBeLessThan(2e-6)))
    expect(compiled.stats['update'].nodes).toBeGreaterThan(100)
    expect(compiled.stats['update'].compileMs).toBeGreaterThan(0)
    expect(eager.stats['update']).toEqual({ traceMs: 0, compileMs: 0, nodes: 0 })
    await Promise.all([compiled.dispose(), eager.dispose()])
  })

  it('gives timers and signals a turn before a call that changes the state, and reads at once', async () => {
    const { state, update, act, batch } = sacFixture(small)
    const program = await createProgram({ name: 'sac', state, functions: { update, act } } as never)
    const turned = async (call: () => Promise<unknown>): Promise<boolean> => {
      let turned = false
      setImmediate(() => (turned = true))
      await call()
      return turned
    }
    expect(await turned(() => program.call('update', batch(0)))).toBe(true)
    const observation = [Float32Array.of(0.1, -0.2, 0.3), Float32Array.of(1, -1)]
    expect(await turned(() => program.call('act', observation))).toBe(false)
    await program.dispose()
  })

  it('gives the same bits for an update with one and with two threads', async () => {
    const sizes: Sizes = { observation: 17, action: 6, hidden: 256, batch: 256 }
    const { state, update, batch } = sacFixture(sizes)
    const run = async (threads: number): Promise<HostTensor[]> => {
      const program = await createProgram({
        name: 'sac',
        state,
        functions: { update },
        mode: { kind: 'compiled', threads },
      } as never)
      for (let i = 0; i < 2; i++) await program.call('update', batch(i))
      const values = await hostState(program)
      await program.dispose()
      return values
    }
    expect(await run(1)).toEqual(await run(2))
  })

  it('makes a constant of a captured tensor in every program that captures it', async () => {
    const captured = tf.tensor1d([1, 2, 3])
    const make = (name: string): Promise<Program> =>
      createProgram({
        name,
        state: tf.scalar(1),
        functions: {
          f: { args: [{ shape: [3] }], run: (s, x: tf.Tensor) => ({ y: tf.mul(tf.add(x, captured), s) }) },
        },
      })
    const [a, b] = [await make('a'), await make('b')]
    captured.dispose()
    for (const program of [a, b]) {
      expect(await program.call('f', [Float32Array.of(1, 1, 1)])).toEqual({ y: Float32Array.of(2, 3, 4) })
      await program.dispose()
    }
  })

  it.each<[string, () => (x: tf.Tensor) => Record<string, tf.Tensor>, Record<string, HostData>]>([
    [
      'of another shape',
      () => {
        const row = tf.tensor2d([[1, 2]])
        const column = row.reshape([2, 1])
        return (x) => ({ row: tf.add(x, row), column: tf.add(x, column), again: tf.sub(x, row) })
      },
      {
        row: Float32Array.of(1, 2, 1, 2),
        column: Float32Array.of(1, 1, 2, 2),
        again: Float32Array.of(-1, -2, -1, -2),
      },
    ],
    [
      'of another rank',
      () => {
        const row = tf.tensor2d([[1, 2]])
        const flat = row.reshape([2])
        return (x) => ({ row: tf.add(x, row), flat: tf.add(flat, tf.sum(x)) })
      },
      { row: Float32Array.of(1, 2, 1, 2), flat: Float32Array.of(1, 2) },
    ],
    [
      'cast to another dtype',
      () => {
        const counts = tf.tensor1d([1, 2], 'int32')
        const floats = counts.toFloat()
        return (x) => ({ counts: tf.add(counts, counts), floats: tf.add(x, floats) })
      },
      { counts: Int32Array.of(2, 4), floats: Float32Array.of(1, 2, 1, 2) },
    ],
  ])('tells captured tensors apart that share their data, %s', async (_, capture, expected) => {
    const f = capture()
    const program = await createProgram({
      name: 'views',
      state: tf.scalar(1),
      functions: { f: { args: [{ shape: [2, 2] }], run: (_s, x: tf.Tensor) => f(x) } },
    })
    expect(await program.call('f', [new Float32Array(4)])).toEqual(expected)
    await program.dispose()
  })

  it('exports what was compiled, whatever became of captured tensors and variables', async () => {
    const captured = tf.tensor1d([1, 2])
    const variable = tf.variable(tf.tensor1d([1, 1]))
    const program = await createProgram({
      name: 'captures',
      state: tf.scalar(10),
      functions: {
        f: { args: [], run: (s) => ({ y: tf.add(tf.mul(captured, s), variable) }) },
      },
    })
    captured.dispose()
    variable.assign(tf.tensor1d([5, 5]))
    const { InferenceSession } = await loadRuntime()
    const { y } = await (await InferenceSession.create(await program.export('f'))).run({})
    expect(y.data).toEqual(Float32Array.of(11, 21))
    expect(await program.call('f', [])).toEqual({ y: Float32Array.of(11, 21) })
    variable.dispose()
    await program.dispose()
  })

  it('releases the sessions of a program that is disposed, and of one that cannot be made', async () => {
    const before = liveSessions()
    const options = counterOptions()
    const program = await createProgram(options)
    // Two of its functions compute anything.
    expect(liveSessions()).toBeGreaterThan(before)
    await program.dispose()
    expect(liveSessions()).toBe(before)
    const fails = { args: [], run: (s: Counter) => ({ y: tf.scalar(s.count.dataSync()[0]) }) }
    await expect(createProgram({ ...options, functions: { ...options.functions, fails } })).rejects.toThrow(
      'counter.fails: traced tensors must not be read',
    )
    expect(liveSessions()).toBe(before)
  })

  it('runs each eager program on its own backend, also where several are called at once', async () => {
    const backends = ['first', 'second', 'cpu']
    for (const name of backends.slice(0, 2)) {
      tf.registerBackend(name, tf.findBackendFactory('cpu'))
      tf.copyRegisteredKernels('cpu', name)
    }
    const seen: string[] = []
    const programs = await Promise.all(
      backends.map((backend) =>
        createProgram({
          name: backend,
          state: tf.scalar(0),
          mode: { kind: 'eager', backend },
          functions: {
            f: {
              args: [{ shape: [] }],
              run: (s, x: tf.Tensor) => {
                seen.push(`${backend} on ${tf.getBackend()}`)
                const state = tf.add<tf.Scalar>(s, x)
                return { state, y: state }
              },
            },
          },
        }),
      ),
    )
    expect(tf.getBackend()).toBe('cpu')
    const stores = backends.map((name) => tf.findBackend(name))
    const counts = (): number[] => stores.map((store) => store.numDataIds())
    const before = counts()
    for (const program of programs)
      program.setState({ shape: [], dtype: 'float32', data: Float32Array.of(10) })
    const calls = [1, 2, 3].flatMap((x) => programs.map((program) => program.call('f', [Float32Array.of(x)])))
    const results = (await Promise.all(calls)).map(({ y }) => (y as Float32Array)[0])
    expect(results).toEqual([11, 11, 11, 13, 13, 13, 16, 16, 16])
    expect(new Set(seen)).toEqual(new Set(backends.map((name) => `${name} on ${name}`)))
    expect(counts()).toEqual(before)
    expect(tf.getBackend()).toBe('cpu')
    await Promise.all(programs.map((program) => program.dispose()))
    for (const name of backends.slice(0, 2)) tf.removeBackend(name)
  })

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

  it('refuses options that are not valid', async () => {
    const options = counterOptions()
    const make = (change: object): Promise<Program> => createProgram({ ...options, ...change })
    await expect(make({ name: '' })).rejects.toThrow('createProgram: name must be a non-empty string, got ')
    await expect(make({ functions: {} })).rejects.toThrow(
      'createProgram: functions must have at least one entry, got none in program counter',
    )
    await expect(make({ state: { count: 3 } })).rejects.toThrow(
      'createProgram: state "count" of counter must be a tensor, got number, wrap numbers in tf.scalar',
    )
    await expect(make({ state: tf.tensor(['text']) })).rejects.toThrow(
      'createProgram: tensors must have dtype float32, int32 or bool, got string, convert them before the call',
    )
    await expect(make({ mode: { kind: 'compiled', threads: 0 } })).rejects.toThrow(
      'createProgram: mode.threads must be an integer of at least 1, got 0',
    )
    await expect(make({ mode: { kind: 'fast' } })).rejects.toThrow(
      'createProgram: mode.kind must be compiled or eager, got fast',
    )
    await expect(make({ mode: { kind: 'eager', backend: 'abacus' } })).rejects.toThrow(
      /createProgram: backend must be one of .*cpu.*, got abacus, import its package first/,
    )
    const f = (args: unknown): Promise<Program> => make({ functions: { f: { run: () => ({}), args } } })
    await expect(f(3)).rejects.toThrow('counter.f: args must be an array of specs, got number')
    await expect(f([3])).rejects.toThrow('counter.f: "args" must be a tree of { shape, dtype? }, got 3')
    await expect(f([{ x: { shape: [1.5] } }])).rejects.toThrow(
      'counter.f: shape of "args/x" must be integers of at least 0, got [1.5]',
    )
    await expect(f([{ x: { shape: [1], dtype: 'int64' } }])).rejects.toThrow(
      'counter.f: dtype of "args/x" must be float32, int32 or bool, got int64',
    )
  })

  it('refuses to export an output that is named like an input', async () => {
    const program = await createProgram({
      name: 'p',
      state: tf.scalar(1),
      functions: { f: { args: [{ shape: [] }], run: (s, x: tf.Tensor) => ({ arg0: tf.add(x, s) }) } },
    })
    await expect(program.export('f')).rejects.toThrow(
      'p.f: outputs must not be named like an input of the file, got arg0, rename the output',
    )
    await program.dispose()
  })
})
