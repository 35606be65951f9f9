import * as tf from '@tensorflow/tfjs'
import { beforeAll, describe, expect, it } from 'vitest'
import { leaves } from '@maxent/core/tree'
import { counterOptions, hostState, modes, type Counter } from '../../fixtures/counter.ts'
import { sacFixture, type Sizes } from '../../fixtures/sac.ts'
import { liveSessions } from '../runtime/session.ts'
import type { HostData, HostTensor, Program } from '../types.ts'
import { createProgram } from './createProgram.ts'

tf.env().set('PROD', true)
beforeAll(async () => {
  await tf.setBackend('cpu')
})

const small: Sizes = { observation: 3, action: 2, hidden: 16, batch: 8 }

describe.each(modes)('a program, $kind', (mode) => {
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
})

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

  it('releases the sessions of a program that is disposed, and of one that cannot be made', async () => {
    const before = liveSessions()
    const counter = counterOptions()
    const twice = {
      args: [],
      run: (s: Counter) => ({ state: { ...s, count: tf.add<tf.Scalar>(s.count, s.count) } }),
    }
    const options = { ...counter, functions: { ...counter.functions, twice } }
    const program = await createProgram(options)
    // Those of `add` and `twice`: the others compute nothing.
    expect(liveSessions()).toBe(before + 2)
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
})
