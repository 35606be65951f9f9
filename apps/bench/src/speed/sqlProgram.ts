import { key, mapTree, type NoiseSpec, type TensorSpec } from '@maxent/core'
import { matmulLimit, type MatmulLimit } from '@maxent/jit/limit'
import { sql } from '@maxent/sql'
import { createAgent } from '@maxent/train'
import { normals } from './sacProgram.ts'

/** Updates of soft Q-learning with made-up data, and their matrix products alone. */
export interface SqlProgram {
  readonly update: (count: number) => Promise<void>
  readonly limit: MatmulLimit
}

/** Batches that take turns, so that no update finds its data in the caches of the one before. */
const batches = 4

/** The sizes at which the speed of soft Q-learning is stated: batch 128, 16 + 16 particles, 50 actions per soft value, 128x128. */
export async function createSqlProgram(spec: Parameters<typeof sql>[0]): Promise<SqlProgram> {
  const algorithm = sql(spec, {
    batchSize: 128,
    hidden: [128, 128],
    particles: { kind: 'disjoint', fixed: 16, updated: 16 },
    value: { kind: 'uniform', samples: 50, shared: false },
    diagnosticsEvery: 0,
  })
  const { program } = await createAgent({ algorithm, key: key(1), mode: { kind: 'compiled', threads: 1 } })
  const noise = mapTree(algorithm.noise.update, ({ shape }: NoiseSpec): TensorSpec => ({ shape }))
  const updates = Array.from({ length: batches }, (_, i) => normals([algorithm.batch, noise], i))
  return {
    update: async (count) => {
      for (let i = 0; i < count; i++) await program.call('update', updates[i % batches], { fetch: 'none' })
    },
    limit: await matmulLimit(program, 'update'),
  }
}
