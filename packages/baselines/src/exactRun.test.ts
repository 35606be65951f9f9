import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, it } from 'vitest'
import { expectExactResume } from '../../train/fixtures/killing.ts'

const script = fileURLToPath(new URL('../fixtures/runInFolder.ts', import.meta.url))

describe('a run on pendulum', () => {
  it.each([
    ['td3', 'delayed steps'],
    ['ddpg', 'correlated noise'],
    ['ppo', 'rollouts'],
    ['trust-pcl', 'stretches of steps'],
  ])(
    'of %s (%s), killed with SIGKILL at random moments, ends with the bits of one that was left alone',
    { timeout: 240_000 },
    async (name) => {
      const root = await mkdtemp(join(tmpdir(), 'maxent-baselines-'))
      try {
        await mkdir(join(root, name))
        await expectExactResume({ script, root: join(root, name), kills: 4, steps: 1500 })
      } finally {
        await rm(root, { recursive: true, force: true })
      }
    },
  )
})
