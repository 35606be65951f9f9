import type { Env } from '@maxent/core/contracts'
import { checkCount } from './count.ts'
import { relay } from './relay.ts'
import { createResult } from './result.ts'

/**
 * Takes each action a number of times, or until the episode ends. Rewards and features add up; the observation and `info` are those of
 * the last step. The time limit counts in actions.
 *
 * @throws RangeError when `times` is no positive integer.
 */
export function repeatActions<Task>(env: Env<Task>, { times }: { readonly times: number }): Env<Task> {
  checkCount('repeatActions', 'times', times)
  const { maxEpisodeSteps, ...spec } = env.spec
  const result = createResult()
  const features = new Float32Array(spec.features?.length ?? 0)
  if (spec.features !== undefined) result.features = features
  return {
    ...relay(env),
    spec:
      maxEpisodeSteps === undefined ? spec : { ...spec, maxEpisodeSteps: Math.ceil(maxEpisodeSteps / times) },
    step: (action) => {
      let reward = 0
      for (let i = 0; i < times; i++) {
        const step = env.step(action)
        if (i === 0) features.fill(0)
        reward += step.reward
        for (let j = 0; j < features.length; j++) features[j] += step.features?.[j] ?? 0
        result.observation = step.observation
        result.terminated = step.terminated
        result.truncated = step.truncated
        result.info = step.info
        if (step.terminated || step.truncated) break
      }
      result.reward = reward
      return result
    },
  }
}
