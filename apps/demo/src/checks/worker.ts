/** Runs checks by name. */
import { plainActions, poolThreads } from './browserChecks.ts'
import {
  actions,
  policyFile,
  sacUpdates,
  timeUpdates,
  trainPendulum,
  trajectory,
  updateOnThreads,
} from './checks.ts'

/** Every check. */
export interface Checks {
  readonly actions: typeof actions
  readonly plainActions: typeof plainActions
  readonly policyFile: typeof policyFile
  readonly poolThreads: typeof poolThreads
  readonly sacUpdates: typeof sacUpdates
  readonly timeUpdates: typeof timeUpdates
  readonly trainPendulum: typeof trainPendulum
  readonly trajectory: typeof trajectory
  readonly updateOnThreads: typeof updateOnThreads
}

const checks: Checks = {
  actions,
  plainActions,
  policyFile,
  poolThreads,
  sacUpdates,
  timeUpdates,
  trainPendulum,
  trajectory,
  updateOnThreads,
}

interface Request {
  readonly name: keyof Checks
  readonly args: readonly unknown[]
}

self.onmessage = async ({ data: { name, args } }: MessageEvent<Request>) => {
  try {
    const check = checks[name] as (...args: readonly unknown[]) => unknown
    self.postMessage({ result: await check(...args) })
  } catch (error) {
    self.postMessage({ error: error instanceof Error ? error.message : String(error) })
  }
}
