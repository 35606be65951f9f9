import type { Env, Observation } from '@maxent/core/contracts'
import { relay } from './relay.ts'
import { createResult } from './result.ts'

/**
 * Shows some groups of the observation only, in the order given.
 *
 * @throws RangeError when no group is named, one is named twice, or the environment has no such group.
 */
export function selectGroups<Task>(env: Env<Task>, groups: readonly string[]): Env<Task> {
  const known = env.spec.observation
  for (const [i, name] of groups.entries()) {
    if (Object.hasOwn(known, name) && groups.indexOf(name) === i) continue
    throw new RangeError(
      `selectGroups: groups must be distinct names of ${Object.keys(known).join(', ')}, got "${name}" at index ${i}`,
    )
  }
  if (groups.length === 0) throw new RangeError('selectGroups: groups must name a group, got none')
  const observation: Record<string, Float32Array> = {}
  const result = createResult()
  const select = (seen: Observation): Observation => {
    for (const name of groups) observation[name] = seen[name]
    return observation
  }
  return {
    ...relay(env),
    spec: { ...env.spec, observation: Object.fromEntries(groups.map((name) => [name, known[name]])) },
    reset: (options) => {
      const start = env.reset(options)
      return { observation: select(start.observation), info: start.info }
    },
    step: (action) => {
      Object.assign(result, env.step(action))
      result.observation = select(result.observation)
      return result
    },
  }
}
