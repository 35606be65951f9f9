import * as tf from '@tensorflow/tfjs'
import { key, uniform } from '@maxent/core/keys'
import { leaves } from '@maxent/core/tree'
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { constantArray } from '../graph/arrays.ts'
import { encodeModel } from '../graph/onnx.ts'
import { createProgram, executorOf } from '../program/createProgram.ts'
import { loadRuntime } from '../runtime/runtime.ts'
import { createSession, inputOf, liveSessions, releaseSession } from '../runtime/session.ts'
import type { HostData, HostTensor, Program, ProgramOptions } from '../types.ts'
import { stagesOf, type Staged } from './stages.ts'

const SIZE = 4098

tf.env().set('PROD', true)
beforeAll(async () => {
  await tf.setBackend('cpu')
})
const opened: Program[] = []
afterEach(async () => {
  for (const program of opened.splice(0)) await program.dispose()
  expect(liveSessions()).toBe(0)
})

const numbers = (seed: number, size = SIZE): Float32Array => uniform(key(seed), size).map((x) => 2 * x - 1)
const vector = (seed: number): tf.Tensor1D => tf.tensor1d(numbers(seed))

/** What a function computes when ONNX Runtime is left to do all of it. */
async function wholly(program: Program, name: string, args: readonly HostData[]): Promise<HostData[]> {
  const { graph } = executorOf('test', program).traced.get(name) ?? {
    graph: { inputs: [], nodes: [], outputs: [] },
  }
  const state = leaves<HostTensor>((await program.getState()) as HostTensor)
  const given = [...state.map(({ data }) => data), ...args]
  const feeds = new Map(
    graph.inputs.map(({ shape, dtype }, i) => [
      graph.inputs[i],
      inputOf({ shape, dtype: dtype as 'float32' }, given[i]),
    ]),
  )
  const made = new Set(graph.nodes.flatMap(({ outputs }) => outputs))
  const read = new Set(graph.nodes.flatMap(({ inputs }) => inputs))
  const computed = [...new Set(graph.outputs)].filter((value) => made.has(value))
  if (computed.length === 0)
    return graph.outputs.map((value) => feeds.get(value)?.data ?? constantArray(value))
  const inputs = graph.inputs.filter((value) => read.has(value))
  const outputNames = computed.map((_, i) => `whole${i}`)
  const model = encodeModel({ name, graph: { ...graph, inputs, outputs: computed }, outputNames })
  const session = await createSession(await loadRuntime(), model, 1)
  const results = await session.run(
    Object.fromEntries(inputs.map((value) => [value.input, feeds.get(value)])) as never,
    Object.fromEntries(outputNames.map((output) => [output, null])),
  )
  await releaseSession(session)
  return graph.outputs.map((value) => {
    const at = computed.indexOf(value)
    if (at >= 0) return results[`whole${at}`].data
    return feeds.get(value)?.data ?? constantArray(value)
  })
}

/** Calls a function twice, and compares all that it gives with what ONNX Runtime alone makes of the same state. */
async function expectTheSame(program: Program, name: string, args: readonly HostData[] = []): Promise<void> {
  for (let call = 0; call < 2; call++) {
    const expected = await wholly(program, name, args)
    const fetched = leaves<HostData>((await program.call(name, args)) as never)
    const state = leaves<HostTensor>((await program.getState()) as HostTensor)
    expect([...fetched, ...state.map(({ data }) => data)]).toEqual(expected)
  }
}

const stagedOf = (program: Program, name: string): Staged => {
  const traced = executorOf('test', program).traced.get(name)
  if (traced === undefined) throw new Error(`no function ${name}`)
  return stagesOf(traced)
}

type State = Record<string, tf.Tensor>
type Run = (state: State, ...args: tf.Tensor[]) => Record<string, unknown>

async function programOf(
  state: State,
  functions: Record<string, { args: readonly unknown[]; run: Run }>,
): Promise<Program> {
  const program = await createProgram({ name: 'swept', state, functions } as unknown as ProgramOptions<State>)
  opened.push(program)
  return program
}

