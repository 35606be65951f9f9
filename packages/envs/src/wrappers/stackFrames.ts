import type { Env, Observation } from '@maxent/core/contracts'
import { part } from '../episodes.ts'
import { checkCount } from './count.ts'
import { relay } from './relay.ts'
import { createResult } from './result.ts'
import { innerSnapshot, wrapSnapshot } from './snapshot.ts'

/**
 * Shows the last observations of every group, the oldest first. The first observation of an episode stands for those before it.
 *
 * @throws RangeError when `frames` is no positive integer.
 */
export function stackFrames<Task>(env: Env<Task>, { frames }: { readonly frames: number }): Env<Task> {
  checkCount('stackFrames', 'frames', frames)
  const sizes = Object.entries(env.spec.observation)
  const lengths = sizes.map(([name, size]) => [name, size * frames] as const)
  const observation = Object.fromEntries(lengths.map(([name, length]) => [name, new Float32Array(length)]))
  const result = createResult()
  const push = (seen: Observation): void => {
    for (const [name, size] of sizes) {
      observation[name].copyWithin(0, size)
      observation[name].set(seen[name], size * (frames - 1))
    }
  }
  const entry = (name: string): string => `frames.${name}`
  return {
    ...relay(env),
    spec: { ...env.spec, observation: Object.fromEntries(lengths) },
    reset: (options) => {
      const start = env.reset(options)
      for (let i = 0; i < frames; i++) push(start.observation)
      return { observation, info: start.info }
    },
    step: (action) => {
      Object.assign(result, env.step(action))
      push(result.observation)
      result.observation = observation
      return result
    },
    snapshot: () => {
      const own = lengths.map(([name]) => [entry(name), Float64Array.from(observation[name])] as const)
      return wrapSnapshot(Object.fromEntries(own), env.snapshot())
    },
    restore: (snapshot) => {
      const saved = lengths.map(([name, length]) => [name, part(snapshot, entry(name), length)] as const)
      env.restore(innerSnapshot(snapshot))
      for (const [name, values] of saved) observation[name].set(values)
    },
  }
}
