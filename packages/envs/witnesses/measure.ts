import { uniformAction } from '@maxent/core'
import type { Env } from '@maxent/core/contracts'
import { foldIn, key } from '@maxent/core/keys'
import type { EnvId } from '@maxent/envs'
import { listEnvs, makeEnv } from '@maxent/envs'
import type { Controller, Episode, Witness } from './witness.ts'

/** Shares of episodes in which a task was done. */
export interface Rates {
  readonly witness: number
  readonly random: number
  /** Episodes of each; episode i has the seed i. */
  readonly seeds: number
}

/** How often a witness does its task, and how often uniform actions do. Of a set of tasks every second episode takes one for tests. */
export async function measure(id: EnvId, witness: Witness, seeds: number): Promise<Rates> {
  const env = await makeEnv(id)
  const { action: box } = env.spec
  const sets = listEnvs().find((info) => info.id === id)?.tasks
  const share = async (begin: (seed: number) => Controller | Promise<Controller>): Promise<number> => {
    let done = 0
    for (let seed = 0; seed < seeds; seed++) {
      if (sets !== undefined) {
        const set = seed % 2 === 0 ? sets.train : sets.test
        // Kept by the reset of the episode.
        env.reset({ task: set[Math.floor(seed / 2) % set.length] })
      }
      const episode = await runEpisode(env, seed, await begin(seed))
      if (witness.done(episode, env.spec)) done++
    }
    return done / seeds
  }
  const random = (seed: number): Controller => {
    let step = 0
    return (_, action) => void uniformAction(foldIn(foldIn(key(seed), 'random'), step++), box, action)
  }
  try {
    return { witness: await share(() => witness.begin(env.spec)), random: await share(random), seeds }
  } finally {
    env.close()
  }
}

/** One episode from a seed. */
export async function runEpisode(env: Env, seed: number, control: Controller): Promise<Episode> {
  const { low, high } = env.spec.action
  const action = new Float32Array(low.length)
  let { observation } = env.reset({ seed })
  let total = 0
  let features: number[] | undefined
  for (let steps = 1; ; steps++) {
    await control(observation, action)
    for (let i = 0; i < action.length; i++) action[i] = Math.min(Math.max(action[i], low[i]), high[i])
    const result = env.step(action)
    ;({ observation } = result)
    total += result.reward
    if (result.features !== undefined) {
      features ??= Array.from(result.features, () => 0)
      for (let i = 0; i < features.length; i++) features[i] += result.features[i]
    }
    const { terminated, truncated, info } = result
    if (terminated || truncated) {
      return {
        return: total,
        steps,
        terminated,
        observation: structuredClone(observation),
        info: { ...info },
        ...(features === undefined ? {} : { features }),
      }
    }
  }
}
