import type { Advice } from '@maxent/core'
import type { SqlConfig } from './config.ts'

/** Share of states with all particles in one place, and share of exp(Q/α) where the sampler puts actions. */
const [MOST_COLLAPSED, LEAST_COVERAGE] = [0.5, 0.75]
/**
 * Effective actions of a soft value, on average over states, that the coverage must rest on: of 5 and more, 16 exact samples have a coverage of 0.79 at
 * least, of 2 to 3 down to 0.53, which would be told as modes that are missed.
 */
const LEAST_SAMPLES = 5

/** Who advises, and what can be done about each. */
export interface SamplerRemedies {
  readonly caller: string
  readonly collapsed: string
  readonly modeCoverage: string
}

/** Of soft Q-learning itself. */
const own: SamplerRemedies = {
  caller: 'sql',
  collapsed: 'raise the temperature or lower rewardScale, or lower policyLearningRate',
  modeCoverage:
    'raise the temperature or lower rewardScale, or anneal the temperature from a larger one, or give more particles',
}

/**
 * What the diagnostics of the sampling network say that is hardly meant: particles in one place, which nothing drives apart, and modes that are
 * missed, where enough actions tell. Nothing where latents shrink to one, which is meant to end in one action.
 */
export function adviseOn(
  { latents }: Pick<SqlConfig, 'latents'>,
  { collapsed = 0, modeCoverage = 1, effectiveSampleSize = Infinity }: Readonly<Record<string, number>>,
  remedies: SamplerRemedies = own,
): readonly Advice[] {
  if (latents.kind === 'set') return []
  const { caller } = remedies
  const percent = (share: number): string => `${(100 * share).toFixed(0)} %`
  return [
    ...(collapsed > MOST_COLLAPSED
      ? [
          {
            name: 'collapsed',
            message:
              `${caller}: the sampler has collapsed, all particles are in one place in ${percent(collapsed)} of the states (collapsed); ` +
              remedies.collapsed,
          },
        ]
      : []),
    ...(modeCoverage < LEAST_COVERAGE && effectiveSampleSize >= LEAST_SAMPLES
      ? [
          {
            name: 'modeCoverage',
            message:
              `${caller}: the sampler covers ${percent(modeCoverage)} of exp(Q/α) (modeCoverage), where 85 % and more are usual, and may miss modes; ` +
              remedies.modeCoverage,
          },
        ]
      : []),
  ]
}
