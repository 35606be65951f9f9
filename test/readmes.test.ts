import { execFile } from 'node:child_process'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { globSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))
const run = promisify(execFile)

const documents = globSync(
  [
    '*.md',
    'packages/*/README.md',
    'packages/*/src/**/README.md',
    'packages/*/docs/*.md',
    'apps/*/README.md',
    'docs/**/*.md',
  ],
  {
    cwd: root,
  },
).sort()

/** Fenced `ts` blocks of a document; blocks marked `ts no-run` are signatures, not programs. */
function examples(markdown: string): string[] {
  return [...markdown.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map((match) => match[1] ?? '')
}

describe.each(documents)('%s', (document) => {
  const markdown = readFileSync(join(root, document), 'utf8')
  // A program resolves packages from the folder it lies in; documents outside a package run from the app that has them all.
  const folder = document.startsWith('packages/') ? dirname(document) : 'apps/bench'

  const blocks = examples(markdown)
  it.runIf(blocks.length > 0).each(blocks.map((code, i) => [i + 1, code] as const))(
    'example %i runs',
    async (i, code) => {
      const file = join(root, folder, `.readme-example-${process.pid}-${i}.ts`)
      writeFileSync(file, code)
      try {
        await run(process.execPath, ['--conditions=@maxent/source', file], { cwd: join(root, folder) })
      } finally {
        rmSync(file)
      }
    },
  )

  it('links to files that exist', () => {
    const targets = [...markdown.matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)[^)]*\)/g)].map(
      (match) => match[1] ?? '',
    )
    const missing = targets.filter(
      (target) => globSync(relative(root, join(root, dirname(document), target)), { cwd: root }).length === 0,
    )
    expect(missing).toEqual([])
  })
})
