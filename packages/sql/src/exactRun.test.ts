import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { it } from 'vitest'
import { expectExactResume } from '../../train/fixtures/killing.ts'

const script = fileURLToPath(new URL('../fixtures/runInFolder.ts', import.meta.url))

it(
  'a run on pendulum, and one that fine-tunes it, killed with SIGKILL at random moments, end with the bits of runs that were left alone',
  { timeout: 240_000 },
  async () => {
    const root = await mkdtemp(join(tmpdir(), 'maxent-sql-'))
    try {
      for (const kind of ['learn', 'fine-tune']) {
        await mkdir(join(root, kind))
        await expectExactResume({ script, root: join(root, kind), kills: 4, steps: 1200 })
      }
    } finally {
      await rm(root, { recursive: true, force: true })
    }
  },
)
