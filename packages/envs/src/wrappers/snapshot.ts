import type { EnvSnapshot } from '@maxent/core/contracts'

const INNER = 'env.'

/** The snapshot of a wrapper: what it remembers itself, beside all of the environment within. */
export function wrapSnapshot(own: EnvSnapshot, inner: EnvSnapshot): EnvSnapshot {
  const entries = Object.entries(inner).map(([name, values]) => [INNER + name, values] as const)
  return { ...own, ...Object.fromEntries(entries) }
}

/** What {@link wrapSnapshot} was given of the environment within. */
export function innerSnapshot(snapshot: EnvSnapshot): EnvSnapshot {
  const entries = Object.entries(snapshot).filter(([name]) => name.startsWith(INNER))
  return Object.fromEntries(entries.map(([name, values]) => [name.slice(INNER.length), values]))
}
