import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'

it('the Pendulum example runs', async () => {
  const file = fileURLToPath(new URL('../examples/pendulum.ts', import.meta.url))
  const { stdout } = await promisify(execFile)(process.execPath, ['--conditions=@maxent/source', file, '300'])
  expect(stdout).toMatch(
    /step 300: return -\d+\.\d ± \d+\.\d\n20 episodes: -\d+\.\d\n\d+ steps\/s, state [0-9a-f]{12}\n$/,
  )
})
