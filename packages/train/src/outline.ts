import type { EnvSpec } from '@maxent/core/contracts'

/** What of a specification the rows of a replay and an algorithm must agree in, as text to compare and to show. */
export function outlineOf({ observation, action }: Pick<EnvSpec, 'observation' | 'action'>): string {
  const { low, high, choices } = action
  return JSON.stringify({ observation, action: { low, high, choices } })
}
