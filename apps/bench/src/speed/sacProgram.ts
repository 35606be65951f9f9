import {
  createNoise,
  foldIn,
  key,
  mapTree,
  type AlgorithmSpec,
  type NoiseSpec,
  type TensorSpec,
  type Tree,
} from '@maxent/core'
import { sac } from '@maxent/sac'
import { loadPolicy } from '@maxent/jit'
import { createAgent, exportPolicy, type Agent } from '@maxent/train'
import { quietTfjs } from '../quietTfjs.ts'

/** HalfCheetah's sizes, at which every published SAC speed is stated. */
export const halfCheetahSpec: AlgorithmSpec = {
  observation: { proprio: 17 },
  action: { low: Array<number>(6).fill(-1), high: Array<number>(6).fill(1) },
}

/** SAC at its defaults (256x256, batch 256), with made-up data to call it with. */
export interface SacProgram {
  readonly agent: Agent
  readonly update: (count: number) => Promise<void>
  readonly act: (count: number) => Promise<void>
}

/** Batches that take turns, so that no update finds its data in the caches of the one before. */
const batches = 8

export async function createSacProgram(threads: number): Promise<SacProgram> {
  quietTfjs()
  const algorithm = sac(halfCheetahSpec)
  const agent = await createAgent({ algorithm, key: key(1), mode: { kind: 'compiled', threads } })
  const update = [
    algorithm.batch,
    mapTree(algorithm.noise.update, ({ shape }: NoiseSpec): TensorSpec => ({ shape })),
  ]
  const updates = Array.from({ length: batches }, (_, i) => normals(update, i))
  const observations = observationsInTurn()
  let step = 0
  return {
    agent,
    update: async (count) => {
      for (let i = 0; i < count; i++)
        await agent.program.call('update', updates[i % batches], { fetch: 'none' })
    },
    act: async (count) => {
      for (let i = 0; i < count; i++) await agent.act(observations[i % batches], step++)
    },
  }
}

/** The policy of a program as it leaves in one file and is loaded again, acting on the same observations. */
export async function loadPolicyOf({ agent }: SacProgram): Promise<Pick<SacProgram, 'act'>> {
  const state = await agent.program.getState()
  const policy = await loadPolicy(await exportPolicy({ algorithm: sac(halfCheetahSpec), state }))
  const observations = observationsInTurn()
  let next = 0
  return {
    act: async (count) => {
      for (let i = 0; i < count; i++) await policy.act(observations[next++ % batches])
    },
  }
}

function observationsInTurn(): Readonly<Record<string, Float32Array>>[] {
  return Array.from({ length: batches }, (_, i) => normals({ proprio: { shape: [17] } }, i))
}

/** Milliseconds of tracing and compiling all functions of a program. */
export function buildMs({ program }: Agent): number {
  return Object.values(program.stats).reduce((sum, { traceMs, compileMs }) => sum + traceMs + compileMs, 0)
}

/** Arrays of standard normals in the shapes of a tree of specs. */
export function normals<S extends Tree<TensorSpec>>(specs: S, index: number): never {
  const noise = createNoise(
    mapTree<Tree<TensorSpec>, TensorSpec, NoiseSpec>(specs, ({ shape }) => ({ shape, law: 'normal' })),
  )
  noise.fill(foldIn(key(2), index))
  return noise.arrays as never
}
