import { multiGoal, solveByQuadrature, valueAt } from '@maxent/core/tabular'
import { binMasses, maxima, middles, type Landscape, type Place } from './landscape.ts'

/** Where fig. 3.2 shows Q and the policy. */
export const shownStates: readonly Place[] = [
  [-2.5, 0],
  [0, 0],
  [2.5, 2.5],
]

/** Cells per axis at which maxima are looked for, and the distance within which one of two counts. */
export const maximaGrid = { side: 81, radius: 0.25 }

/** Squares per axis of the histograms that are compared. */
export const bins = 10

/** A shown state as the quadrature has it. */
export interface ExactState {
  readonly maxima: readonly Place[]
  /** Of the optimal policy, bin by bin. */
  readonly masses: Float64Array
}

/** The optimal policy of the released quadratic reward, by quadrature: at each of {@link shownStates}. */
export function solveMultiGoal({ alpha, gamma }: { alpha: number; gamma: number }): readonly ExactState[] {
  const problem = multiGoal({ alpha, gamma })
  const { solution } = solveByQuadrature(problem)
  return shownStates.map((state) => {
    const q = (action: Place): number => {
      const { next, reward, discount } = problem.step(state, action)
      return reward + gamma * discount * valueAt(problem.states, solution.v, next)
    }
    const landscape = (side: number, scale: number): Landscape => ({
      side,
      values: middles(side).map((action) => q(action) * scale),
    })
    return {
      maxima: maxima(landscape(maximaGrid.side, 1), maximaGrid.radius),
      masses: binMasses(landscape(20 * bins, 1 / alpha), bins),
    }
  })
}
