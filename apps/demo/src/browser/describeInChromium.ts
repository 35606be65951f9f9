import { describe } from 'vitest'
import { findChromium } from './findChromium.ts'

/** Milliseconds that a test, or the build of its page, may take where the machine has other work. */
export const patience = 180_000

/** Tests in a Chromium: skipped, and that is said, where there is none. */
export function describeInChromium(name: string, tests: (executable: string) => void): void {
  const executable = findChromium()
  if (executable === undefined) {
    console.warn(`skipped, no Chromium is found: ${name}. Install one, or name one in CHROME_PATH.`)
  }
  describe.skipIf(executable === undefined)(name, { timeout: patience }, () => tests(executable ?? ''))
}
