import type { StepResult } from '@maxent/core/contracts'

/** The record of steps that a wrapper reuses. */
export type ResultRecord = { -readonly [Name in keyof StepResult]: StepResult[Name] }

export function createResult(): ResultRecord {
  return { observation: {}, reward: 0, terminated: false, truncated: false, info: {} }
}
