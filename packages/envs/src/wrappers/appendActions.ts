import type { Env, Observation } from '@maxent/core/contracts'
import { part } from '../episodes.ts'
import { checkCount } from './count.ts'
import { relay } from './relay.ts'
import { createResult } from './result.ts'
import { innerSnapshot, wrapSnapshot } from './snapshot.ts'

/** Which actions are shown, and where. */
export interface ActionHistory {
  /** How many; a positive integer. */
  readonly steps: number
  /** The group that holds them; `actions` when absent. */
  readonly group?: string
}

/**
 * Shows the last actions as one more group, the oldest first, zeros for those before the start.
 *
 * @throws RangeError when `steps` is no positive integer or the environment has a group of that name already.
 */
export function appendActions<Task>(env: Env<Task>, { steps, group = 'actions' }: ActionHistory): Env<Task> {
  checkCount('appendActions', 'steps', steps)
  if (Object.hasOwn(env.spec.observation, group)) {
    throw new RangeError(
      `appendActions: group must be a new name, got "${group}", which "${env.spec.id}" has, choose another`,
    )
  }
  const size = env.spec.action.low.length
  const length = size * steps
  const actions = new Float32Array(length)
  const observation: Record<string, Float32Array> = {}
  const result = createResult()
  const extend = (seen: Observation): Observation => {
    Object.assign(observation, seen)
    observation[group] = actions
    return observation
  }
  return {
    ...relay(env),
    spec: { ...env.spec, observation: { ...env.spec.observation, [group]: length } },
    reset: (options) => {
      const start = env.reset(options)
      actions.fill(0)
      return { observation: extend(start.observation), info: start.info }
    },
    step: (action) => {
      Object.assign(result, env.step(action))
      actions.copyWithin(0, size)
      actions.set(action, length - size)
      result.observation = extend(result.observation)
      return result
    },
    snapshot: () => wrapSnapshot({ actions: Float64Array.from(actions) }, env.snapshot()),
    restore: (snapshot) => {
      const saved = part(snapshot, 'actions', length)
      env.restore(innerSnapshot(snapshot))
      actions.set(saved)
    },
  }
}
