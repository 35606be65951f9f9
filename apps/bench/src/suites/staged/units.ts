import type { Env, Observation } from '@maxent/core'

/** For every number of a group of observations: what is shown as 0, and how much as 1. */
interface GroupUnits {
  readonly centre: readonly number[]
  readonly unit: readonly number[]
}

/** By the name of the group. Groups without stay as they are. */
export type Units = Readonly<Record<string, GroupUnits>>

/**
 * An observation with (x − centre) / unit in the place of x. Unlike `normalizeObservations` of `@maxent/envs` with frozen statistics it bounds
 * nothing, and is there for single observations too: who looks at rollouts sees places as they are.
 */
export function inUnits(observation: Observation, units: Units): Observation {
  return Object.fromEntries(
    Object.entries(observation).map(([name, values]) => {
      const group = units[name] as GroupUnits | undefined
      if (group === undefined) return [name, values]
      return [name, values.map((x, i) => (x - group.centre[i]) / group.unit[i])]
    }),
  )
}

/** The environment, seen in such units. */
export function withUnits(env: Env, units: Units): Env {
  return {
    ...env,
    reset: (options) => {
      const start = env.reset(options)
      return { ...start, observation: inUnits(start.observation, units) }
    },
    step: (action) => {
      const result = env.step(action)
      return { ...result, observation: inUnits(result.observation, units) }
    },
  }
}
