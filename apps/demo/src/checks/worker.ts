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

const checks = {
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

/** Every check. */
export type Checks = typeof checks

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
