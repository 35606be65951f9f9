import { fillUniform, foldIn, key } from '@maxent/core/keys'
import type { ActionSpec, Observation } from '@maxent/core/contracts'

/** Actions for an observation, in the environment's units. */
export type Policy = (observation: Observation) => Float32Array | Promise<Float32Array>

/** Uniform actions: what every learner has to beat. */
export function uniformPolicy({ low, high }: ActionSpec, seed: number): Policy {
  const base = foldIn(key(seed), 'uniform policy')
  const action = new Float32Array(low.length)
  let calls = 0
  return () => {
    fillUniform(foldIn(base, calls++), action)
    for (let i = 0; i < action.length; i++) action[i] = low[i] + action[i] * (high[i] - low[i])
    return action
  }
}
