import type { AnyAlgorithm, Env, VectorEnv } from '@maxent/core'
import { makeEnv, vectorEnv, type EnvId } from '@maxent/envs'

/** What an algorithm takes its experience from: one environment, or as many as its rollouts need. */
export async function makeExperienceEnv(
  id: EnvId,
  { experience }: Pick<AnyAlgorithm, 'experience'>,
): Promise<Env | VectorEnv> {
  if (experience?.kind !== 'rollouts') return makeEnv(id)
  const { environments } = experience
  return vectorEnv(await Promise.all(Array.from({ length: environments }, () => makeEnv(id))))
}
