import type { CellResult } from '../../run/cellResult.ts'
import { meanOf, medianOf } from '../../statistics/samples.ts'
import type { CellsByRole, Judgement } from '../suite.ts'

/** Share of the distance that a policy converges to above which it counts as converged. */
const CLOSE = 1.1
/** The largest share of the gradient steps of learning online. */
export const most = 0.02
/** A merged policy that leaves the puck further away than this, m, has nothing to converge to. */
export const solved = 0.2
/** Looks at the end that the converged distance is the mean of. */
const LOOKS = 3

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
 * would at its end, which makes the share the largest that it may be; where that is what misses the bar: `inconclusive`.
 */
export function judgeExtraction({ merged, policy, online }: CellsByRole): Judgement {
  const seeds = merged.map((cell, i) => {
    const converged = meanOf(cell.curves.distance.values.slice(-LOOKS))
    const [own, other] = [policy[i], online[i]].map((one) => firstBelow(one, CLOSE * converged))
    const share = own.steps / other.steps
    return { converged, steps: own.steps, share, least: other.met ? share : 0, reached: other.met }
  })
  const converged = medianOf(seeds.map((seed) => seed.converged))
  const share = medianOf(seeds.map((seed) => seed.share))
  const least = medianOf(seeds.map((seed) => seed.least))
  const steps = medianOf(seeds.map((seed) => seed.steps))
  const newSteps = merged.reduce((sum, { scalars }) => sum + scalars.steps, 0)
  const reached = seeds.filter((seed) => seed.reached).length
  const verdictOf = (): Judgement['verdict'] => {
    if (converged > solved) return 'inconclusive'
    if (newSteps > 0 || least > most) return 'fails'
    return share <= most ? 'holds' : 'inconclusive'
  }
  return {
    verdict: verdictOf(),
    reason:
      `median over seeds: extraction converges to ${converged.toFixed(2)} m; within a tenth of it after ${steps} gradient steps, ` +
      `${(100 * share).toFixed(2)} % of those of learning online, which comes as near on ${reached} of ${seeds.length} seeds; ` +
      `${newSteps} steps in an environment for it`,
    metrics: {
      converged: { value: converged },
      share: { value: share },
      steps: { value: steps },
      newSteps: { value: newSteps },
    },
  }
}
