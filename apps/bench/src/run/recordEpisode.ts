import type { Env } from '@maxent/core/contracts'
import { cameras, type Camera, type Recording } from '../film/index.ts'
import type { Policy } from './baseline.ts'
import { digits } from './digits.ts'

/** What to write down. */
export interface RecordingRequest {
  readonly env: Env
  readonly policy: Policy
  readonly seed: number
  readonly steps: number
}

/**
 * Plays the beginning of an episode and writes down what a film needs, to five digits: observations, or what the environment's camera notes of
 * its states, as often as the camera takes pictures.
 */
export async function recordEpisode({ env, policy, seed, steps }: RecordingRequest): Promise<Recording> {
  const camera: Camera | undefined = Object.hasOwn(cameras, env.spec.id) ? cameras[env.spec.id] : undefined
  const { every = 1, note } = camera ?? {}
  const observations: number[][] = []
  const infos: Record<string, number>[] = []
  let { observation, info } = env.reset({ seed })
  for (let step = 0; ; step++) {
    if (step % every === 0) {
      const seen = note?.(env) ?? Object.values(observation).flatMap((group) => [...group])
      observations.push(seen.map(digits))
      infos.push(Object.fromEntries(Object.entries(info).map(([name, value]) => [name, digits(value)])))
    }
    if (step + 1 >= steps) break
    const result = env.step(await policy(observation))
    if (result.terminated || result.truncated) break
    ;({ observation, info } = result)
  }
  return { observations, info: infos }
}
