import { globSync, readFileSync } from 'node:fs'
import { dirname, join, posix } from 'node:path'
import { root } from './documents.ts'

interface Manifest {
  readonly name: string
  readonly private?: boolean
  readonly exports: Readonly<Record<string, { readonly '@maxent/source': string }>>
}

/** The published packages: folder and manifest. */
export const packages: readonly (readonly [folder: string, manifest: Manifest])[] = globSync(
  'packages/*/package.json',
  {
    cwd: root,
  },
)
  .sort()
  .map((file) => [dirname(file), JSON.parse(readFileSync(join(root, file), 'utf8')) as Manifest] as const)
  .filter(([, manifest]) => manifest.private !== true)

/** What users import, by its source file: `packages/core/src/keys/index.ts` is `@maxent/core/keys`. */
export const entryPoints: ReadonlyMap<string, string> = new Map(
  packages.flatMap(([folder, { name, exports }]) =>
    Object.entries(exports).map(([path, target]) => [
      posix.join(folder, target['@maxent/source']),
      posix.join(name, path),
    ]),
  ),
)
