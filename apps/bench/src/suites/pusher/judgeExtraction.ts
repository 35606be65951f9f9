import type { CellResult } from '../../run/cellResult.ts'
import { meanOf, medianOf } from '../../statistics/samples.ts'
import type { CellsByRole, Judgement } from '../suite.ts'

/** Share of the distance that a policy converges to above which it counts as converged. */
const CLOSE = 1.1
/** The largest share of the gradient steps of learning online. */
export const most = 0.02
/** A policy that leaves the puck further away than this, m, on average over its last looks, has not learned the combined goal. */
export const solved = 0.2
/** Looks at the end that the converged distance is the mean of. */
const LOOKS = 3

const convergedOf = ({ curves }: CellResult): number => meanOf(curves.distance.values.slice(-LOOKS))

/** Gradient steps after which the distance is at most so large at two looks in a row, or at the last; those of the whole run where it never is. */
function firstBelow(
  { curves }: CellResult,
  distance: number,
): { readonly steps: number; readonly met: boolean } {
  const { steps, values } = curves.distance
  const at = values.findIndex((value, i) => value <= distance && (values[i + 1] ?? value) <= distance)
  return at < 0 ? { steps: steps[steps.length - 1], met: false } : { steps: steps[at], met: true }
}

/**
 * The rule of figure 6.2, seed by seed: the gradient steps in which a policy comes within a tenth of the distance that extraction converges to,
 * as a share of those in which learning online comes as near, without a step in an environment. A run that never does counts as one that
 * would at its end. For learning online alone that makes the share the largest that it may be; where this is what misses the bar: `inconclusive`.
 * Likewise where neither way comes to the goal; where learning online alone does, extraction fails.
 */
export function judgeExtraction({ merged, policy, online }: CellsByRole): Judgement {
  const seeds = merged.map((cell, i) => {
    const converged = convergedOf(cell)
    const [own, other] = [policy[i], online[i]].map((one) => firstBelow(one, CLOSE * converged))
    const share = own.steps / other.steps
    const least = other.met || !own.met ? share : 0
    return { converged, steps: own.steps, share, least, reached: other.met }
  })
  const converged = medianOf(seeds.map((seed) => seed.converged))
  const learned = medianOf(online.map(convergedOf))
  const share = medianOf(seeds.map((seed) => seed.share))
  const least = medianOf(seeds.map((seed) => seed.least))
  const steps = medianOf(seeds.map((seed) => seed.steps))
  const newSteps = merged.reduce((sum, { scalars }) => sum + scalars.steps, 0)
  const reached = seeds.filter((seed) => seed.reached).length
  const verdictOf = (): Judgement['verdict'] => {
    if (converged > solved) return learned > solved ? 'inconclusive' : 'fails'
    if (newSteps !== 0 || least > most) return 'fails'
    return share <= most ? 'holds' : 'inconclusive'
  }
  return {
    verdict: verdictOf(),
    reason:
      `median over seeds: extraction converges to ${converged.toFixed(2)} m, learning online to ${learned.toFixed(2)} m; within a tenth of it after ${steps} gradient steps, ` +
      `${(100 * share).toFixed(2)} % of those of learning online, which comes as near on ${reached} of ${seeds.length} seeds; ` +
      `${newSteps} steps in an environment for it`,
    metrics: {
      converged: { value: converged },
      learned: { value: learned },
      share: { value: share },
      steps: { value: steps },
      newSteps: { value: newSteps },
    },
  }
}
