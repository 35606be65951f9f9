import type { CellResult } from '../../run/cellResult.ts'
import { probabilityOfImprovement } from '../../statistics/improvement.ts'
import { meanOf, medianOf, varianceOf } from '../../statistics/samples.ts'
import type { Rollout } from '../staged/rollouts.ts'
import type { Sight } from '../staged/stagedArm.ts'
import type { CellsByRole, Judgement } from '../suite.ts'

/** What the rule of figure 3.9 asks for. */
export const reachBars = {
  /** Mean distance of the hand from its point at the end of an episode that counts as reached, m. */
  distance: 0.05,
  /** Least share of pairs of runs in which soft Q-learning is sooner: of five against five alike it is so in 1.6 % of all cases. */
  sooner: 0.92,
  /** Random points may take so many times the steps of one. */
  random: 2,
} as const

/** How far the hand ends from its point. */
export function lookAtReaching(rollouts: readonly Rollout[]): Sight {
  const distances = rollouts.map(({ info }) => info.distance.last)
  return {
    numbers: {
      distance: meanOf(distances),
      spread: distances.length > 1 ? Math.sqrt(varianceOf(distances)) : 0,
      success: meanOf(rollouts.map(({ info }) => info.success.last)),
      return: meanOf(rollouts.map(({ discountedReturn }) => discountedReturn)),
    },
  }
}

/** When a run has first reached its points; one step after its end where it never does. */
function reachedAt({ curves }: CellResult): { readonly steps: number; readonly met: boolean } {
  const { steps, values } = curves.distance
  const at = values.findIndex((value) => value <= reachBars.distance)
  return at < 0 ? { steps: steps[steps.length - 1] + 1, met: false } : { steps: steps[at], met: true }
}

/**
 * The rule of figure 3.9, all learners under one protocol: soft Q-learning comes to its point sooner than DDPG and than NAF, and to random points
 * in at most twice the steps.
 */
export function judgeReaching({ sql, ddpg, naf, random }: CellsByRole): Judgement {
  const runs = Object.entries({ sql, ddpg, naf, random }).map(([name, cells]) => {
    const reached = cells.map(reachedAt)
    const steps = reached.map((one) => one.steps)
    return { name, steps, middle: medianOf(steps), met: reached.filter((one) => one.met).length }
  })
  const [soft, , , any] = runs
  // Larger is later.
  const sooner = runs.slice(1, 3).map(({ name, steps }) => ({
    name,
    share: probabilityOfImprovement([steps], [soft.steps]),
  }))
  const learned = soft.met > soft.steps.length / 2
  const near = any.met > any.steps.length / 2 && any.middle <= reachBars.random * soft.middle
  const fails = !learned || !near || sooner.some(({ share }) => share <= 0.5)
  const holds = sooner.every(({ share }) => share >= reachBars.sooner)
  const told = runs.map(
    ({ name, middle, met, steps }) =>
      `${name} ${met > steps.length / 2 ? `${middle} steps` : 'never'} (${met} of ${steps.length} runs)`,
  )
  return {
    verdict: fails ? 'fails' : holds ? 'holds' : 'inconclusive',
    reason:
      `within ${reachBars.distance} m of the point, median over runs, of which so many ever: ${told.join(', ')}; ` +
      `soft Q-learning is sooner in ${sooner.map(({ name, share }) => `${(100 * share).toFixed(0)} % of the pairs with ${name}`).join(' and ')}`,
    metrics: {
      ...Object.fromEntries(
        runs.flatMap(({ name, middle, met }) => [
          [`${name}.steps`, { value: middle }],
          [`${name}.reached`, { value: met }],
        ]),
      ),
      ...Object.fromEntries(sooner.map(({ name, share }) => [`sooner.${name}`, { value: share }])),
    },
  }
}
