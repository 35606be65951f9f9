import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterEach, expect, it } from 'vitest'
import type { Env } from '@maxent/core/contracts'
import { liveHandles } from './diagnostics.ts'
import { listEnvs, makeEnv } from './index.ts'
import { createSimulation } from './mujoco/simulation.ts'

const SMALL = '<mujoco><worldbody><geom size="1"/></worldbody></mujoco>'
const ids = listEnvs().map(({ id }) => id)

const random = ({ spec }: Env): Float32Array =>
  Float32Array.from(spec.action.high, (high) => high * (2 * Math.random() - 1))

afterEach(() => expect(liveHandles()).toBe(0))

// The collector of this process, which no flag on a command line gives here.
setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

/** Probes of {@link memory}: blocks of their size are free in several places, the lowest of which moves when what was taken stays. */
const PROBES = 8
/**
 * By how much that place varies without a leak, in bytes, at most. Leaks of a few kilobytes a round can hide in gaps: the count of
 * handles finds those.
 */
const SHIFT = 131_072
/** What the engine and the runner come to keep of 50 rounds on the heap of JavaScript, in bytes, at most. */
const KEPT = 131_072

interface Memory {
  /** Of the memory of WASM. */
  readonly size: number
  /** The lowest place that a small model found in it. */
  readonly address: number
  /** Of what lives on the heap of JavaScript. */
  readonly heap: number
}

async function memory(): Promise<Memory> {
  let [size, address] = [0, Infinity]
  for (let i = 0; i < PROBES; i++) {
    const simulation = await createSimulation(SMALL)
    const { buffer, byteOffset } = simulation.native.data.xpos as Float64Array
    size = buffer.byteLength
    address = Math.min(address, byteOffset)
    simulation.close()
  }
  collect()
  return { size, address, heap: process.memoryUsage().heapUsed }
}

it.each(ids)(
  '100 rounds of making, stepping and closing %s leave no handle and no memory behind',
  async (id) => {
    const round = async (): Promise<void> => {
      const env = await makeEnv(id)
      env.reset({ seed: 1 })
      env.restore(env.snapshot())
      env.step(random(env))
      env.close()
      expect(liveHandles()).toBe(0)
    }
    for (let i = 0; i < 50; i++) await round()
    const before = await memory()
    for (let i = 0; i < 50; i++) await round()
    const after = await memory()
    expect(after.size).toBe(before.size)
    expect(after.address - before.address).toBeLessThan(SHIFT)
    expect(after.heap - before.heap).toBeLessThan(KEPT)
  },
)
