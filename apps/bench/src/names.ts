import { closest } from 'fastest-levenshtein'

/**
 * The entry of a registry under `name`.
 * @throws RangeError that names the nearest known name and lists all of them.
 */
export function lookUp<T>(registry: Readonly<Record<string, T>>, { caller, kind, name }: NameQuery): T {
  const entry = Object.hasOwn(registry, name) ? registry[name] : undefined
  if (entry !== undefined) return entry
  const known = Object.keys(registry)
  throw new RangeError(
    `${caller}: ${kind} must be one of ${known.join(', ')}, got "${name}", did you mean "${closest(name, known)}"?`,
  )
}

export interface NameQuery {
  /** Who asks, for the message. */
  readonly caller: string
  /** What the name stands for, as in `environment`. */
  readonly kind: string
  readonly name: string
}
