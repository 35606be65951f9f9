import * as tf from '@tensorflow/tfjs'
import { beforeAll, describe, expect, it } from 'vitest'
import { counterOptions, modes } from '../../fixtures/counter.ts'
import { loadRuntime } from '../runtime/runtime.ts'
import { createProgram } from './createProgram.ts'

tf.env().set('PROD', true)
beforeAll(async () => {
  await tf.setBackend('cpu')
})

describe.each(modes)('a program, $kind', (mode) => {
  it('refuses to export a function that returns its state alone', async () => {
    const program = await createProgram({ ...counterOptions(), mode })
    await expect(program.export('reset')).rejects.toThrow(
      new RangeError(
        'counter.reset: an exported function must have an output, got none beside the state, return what the file is to give under a name of its own',
      ),
    )
    await program.dispose()
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

describe('createProgram', () => {
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
