import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The root of the repository. */
export const root: string = fileURLToPath(new URL('..', import.meta.url))

/** What is read of a `package.json`. */
export interface Manifest {
  readonly name: string
  readonly version: string
  readonly description?: string
  readonly license?: string
  readonly private?: boolean
  readonly repository?: string | { readonly url: string }
  readonly publishConfig?: { readonly access?: string; readonly provenance?: boolean }
  readonly scripts?: Readonly<Record<string, string>>
  readonly dependencies?: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
}

/** A package of the workspace that is published. */
export interface PublicPackage {
  readonly folder: string
  readonly manifest: Manifest
}

/** All packages that are published, each after those that it depends on. */
export function publicPackages(): readonly PublicPackage[] {
  const found = readdirSync(join(root, 'packages'))
    .map((name): PublicPackage => {
      const folder = join(root, 'packages', name)
      return { folder, manifest: JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest }
    })
    .filter(({ manifest }) => manifest.private !== true)
  const byName = new Map(found.map((entry) => [entry.manifest.name, entry]))
  const sorted = new Set<PublicPackage>()
  const visit = (entry: PublicPackage): void => {
    for (const name of Object.keys(entry.manifest.dependencies ?? {})) {
      const needed = byName.get(name)
      if (needed !== undefined && !sorted.has(needed)) visit(needed)
    }
    sorted.add(entry)
  }
  found.forEach(visit)
  return [...sorted]
}

/** The names of published packages that are neither the foundation nor environments: one family of algorithms each. */
export function algorithmPackages(): readonly string[] {
  const others = ['@maxent/core', '@maxent/jit', '@maxent/train', '@maxent/envs']
  return publicPackages()
    .map(({ manifest }) => manifest.name)
    .filter((name) => !others.includes(name))
}
