import { execFile } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))
const program = join(root, 'scripts', 'newAlgorithm.ts')
const execute = promisify(execFile)
const patience = 600_000

interface Outcome {
  readonly code: number
  readonly text: string
}

/** Runs a program of the workspace from its root. */
async function run(file: string, args: readonly string[]): Promise<Outcome> {
  try {
    const { stdout, stderr } = await execute(process.execPath, [file, ...args], { cwd: root })
    return { code: 0, text: `${stdout}${stderr}` }
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string }
    return { code, text: `${stdout}${stderr}` }
  }
}

const tool = (path: string): string => join(root, 'node_modules', path)

describe('pnpm new-algorithm', () => {
  // Inside a package that depends on what algorithms' tests need, so that imports resolve without an installation.
  const parent = mkdtempSync(join(root, 'packages', 'baselines', '.new-algorithm-'))
  const folder = join(parent, 'soft-example')
  afterAll(() => rmSync(parent, { recursive: true }))

  beforeAll(async () => {
    const { code, text } = await run(program, ['soft-example', '--out', folder])
    expect(code, text).toBe(0)
    writeFileSync(
      join(parent, 'tsconfig.json'),
      '{ "extends": "../../../tsconfig.base.json", "include": ["soft-example/src"] }',
    )
    writeFileSync(
      join(parent, 'vitest.config.ts'),
      `const source = { conditions: ['@maxent/source', 'node', 'module', 'default'] }
      export default { resolve: source, ssr: { resolve: source }, test: { pool: 'forks', maxWorkers: 1, testTimeout: 120_000 } }`,
    )
  }, patience)

  it('puts the name in place of its own everywhere, in files that prettier takes', async () => {
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.includes('.'),
    )
    expect(files).toContain(join('src', 'softExample.ts'))
    for (const file of files) expect(readFileSync(join(folder, file), 'utf8')).not.toMatch(/new-?algorithm/i)
    const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
      readonly name: string
    }
    expect(manifest.name).toBe('@maxent/soft-example')
    // The folder is ignored by git, and so by prettier unless told otherwise.
    const flags = ['--check', '--ignore-path', join(root, '.prettierignore')]
    const { code, text } = await run(tool('prettier/bin/prettier.cjs'), [...flags, folder])
    expect(code, text).toBe(0)
  })

  it(
    'makes a package that the compiler and the linter take',
    async () => {
      const compiled = await run(tool('typescript/bin/tsc'), ['--noEmit', '-p', parent])
      expect(compiled.code, compiled.text).toBe(0)
      const linted = await run(tool('eslint/bin/eslint.js'), ['--max-warnings', '0', join(folder, 'src')])
      expect(linted.code, linted.text).toBe(0)
    },
    patience,
  )

  it(
    'makes a package whose tests pass, the conformance suite among them',
    async () => {
      const { code, text } = await run(tool('vitest/vitest.mjs'), [
        'run',
        '--root',
        folder,
        '--config',
        join(parent, 'vitest.config.ts'),
      ])
      expect(code, text).toBe(0)
      expect(text).toMatch(/Test Files.*5 passed/)
    },
    patience,
  )

  it.each([
    [[], 'NAME must be given, got none'],
    [
      ['Soft'],
      "lower-case words joined by hyphens, each with a letter first, 40 characters at most, got 'Soft'",
    ],
    [['../sac'], "got '../sac'"],
    [['delete'], "a name that the code has free, got 'delete'"],
    [['adam'], "a name that the code has free, got 'adam'"],
    [['critic'], "a name that the code has free, got 'critic'"],
    [['sac'], 'must not exist yet, got a folder, choose another name'],
    [['one', 'two'], 'there must be one NAME, got one two'],
  ])('refuses %j', async (args, message) => {
    const { code, text } = await run(program, args)
    expect([code, text]).toEqual([1, expect.stringContaining(message) as string])
  })
})
