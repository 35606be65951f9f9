import * as tf from '@tensorflow/tfjs'
import { beforeAll, describe, expect, it } from 'vitest'
import { halfCheetah, sacFixture } from '../fixtures/sac.ts'
import { createProgram } from './program/createProgram.ts'
import { matmulLimit } from './limit.ts'
import type { Program } from './types.ts'

tf.env().set('PROD', true)
beforeAll(async () => {
  await tf.setBackend('cpu')
})

describe('matmulLimit', () => {
  it('holds exactly the products of an actor-critic update', async () => {
    const { state, update } = sacFixture(halfCheetah)
    const program = await createProgram({ name: 'sac', state, functions: { update } } as never)
    const limit = await matmulLimit(program, 'update')
    expect(limit.products).toBe(45)
    expect(limit.flops / 1e6).toBeCloseTo(581.6, 1)
    await limit.run()
    await limit.dispose()
    await program.dispose()
  })

  it('covers stacked products and convolutions', async () => {
    const program = await createProgram({
      name: 'p',
      state: tf.ones([3, 3, 2, 4]),
      functions: {
        f: {
          args: [{ shape: [1, 6, 6, 2] }, { shape: [5, 2, 3] }],
          run: (w, x: tf.Tensor4D, m: tf.Tensor3D) => ({
            y: tf.grad((v: tf.Tensor) =>
              tf.sum(tf.square(tf.conv2d(v as tf.Tensor4D, w as tf.Tensor4D, 1, 'same'))),
            )(x),
            z: tf.matMul(m, m, false, true),
          }),
        },
      },
    })
    const limit = await matmulLimit(program, 'f')
    expect(limit.products).toBe(3)
    await limit.run()
    await limit.dispose()
    await program.dispose()
  })

  it('refuses programs and functions without products', async () => {
    const functions = { f: { args: [], run: (s: tf.Tensor) => ({ y: tf.add(s, 1) }) } }
    const compiled = await createProgram({ name: 'p', state: tf.scalar(1), functions })
    const eager = await createProgram({ name: 'p', state: tf.scalar(1), functions, mode: { kind: 'eager' } })
    await expect(matmulLimit(compiled, 'f')).rejects.toThrow(
      'matmulLimit: function must have matrix products, got none in f',
    )
    await expect(matmulLimit(compiled, 'g')).rejects.toThrow(
      'matmulLimit: name must be a compiled function (f), got g',
    )
    await expect(matmulLimit(eager, 'f')).rejects.toThrow(
      'matmulLimit: name must be a compiled function (none, the program is eager), got f',
    )
    await expect(matmulLimit({} as Program, 'f')).rejects.toThrow(
      'matmulLimit: program must come from createProgram, got another object',
    )
  })
})
