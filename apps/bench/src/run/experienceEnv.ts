import type { AnyAlgorithm, Env, VectorEnv } from '@maxent/core'
import { vectorEnv } from '@maxent/envs'

/**
 * What an algorithm takes its experience from: as many environments as its rollouts need, or as are asked for.
 * @throws RangeError when another number is asked for than rollouts need.
 */
export async function makeExperienceEnv(
  make: () => Promise<Env>,
  { experience }: Pick<AnyAlgorithm, 'experience'>,
  asked?: number,
): Promise<Env | VectorEnv> {
  const needed = experience?.kind === 'rollouts' ? experience.environments : undefined
  if (needed !== undefined && asked !== undefined && asked !== needed) {
    throw new RangeError(
      `train: --envs must be the environments = ${needed} of the algorithm, got ${asked}, use --set environments=${asked}`,
    )
  }
  const environments = needed ?? asked
  if (environments === undefined) return make()
  return vectorEnv(await Promise.all(Array.from({ length: environments }, make)))
}
