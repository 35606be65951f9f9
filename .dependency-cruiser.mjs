import { readdirSync } from 'node:fs'
import { join } from 'node:path'

/** The layers of the monorepo, as rules. `from` may not reach `to`. */
const only = (name, pkg, allowed) => ({
  name: `${pkg}-${name}`,
  comment: `@maxent/${pkg} may depend on ${allowed.length > 0 ? allowed.join(', ') : 'no sibling'} only (tests and examples apart)`,
  severity: 'error',
  from: { path: `^packages/${pkg}/src`, pathNot: '\\.(test|test-d)\\.ts$' },
  to: {
    path: '^(packages|apps)/',
    pathNot: [`^packages/${pkg}/`, ...allowed.map((other) => `^packages/${other}/`)].join('|'),
  },
})

/** All packages but the foundation and the environments. */
const algorithms = readdirSync(join(import.meta.dirname, 'packages')).filter(
  (pkg) => !['core', 'jit', 'train', 'envs'].includes(pkg),
)

export default {
  forbidden: [
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'no-deep-imports',
      comment:
        'A sibling is reached through the entry points of its package.json, never through a path into its folder (what tests share apart)',
      severity: 'error',
      from: { path: '^(packages|apps)/([^/]+)/' },
      to: {
        path: '^(packages|apps)/([^/]+)/',
        pathNot: '^$1/$2/|^packages/[^/]+/fixtures/',
        dependencyTypes: ['local'],
      },
    },
    {
      name: 'not-to-tests',
      comment:
        'Tests are reached from nowhere, what they share in fixtures/ from there and from examples alone',
      severity: 'error',
      from: { pathNot: '\\.(test|test-d)\\.ts$|/(fixtures|examples)/' },
      to: { path: '\\.(test|test-d)\\.ts$|^(packages|apps)/[^/]+/fixtures/.*\\.ts$' },
    },
    {
      name: 'lazy-commands',
      comment:
        'A command of the bench loads what it works with when it is called: `run` starts a process for every cell',
      severity: 'error',
      from: { path: '^apps/bench/src/commands/', pathNot: '\\.test\\.ts$' },
      to: {
        path: '^packages/|^apps/bench/src/(registry|run|speed|statistics|tour)/|^apps/bench/src/report/(?!numbers)',
        dependencyTypesNot: ['type-only', 'dynamic-import'],
      },
    },
    only('layer', 'core', []),
    only('layer', 'jit', ['core']),
    only('layer', 'train', ['core', 'jit']),
    only('layer', 'envs', ['core']),
    ...algorithms.map((pkg) => only('layer', pkg, ['core'])),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: {
      path: '(^|/)(dist|\\.vitepress/(\\.temp|cache)|node_modules/(?!@maxent))/|/\\.readme-example-',
    },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['@maxent/source', 'import', 'node', 'default'],
      extensions: ['.ts', '.js', '.mjs', '.json'],
    },
  },
}
