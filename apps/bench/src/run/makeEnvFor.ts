import type { Env } from '@maxent/core'
import { chooseActions, listEnvs, makeEnv, type EnvId } from '@maxent/envs'
import type { AlgorithmEntry } from '../registry/algorithms.ts'

/** An environment as an algorithm acts in it: one that acts by choices gets the moves of a grid world as such. */
export async function makeEnvFor({ actions }: Pick<AlgorithmEntry, 'actions'>, id: EnvId): Promise<Env> {
  const env = await makeEnv(id)
  const moves = actions === 'choices' ? listEnvs().find((info) => info.id === id)?.moves : undefined
  return moves === undefined ? env : chooseActions(env, moves)
}
