import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { ViteUserConfig } from 'vitest/config'

const source = { conditions: ['@maxent/source', 'node', 'module', 'default'] }

/** One project per workspace folder. Sibling packages resolve to their sources through the `@maxent/source` condition: no build. */
const project = (name: string, root: string, include = ['src/**/*.test.ts']): object => ({
  resolve: source,
  ssr: { resolve: source },
  test: { name, root, include, pool: 'forks', testTimeout: 60_000, hookTimeout: 60_000 },
})

const config: ViteUserConfig = {
  test: {
    // Under turbo two packages are tested at a time, one worker each; the bench, which comes last and takes longest, asks for two.
    maxWorkers: process.env['TURBO_HASH'] === undefined ? 2 : 1,
    projects: [
      ...readdirSync(join(import.meta.dirname, 'packages')).map((name) => project(name, `packages/${name}`)),
      project('bench', 'apps/bench'),
      project('demo', 'apps/demo'),
      project('site', 'apps/docs'),
      project('docs', '.', ['test/**/*.test.ts']),
    ],
  },
}

export default config
