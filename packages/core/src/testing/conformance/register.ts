import { describe, it } from 'vitest'
import type { Check } from './checks.ts'

/** Registers checks as tests. */
export function registerChecks(name: string, checks: readonly Check[]): void {
  describe(name, () => {
    for (const check of checks) it(check.title, async () => check.run())
  })
}
