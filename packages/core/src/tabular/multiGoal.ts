/** The two-dimensional multi-goal problem of thesis section 3.4. */
import type { ContinuousProblem } from './quadrature.ts'
import { gaussLegendreRule } from './quadratureRules.ts'

/** How the multi-goal task is set and discretised. */
export interface MultiGoalOptions {
  /** Nodes per state axis. Default 57, a spacing of 1/4. */
  readonly stateNodes?: number
  /** Nodes per action axis. Default 12. */
  readonly actionNodes?: number
  /** Default 10, thesis appendix C.1. */
  readonly alpha?: number
  /** Default 0.99: the thesis does not state it. */
  readonly gamma?: number
  /**
   * 'quadratic' is the reward of the released code, −30·‖a‖² − min_g ‖s' − g‖² + 10 on reaching a goal. 'gaussians' is the mixture that
   * the thesis describes, of the given width, less the action cost times ‖a‖²; nothing ends its episodes. At α = 10 and width 1 it
   * leaves the optimal policy all but uniform.
   */
  readonly reward?:
    | { readonly kind: 'quadratic' }
    | { readonly kind: 'gaussians'; readonly width: number; readonly actionCost: number }
}

/** The four goals. */
export const multiGoals: readonly (readonly [number, number])[] = [
  [5, 0],
  [-5, 0],
  [0, 5],
  [0, -5],
]

const BOX = 7
const REACHED = 1

/** s' = clip(s + a) on [−7, 7]², a in [−1, 1]²; under the quadratic reward the episode ends within distance 1 of a goal. */
export function multiGoal(options: MultiGoalOptions = {}): ContinuousProblem {
  const {
    stateNodes = 57,
    actionNodes = 12,
    alpha = 10,
    gamma = 0.99,
    reward = { kind: 'quadratic' },
  } = options
  const axis = { low: -BOX, high: BOX, size: stateNodes }
  const rule = gaussLegendreRule(-1, 1, actionNodes)
  return {
    states: [axis, axis],
    actions: [rule, rule],
    gamma,
    alpha,
    step: ([x, y], [u, w]) => {
      const next = [Math.min(Math.max(x + u, -BOX), BOX), Math.min(Math.max(y + w, -BOX), BOX)]
      const squares = multiGoals.map(([gx, gy]) => (next[0] - gx) ** 2 + (next[1] - gy) ** 2)
      const nearest = Math.min(...squares)
      const reached = nearest < REACHED ** 2
      const effort = u * u + w * w
      if (reward.kind === 'gaussians') {
        const bumps = squares.reduce((sum, square) => sum + Math.exp(-square / (2 * reward.width ** 2)), 0)
        return { next, reward: bumps - reward.actionCost * effort, discount: 1 }
      }
      return { next, reward: -30 * effort - nearest + (reached ? 10 : 0), discount: reached ? 0 : 1 }
    },
  }
}