/** A step of momentum on the loss of a matrix, and the average of the weights. */
const learn: Run = ({ average, momentum, weights }, x) => {
  const loss = (w: tf.Tensor): tf.Scalar => {
    const [matrix, bias] = tf.split(w, [4096, 2])
    const y = tf.matMul(x, tf.reshape<tf.Rank.R2>(matrix, [64, 64]))
    return tf.add(tf.mean(tf.square(tf.sub(y, 1))), tf.mean(tf.square(bias)))
  }
  const { value, grad } = tf.valueAndGrad(loss)(weights)
  const m = tf.add(tf.mul(momentum, 0.9), grad)
  const w = tf.sub(weights, tf.mul(m, 0.1))
  return {
    state: { average: tf.add(tf.mul(average, 0.5), tf.mul(w, 0.5)), momentum: m, weights: w },
    loss: value,
    after: loss(w),
  }
}
const learner = (): State => ({ average: vector(1), momentum: vector(2), weights: vector(3) })
const matrix = { shape: [64, 64] }
const batch = numbers(4, 4096)

describe('sweeps', () => {
  it('replace weights, momentum and average in one pass, and what depends on the weights follows', async () => {
    const program = await programOf(learner(), { learn: { args: [matrix], run: learn } })
    const { stages, swept } = stagedOf(program, 'learn')
    expect(stages.map(({ sweeps }) => sweeps.map(({ leaves: replaced }) => replaced.toSorted()))).toEqual([
      [[0, 1, 2]],
      [],
    ])
    expect([...swept.values()].every(({ inPlace }) => inPlace)).toBe(true)
    await expectTheSame(program, 'learn', [batch])
  })

  it('hand on no more than they must: parts of inputs are taken again', async () => {
    const program = await programOf(learner(), {
      learn: {
        args: [matrix],
        run: (state, x) => {
          const { state: next, ...rest } = learn(state, x) as { state: State }
          const part = tf.slice(state['average'] as tf.Tensor1D, [0], [4096])
          const before = tf.mean(tf.matMul(x as tf.Tensor2D, tf.reshape<tf.Rank.R2>(part, [64, 64])))
          return { ...rest, state: { ...next, momentum: tf.mul(next['momentum'], before) }, before }
        },
      },
    })
    const { stages, handedOn } = stagedOf(program, 'learn')
    expect(stages.length).toBeGreaterThan(1)
    expect([...handedOn.values()].filter(({ shape }) => shape.length === 2)).toEqual([])
    await expectTheSame(program, 'learn', [batch])
  })

  it('keep what is read after it was replaced', async () => {
    const program = await programOf(
      { fast: vector(1), slow: vector(2) },
      {
        follow: {
          args: [],
          run: ({ fast, slow }) => {
            const next = tf.mul(fast, 0.5)
            // The mean of what was, in a stage after the one that has made what is.
            const mean = tf.mul(tf.mean(next), tf.mean(tf.exp(fast)))
            return { state: { fast: next, slow: tf.add(slow, mean) }, old: fast }
          },
        },
      },
    )
    expect([...stagedOf(program, 'follow').swept.values()]).toContainEqual({ leaf: 0, inPlace: false })
    await expectTheSame(program, 'follow')
  })

  it('leave the state as it was where a later stage fails', async () => {
    const program = await programOf(
      { weights: vector(1) },
      {
        pick: {
          args: [{ shape: [1], dtype: 'int32' }],
          run: ({ weights }, index) => {
            const next = tf.mul(weights, 0.5)
            return { state: { weights: next }, picked: tf.gather(tf.exp(next), index) }
          },
        },
      },
    )
    expect([...stagedOf(program, 'pick').swept.values()]).toEqual([{ leaf: 0, inPlace: false }])
    const before = await program.getState()
    await expect(program.call('pick', [Int32Array.of(SIZE)])).rejects.toThrow(/indices/)
    expect(await program.getState()).toEqual(before)
    await expectTheSame(program, 'pick', [Int32Array.of(7)])
  })

  it('share leaves with functions that swap, copy, set and read them', async () => {
    const program = await programOf(learner(), {
      learn: { args: [matrix], run: learn },
      swap: {
        args: [],
        run: ({ average, momentum, weights }) => ({
          state: { average: weights, momentum, weights: average },
        }),
      },
      copy: { args: [], run: (all) => ({ state: { ...all, average: all['weights'] } }) },
      set: {
        args: [{ shape: [SIZE] }],
        run: (all, x) => ({ state: { ...all, momentum: tf.zeros([SIZE]), weights: x } }),
      },
      shift: { args: [], run: (all) => ({ state: { ...all, weights: tf.sin(all['weights']) } }) },
      read: {
        args: [{ shape: [1, 64] }],
        run: ({ weights }, x) => {
          const [kernel] = tf.split(weights, [4096, 2])
          return { y: tf.matMul(x, tf.reshape<tf.Rank.R2>(kernel, [64, 64])) }
        },
      },
    })
    const given = numbers(9)
    for (let round = 0; round < 2; round++) {
      await expectTheSame(program, 'learn', [batch])
      await expectTheSame(program, 'swap')
      await expectTheSame(program, 'learn', [batch])
      await expectTheSame(program, 'copy')
      await expectTheSame(program, 'learn', [batch])
      await expectTheSame(program, 'set', [given])
      await expectTheSame(program, 'shift')
      const { y } = (await program.call('read', [numbers(5, 64)])) as Record<string, Float32Array>
      const [expected] = await wholly(program, 'read', [numbers(5, 64)])
      // A single row is computed in double precision.
      expect(Math.max(...y.map((value, i) => Math.abs(value - expected[i])))).toBeLessThan(1e-5)
    }
    expect(given).toEqual(numbers(9))
    const state = await program.getState()
    await program.call('learn', [batch], { fetch: 'none' })
    const after = await program.getState()
    program.setState(state)
    expect(await program.getState()).toEqual(state)
    await program.call('learn', [batch], { fetch: ['loss'] })
    expect(await program.getState()).toEqual(after)
  })

  it('give what they have made to the caller as copies', async () => {
    const program = await programOf(
      { weights: vector(1), twin: vector(1) },
      {
        halve: {
          args: [],
          run: ({ weights }) => {
            const next = tf.mul(weights, 0.5)
            return { state: { weights: next, twin: next }, next, again: next }
          },
        },
      },
    )
    await expectTheSame(program, 'halve')
    const { next, again } = (await program.call('halve', [])) as Record<string, Float32Array>
    const state = await program.getState()
    next.fill(7)
    expect(again).not.toEqual(next)
    expect(await program.getState()).toEqual(state)
  })

  it('leave small arrays, integers and rows that are spread to ONNX Runtime', async () => {
    const state = {
      counts: tf.zeros([SIZE], 'int32'),
      rows: tf.zeros([SIZE, 2]),
      small: tf.zeros([100]),
    }
    const program = await programOf(state, {
      add: {
        args: [{ shape: [2] }],
        run: ({ counts, rows, small }, row) => ({
          state: {
            counts: tf.add(counts, tf.scalar(1, 'int32')),
            rows: tf.add(rows, row),
            small: tf.add(small, 1),
          },
        }),
      },
    })
    expect(stagedOf(program, 'add').stages.flatMap(({ sweeps }) => sweeps)).toEqual([])
    await expectTheSame(program, 'add', [Float32Array.of(1, 2)])
  })

  it('give back once what two leaves were given, also leaves of functions without a sweep', async () => {
    const program = await programOf(
      { a: vector(1), b: vector(2), c: vector(3), d: vector(4) },
      {
        sweep: {
          args: [],
          run: ({ a, b, ...rest }) => ({ state: { a: tf.mul(a, 0.5), b: tf.neg(b), ...rest } }),
        },
        join: {
          args: [],
          run: ({ a, c }) => {
            const [first, second] = [tf.sin(a), tf.cos(c)]
            return { state: { a: first, b: first, c: second, d: second } }
          },
        },
      },
    )
    for (let round = 0; round < 2; round++) {
      await expectTheSame(program, 'join')
      await expectTheSame(program, 'sweep')
    }
  })

  it('give timers a turn where nothing else is computed', async () => {
    const program = await programOf(
      { weights: vector(1) },
      { decay: { args: [], run: ({ weights }) => ({ state: { weights: tf.mul(weights, 0.999) } }) } },
    )
    let turns = 0
    const timer = setInterval(() => turns++, 1)
    const end = performance.now() + 100
    while (performance.now() < end) await program.call('decay', [])
    clearInterval(timer)
    expect(turns).toBeGreaterThan(5)
  })

  it('take long chains, and leave more arrays than a kernel takes to ONNX Runtime', async () => {
    const chain = await programOf(
      { weights: tf.zeros([SIZE]) },
      {
        count: {
          args: [],
          run: ({ weights }) => {
            let next = weights
            for (let i = 0; i < 8000; i++) next = tf.add(next, (i % 7) + 1)
            return { state: { weights: next } }
          },
        },
      },
    )
    await expectTheSame(chain, 'count')
    const names = Array.from({ length: 501 }, (_, i) => `leaf${i}`)
    const wide = await programOf(Object.fromEntries(names.map((name) => [name, tf.ones([4096])])), {
      sum: { args: [], run: (all) => ({ state: { ...all, leaf0: tf.addN(Object.values(all)) } }) },
    })
    expect(stagedOf(wide, 'sum').stages.flatMap(({ sweeps }) => sweeps)).toEqual([])
    await expectTheSame(wide, 'sum')
  })

  it('are left to ONNX Runtime where there is no memory for them', async () => {
    const memory = vi.spyOn(WebAssembly, 'Memory').mockImplementation(function () {
      throw new RangeError('could not allocate memory')
    })
    try {
      const program = await programOf(learner(), { learn: { args: [matrix], run: learn } })
      await expectTheSame(program, 'learn', [batch])
      expect(memory).toHaveBeenCalledOnce()
    } finally {
      memory.mockRestore()
    }
  })

  const kinds: Staged[] = []
  it.each(Array.from({ length: 100 }, (_, seed) => seed))(
    'compute what ONNX Runtime alone does, seed %i',
    async (seed) => {
      const draws = uniform(key(seed + 1000), 4096)
      let drawn = 0
      const draw = (n: number): number => Math.floor(draws[drawn++] * n)
      const run: Run = (state, x) => randomStep(draw, state, x)
      const program = await programOf(learner(), { step: { args: [matrix], run } })
      kinds.push(stagedOf(program, 'step'))
      await expectTheSame(program, 'step', [batch])
    },
  )

  it('were of many kinds there', () => {
    const leavesSwept = kinds.flatMap(({ swept }) => [...swept.values()])
    expect(kinds.filter(({ stages }) => stages.length > 2).length).toBeGreaterThan(5)
    expect(kinds.filter(({ handedOn }) => handedOn.size > 1).length).toBeGreaterThan(5)
    expect(leavesSwept.filter(({ inPlace }) => inPlace).length).toBeGreaterThan(20)
    expect(leavesSwept.filter(({ inPlace }) => !inPlace).length).toBeGreaterThan(20)
  })
})

