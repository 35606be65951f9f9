import * as tf from '@tensorflow/tfjs'
import { expect, it, vi } from 'vitest'
import { sacFixture } from '../../fixtures/sac.ts'
import { createProgram } from '../program/createProgram.ts'
import { loadRuntime } from './runtime.ts'

// What a bundler for browsers resolves the import to.
vi.mock('#onnxruntime', async () => await import('onnxruntime-web'))

tf.env().set('PROD', true)

it('runs programs on the runtime of browsers as eager tfjs does', async () => {
  await tf.setBackend('cpu')
  expect((await loadRuntime()).env.versions).toHaveProperty('web')
  const { state, update, act, batch } = sacFixture({ observation: 3, action: 2, hidden: 16, batch: 8 })
  const options = { name: 'sac', state, functions: { update, act } }
  const web = await createProgram(options as never)
  const eager = await createProgram({ ...options, mode: { kind: 'eager', backend: 'cpu' } } as never)
  for (let i = 0; i < 2; i++) {
    const [a, b] = [await web.call('update', batch(i)), await eager.call('update', batch(i))]
    for (const key of ['criticLoss', 'policyLoss', 'alpha']) {
      expect((a[key] as Float32Array)[0]).toBeCloseTo((b[key] as Float32Array)[0], 5)
    }
  }
  const [a, b] = [await web.call('act', acting), await eager.call('act', acting)]
  ;(a['action'] as Float32Array).forEach((x, i) => expect(x).toBeCloseTo((b['action'] as Float32Array)[i], 5))
  await web.dispose()
  await eager.dispose()
})

const acting = [Float32Array.of(0.1, -0.2, 0.3), Float32Array.of(1, -1)]
