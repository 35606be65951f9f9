import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

/** Seconds of a core each, on a machine that may do other work. */
const timeout = 120_000

/** What an example prints, and its exit status. */
function run(
  name: string,
  ...args: readonly string[]
): Promise<{ readonly out: string; readonly status: number | null }> {
  const file = fileURLToPath(new URL(`../examples/${name}.ts`, import.meta.url))
  const child = spawn(process.execPath, ['--conditions=@maxent/source', file, ...args])
  let out = ''
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()))
  return new Promise((resolve) => child.on('close', (status) => resolve({ out, status })))
}

it(
  'the bandit meets its bars at 2.5 nats: total variation 0.15, and 0.08 of a mode',
  { timeout },
  async () => {
    const { out, status } = await run('bandit', '2.5', '1', '1200')
    expect(out).toMatch(
      /^seed 1: total variation 0\.\d{3}, right mode \d\.\d{3} \(exact 0\.579\), mode coverage \d\.\d\d.*\nmedian of 1 seeds.*bars met/,
    )
    expect(status).toBe(0)
  },
)

it('at 10 nats a seed loses a mode, and the mode coverage tells', { timeout }, async () => {
  const { out, status } = await run('bandit', '10', '1', '1200')
  expect(out).toMatch(
    /right mode 1\.000 .*: a mode is missing\n.*1 lose a mode, of which 0 unflagged: bars met/,
  )
  expect(status).toBe(0)
})

it('the exit status tells bars that are missed', { timeout }, async () => {
  const bandit = await run('bandit', '2.5', '1', '5')
  expect(bandit.out).toContain('bars missed')
  expect(bandit.status).toBe(1)
  const quadratic = await run('linear-quadratic', '1', '2050', '2000')
  expect(quadratic.out).toMatch(/^seed 1: .* of the range \d\.\d\d.*bar missed/)
  expect(quadratic.status).toBe(1)
})

it('penalty, C and D of two tasks come near the exact tables, within a tenth', { timeout }, async () => {
  const met = await run('composition-bounds', '1', '1', '1000')
  expect(met.out).toMatch(/^seed 1: P at most .*\nmedian of 1 seeds, 1 dimensions: .*: bar 0\.1 met/m)
  expect(met.status).toBe(0)
  const missed = await run('composition-bounds', '1', '1', '5')
  expect(missed.out).toContain('bar 0.1 missed')
  expect(missed.status).toBe(1)
})