/** A function of random operations on whole arrays, through matrices and through single numbers. */
function randomStep(draw: (n: number) => number, state: State, x: tf.Tensor): Record<string, unknown> {
  const arrays: tf.Tensor[] = Object.values(state)
  const singles: tf.Tensor[] = [tf.scalar(0.5)]
  /** One of the last, so that leaves build on each other. */
  const pick = <T>(from: readonly T[]): T => from.slice(-4)[draw(Math.min(4, from.length))]
  const operand = (): tf.Tensor => (draw(3) === 0 ? pick(singles) : pick(arrays))
  const throughMatrix = (array = pick(arrays)): tf.Tensor => {
    const [head, tail] = tf.split(array, [4096, 2])
    const product = tf.matMul(x, tf.reshape<tf.Rank.R2>(head, [64, 64]))
    return tf.concat([tf.reshape<tf.Rank.R1>(product, [4096]), tail])
  }
  const operations: (() => void)[] = [
    () => void arrays.push(tf.add(pick(arrays), operand())),
    () => void arrays.push(tf.sub(operand(), pick(arrays))),
    () => void arrays.push(tf.mul(pick(arrays), operand())),
    () => void arrays.push(tf.div(pick(arrays), tf.add(tf.abs(operand()), 1))),
    () => void arrays.push(tf.sqrt(tf.abs(pick(arrays)))),
    () => void arrays.push(tf.neg(pick(arrays))),
    () => void arrays.push(tf.exp(tf.neg(tf.abs(pick(arrays))))),
    () => void arrays.push(throughMatrix()),
    () => void arrays.push(tf.where(tf.greater(pick(singles), 0), pick(arrays), pick(arrays))),
    () => void singles.push(tf.mean(pick(arrays))),
  ]
  const next: State = {}
  // Each leaf is made of arrays that may be leaves already.
  for (const name of Object.keys(state).toReversed()) {
    for (let step = 0; step < 8; step++) pick(operations)()
    next[name] = draw(4) === 0 ? pick(arrays) : tf.add(tf.mul(pick(arrays), 0.5), operand())
    arrays.push(next[name], draw(2) === 0 ? throughMatrix(next[name]) : tf.exp(tf.neg(tf.abs(state[name]))))
    singles.push(tf.mean(next[name]))
  }
  const { average, momentum, weights } = next
  return { state: { average, momentum, weights }, array: pick(arrays), single: pick(singles) }
}
