import type { CellResult } from '../../run/cellResult.ts'
import type { CellsByRole, Judgement } from '../suite.ts'

/** When a seed has got to where a task pays. */
export interface Goal {
  /** As in `cross the finish line`. */
  readonly words: string
  readonly scalar: string
  readonly isMet: (value: number) => boolean
}

/**
 * The rule of figures 3.4 and 3.5: it holds where every seed in the role `soft` meets the goal and some seed in the role `deterministic` does
 * not, and is inconclusive where all of both do.
 */
export function judgeEverySeed({ words, scalar, isMet }: Goal): (cells: CellsByRole) => Judgement {
  const met = (cells: readonly CellResult[]): number =>
    cells.filter(({ scalars }) => isMet(scalars[scalar])).length
  return ({ soft, deterministic }) => {
    const [softMet, deterministicMet] = [met(soft), met(deterministic)]
    const all = softMet === soft.length
    const differs = deterministicMet < deterministic.length
    return {
      verdict: !all ? 'fails' : differs ? 'holds' : 'inconclusive',
      reason: `${softMet} of ${soft.length} seeds of soft Q-learning ${words}, and ${deterministicMet} of ${deterministic.length} of DDPG`,
      metrics: { 'soft.seeds': { value: softMet }, 'deterministic.seeds': { value: deterministicMet } },
    }
  }
}
