import type { Fetch } from '../types.ts'

/**
 * The keys of a result that are copied out, in an array of their own.
 * @throws RangeError where one is asked for that the function does not return; TypeError where it is no list.
 */
export function fetchedKeys(caller: string, keys: readonly string[], fetch: Fetch): readonly string[] {
  if (fetch === 'all') return keys
  if (fetch === 'none') return []
  const list: unknown = fetch
  if (!Array.isArray(list)) {
    throw new TypeError(
      `${caller}: fetch must be 'all', 'none' or a list of outputs of the function (${keys.join(', ')}), got ${String(list)}, ` +
        'put names into an array',
    )
  }
  for (const key of fetch) {
    if (keys.includes(key)) continue
    throw new RangeError(
      `${caller}: fetch must name outputs of the function (${keys.join(', ')}), got ${key}`,
    )
  }
  return [...fetch]
}
