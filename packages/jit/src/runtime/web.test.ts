import * as tf from '@tensorflow/tfjs'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { sacFixture } from '../../fixtures/sac.ts'
import { createProgram } from '../program/createProgram.ts'
import { loadRuntime } from './runtime.ts'
import { webThreads } from './web.ts'

// What a bundler for browsers resolves the imports to.
vi.mock('#onnxruntime', async () => await import('onnxruntime-web/wasm'))
vi.mock('#onnxruntime-binding', async () => await import('onnxruntime-web/wasm'))

tf.env().set('PROD', true)
afterEach(() => {
  vi.restoreAllMocks()
  vi.unstubAllGlobals()
})

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

describe('a browser that lacks something', () => {
  const { state, update } = sacFixture({ observation: 3, action: 2, hidden: 16, batch: 8 })
  const options = { name: 'sac', state, functions: { update } } as never

  it('without WebAssembly SIMD is refused in words that name the remedy', async () => {
    vi.spyOn(WebAssembly, 'validate').mockReturnValue(false)
    await expect(createProgram(options)).rejects.toThrow(
      '@maxent/jit: the browser must have WebAssembly SIMD, got one without, use Chrome 91',
    )
    vi.stubGlobal('WebAssembly', undefined)
    await expect(createProgram(options)).rejects.toThrow('must have WebAssembly SIMD')
  })

  it('without cross-origin isolation runs on one thread and says so', async () => {
    const warn = vi.spyOn(console, 'warn').mockReturnValue()
    const program = await createProgram({
      ...(options as object),
      mode: { kind: 'compiled', threads: 4 },
    } as never)
    expect(warn.mock.calls).toEqual([
      [
        expect.stringContaining(
          'mode.threads is 4, but the program runs on 1: the page is not cross-origin isolated; serve it with Cross-Origin-Opener-Policy',
        ),
      ],
    ])
    expect((await loadRuntime()).env.wasm.numThreads).toBe(1)
    await program.dispose()
  })

  it('gets the threads it may have, the first program for all', () => {
    const warn = vi.spyOn(console, 'warn').mockReturnValue()
    vi.stubGlobal('crossOriginIsolated', true)
    const env = { wasm: {} as { numThreads?: number } }
    expect(webThreads(env, 2)).toBe(2)
    expect(webThreads(env, 1)).toBe(1)
    expect(warn).not.toHaveBeenCalled()
    expect(webThreads(env, 4)).toBe(2)
    expect(warn.mock.calls).toEqual([
      [
        expect.stringContaining(
          'mode.threads is 4, but the program runs on 2: the first program of the page fixed the threads of all',
        ),
      ],
    ])
    expect(env.wasm.numThreads).toBe(2)
  })
})
