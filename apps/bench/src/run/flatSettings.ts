import type { JsonRecord, JsonValue } from '../suites/suite.ts'

/** The leaves of a record by dotted path, as in `config.temperature.kind`; a list is one leaf. */
export function flatSettings(record: JsonRecord): ReadonlyMap<string, JsonValue> {
  const leaves = new Map<string, JsonValue>()
  const visit = (value: JsonValue, path: string): void => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) leaves.set(path, value)
    else {
      for (const [key, entry] of Object.entries(value)) visit(entry, path === '' ? key : `${path}.${key}`)
    }
  }
  visit(record, '')
  return leaves
}

/** Whether two JSON values are the same, lists entry by entry. */
export function sameValue(a: JsonValue | undefined, b: JsonValue | undefined): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}

/**
 * Whether a cell with `settings` is the one that was recorded. A field that came after the record was made is taken to have been at its
 * default: whoever adds one that changes what is learned raises the learning revision.
 */
export function matchesRecorded(
  recorded: JsonRecord,
  { settings, defaults }: { readonly settings: JsonRecord; readonly defaults: JsonRecord },
): boolean {
  const [before, now, usual] = [recorded, settings, defaults].map(flatSettings)
  for (const [path, value] of before) {
    if (!sameValue(value, now.get(path))) return false
  }
  for (const [path, value] of now) {
    if (!before.has(path) && !sameValue(value, usual.get(path))) return false
  }
  return true
}
