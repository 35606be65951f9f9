import type { Fetch } from '../types.ts'

/**
 * The keys of a result that are copied out.
 * @throws RangeError where one is asked for that the function does not return.
 */
export function fetchedKeys(caller: string, keys: readonly string[], fetch: Fetch): readonly string[] {
  if (fetch === 'all') return keys
  if (fetch === 'none') return []
  for (const key of fetch) {
    if (keys.includes(key)) continue
    throw new RangeError(
      `${caller}: fetch must name outputs of the function (${keys.join(', ')}), got ${key}`,
    )
  }
  return fetch
}
