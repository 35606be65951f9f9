import { defineConfig } from 'vitest/config'

const source = { conditions: ['@maxent/source', 'node', 'import', 'module', 'default'] }

/** One project per workspace folder; sources of sibling packages are resolved through the `@maxent/source` condition, with no build. */
const project = (name: string, root: string): object => ({
  resolve: source,
  ssr: { resolve: source },
  test: {
    name,
    root,
    include: ['src/**/*.test.ts'],
    typecheck: { enabled: true, include: ['src/**/*.test-d.ts'], tsconfig: new URL('./tsconfig.json', import.meta.url).pathname },
    pool: 'forks',
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
})

export default defineConfig({
  test: {
    maxWorkers: 2,
    projects: [
      ...['core', 'jit', 'train', 'envs', 'sac'].map((name) => project(name, `packages/${name}`)),
      project('bench', 'apps/bench'),
    ],
  },
})
