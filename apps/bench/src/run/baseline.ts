import { uniformAction } from '@maxent/core'
import { foldIn, key } from '@maxent/core/keys'
import type { ActionSpec, Observation } from '@maxent/core/contracts'

/** Actions for an observation, in the environment's units. */
export type Policy = (observation: Observation) => Float32Array | Promise<Float32Array>

/** Uniform actions: what every learner has to beat. */
export function uniformPolicy(spec: ActionSpec, seed: number): Policy {
  const base = foldIn(key(seed), 'uniform policy')
  const action = new Float32Array(spec.low.length)
  let calls = 0
  return () => uniformAction(foldIn(base, calls++), spec, action)
}

/** Actions of zero, where the bounds leave it out the nearest: what a learner of a task has to beat that pays for standing still. */
export function zeroPolicy({ low, high }: ActionSpec): Policy {
  const action = Float32Array.from(low, (least, i) => Math.min(Math.max(0, least), high[i]))
  return () => action
}
