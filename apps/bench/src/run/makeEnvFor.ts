import type { Env } from '@maxent/core'
import { chooseActions, limitTime, listEnvs, makeEnv, type EnvId } from '@maxent/envs'
import type { AlgorithmEntry } from '../registry/algorithms.ts'

/**
 * An environment as an algorithm acts in it: one that acts by choices gets the moves of a grid world as such. Episodes end after `episodeSteps`
 * where they are given and the environment's own are longer.
 */
export async function makeEnvFor(
  { actions }: Pick<AlgorithmEntry, 'actions'>,
  id: EnvId,
  episodeSteps?: number,
): Promise<Env> {
  const made = await makeEnv(id)
  const env = episodeSteps === undefined ? made : limitTime(made, { steps: episodeSteps })
  const moves = actions === 'choices' ? listEnvs().find((info) => info.id === id)?.moves : undefined
  return moves === undefined ? env : chooseActions(env, moves)
}
