import type { Env } from '@maxent/core/contracts'
import { part } from '../episodes.ts'
import { checkCount } from './count.ts'
import { relay } from './relay.ts'
import { createResult } from './result.ts'
import { innerSnapshot, wrapSnapshot } from './snapshot.ts'

/**
 * Truncates episodes after a number of steps. A limit that the environment has itself stays.
 *
 * @throws RangeError when `steps` is no positive integer.
 */
export function limitTime<Task>(env: Env<Task>, { steps }: { readonly steps: number }): Env<Task> {
  checkCount('limitTime', 'steps', steps)
  const result = createResult()
  let taken = 0
  return {
    ...relay(env),
    spec: { ...env.spec, maxEpisodeSteps: Math.min(steps, env.spec.maxEpisodeSteps ?? Infinity) },
    reset: (options) => {
      const start = env.reset(options)
      taken = 0
      return start
    },
    step: (action) => {
      if (taken >= steps) {
        throw new Error(
          `step: "${env.spec.id}" must have a running episode, got one that ended after ${taken} steps, call reset`,
        )
      }
      Object.assign(result, env.step(action))
      taken++
      result.truncated ||= taken >= steps
      return result
    },
    snapshot: () => wrapSnapshot({ steps: Float64Array.of(taken) }, env.snapshot()),
    restore: (snapshot) => {
      const saved = part(snapshot, 'steps', 1)
      env.restore(innerSnapshot(snapshot))
      taken = saved[0]
    },
  }
}
