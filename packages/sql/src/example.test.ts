import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'

async function run(name: string, ...args: readonly string[]): Promise<string> {
  const file = fileURLToPath(new URL(`../examples/${name}.ts`, import.meta.url))
  const command = ['--conditions=@maxent/source', file, ...args]
  return (await promisify(execFile)(process.execPath, command)).stdout
}

it('the bandit runs', async () => {
  expect(await run('bandit', '2.5', '1', '200')).toMatch(
    /^seed 1: total variation 0\.\d{3}, right mode \d\.\d{3} \(exact 0\.579\), mode coverage \d\.\d\d.*\nmedian of 1 seeds/,
  )
})

it('the linear-quadratic problem runs', async () => {
  expect(await run('linear-quadratic', '1', '2050', '2000')).toMatch(/^seed 1: .* of the range \d\.\d\d/)
})
