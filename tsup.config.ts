import { readFileSync } from 'node:fs'
import type { Options } from 'tsup'

interface Manifest {
  readonly exports: Readonly<Record<string, { readonly '@maxent/source': string }>>
}

/** One build for every package: what `exports` of the package in the working folder names as source becomes an entry. */
const { exports } = JSON.parse(readFileSync('package.json', 'utf8')) as Manifest

const options: Options = {
  entry: Object.values(exports).map((target) => target['@maxent/source']),
  format: ['esm'],
  dts: true,
  sourcemap: true,
  clean: true,
  target: 'es2023',
  // Subpath imports are resolved by whoever runs the package: Node and browsers get different runtimes.
  external: [/^#/],
  // The part of zod that is used goes in: its ninety modules, all languages among them, took a third of what importing tfjs takes. Sources import it
  // as a namespace, or nothing of it can be left out. Declarations go on naming the package.
  noExternal: ['zod'],
}

export default options
