import { InvalidArgumentError } from 'commander'

/** Reads an option that counts something. */
export function count(text: string): number {
  const value = Number(text)
  if (Number.isSafeInteger(value) && value >= 1) return value
  throw new InvalidArgumentError(`It must be an integer of at least 1, as in 1000.`)
}

/** Reads a seed. */
export function seed(text: string): number {
  const value = Number(text)
  if (text.trim() !== '' && Number.isSafeInteger(value) && value >= 0) return value
  throw new InvalidArgumentError('It must be an integer from 0 to 9007199254740991.')
}

/** Gathers an option that may be given several times. */
export function gather(text: string, before: readonly string[]): string[] {
  return [...before, text]
}

/** A word as a shell takes it. */
export function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
}

/** `20261121-143005`. */
export function stamp(now: Date): string {
  return now.toISOString().replace(/[-:]/g, '').replace('T', '-').slice(0, 15)
}
