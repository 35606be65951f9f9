import { foldIn, key, uniform } from '@maxent/core/keys'
import {
  compose,
  largestSum,
  randomMdp,
  softPolicyEvaluation,
  softPolicyIteration,
  softProblem,
  weightedReward,
} from '@maxent/core/tabular'
import { z } from 'zod'
import type { CellData } from '../../run/cellResult.ts'

export interface BoundsSettings {
  readonly tasks: number
  /** Successors of each state and action; 1 is deterministic. */
  readonly successors: number
  readonly states: number
  readonly actions: number
  /** Random processes, each with a temperature, discount and rewards of its own. */
  readonly processes: number
  /** `as printed` takes the Rényi divergence of thesis 6.4, without the temperature, and the one half of B.28. */
  readonly penalty: 'corrected' | 'as printed'
}

export const boundsSettings: z.ZodType<BoundsSettings, unknown> = z.strictObject({
  tasks: z.int().min(2),
  successors: z.int().min(1),
  states: z.int().min(2),
  actions: z.int().min(2),
  processes: z.int().min(1),
  penalty: z.enum(['corrected', 'as printed']),
})

/** How tight both bounds are on one process: 1 where a bound is met, 0 where there was nothing to allow for. */
export interface Tightness {
  readonly alpha: number
  readonly gamma: number
  /** The largest (Q_Σ − Q_C*)/C* over states and actions. */
  readonly gap: number
  /** The largest (Q_C* − Q_C^π)/D*. */
  readonly regret: number
  /** The least of Q_C* − (Q_Σ − C*) and Q_C^π − (Q_C* − D*), over 1 + the largest |Q_C*|: negative where a bound fails. */
  readonly slack: number
}

/** α log-uniform in 0.01 to 10, 1/(1 − γ) log-uniform in 1 to 100, rewards uniform in [−1, 1], tasks of equal weight. */
export function tightnessOf(settings: BoundsSettings, seed: number, process: number): Tightness {
  const { tasks, states, actions, successors } = settings
  const at = foldIn(key(seed), process)
  const [a, g] = uniform(foldIn(at, 'scales'), 2)
  const alpha = 10 ** (3 * a - 2)
  const gamma = 1 - 10 ** (-2 * g)
  const mdp = randomMdp(foldIn(at, 'mdp'), { states, actions, successors, gamma, tasks })
  const weights = Array.from({ length: tasks }, () => 1 / tasks)
  const problem = softProblem({ mdp, alpha, reward: weightedReward(mdp, weights) })
  const parts = mdp.rewards.map((reward) => softPolicyIteration({ ...problem, reward }).q)
  const optimum = softPolicyIteration(problem)
  const { q, policy, penalty, gap, regret } = compose(problem, parts)
  const value = softPolicyEvaluation(problem, policy)
  const factor = settings.penalty === 'corrected' ? 1 : 2 / alpha
  const allowed = {
    gap:
      factor === 1
        ? gap
        : largestSum(
            mdp,
            penalty.map((p) => factor * p),
          ).table,
    regret: regret.map((d) => factor * d),
  }
  const used = { gap: 0, regret: 0 }
  let slack = Infinity
  for (const [i, best] of optimum.q.entries()) {
    const [over, under] = [q[i] - best, best - value.q[i]]
    slack = Math.min(slack, allowed.gap[i] - over, allowed.regret[i] - under)
    // A bound of rounding's size says nothing about tightness.
    if (allowed.gap[i] > 1e-9) used.gap = Math.max(used.gap, over / allowed.gap[i])
    if (allowed.regret[i] > 1e-9) used.regret = Math.max(used.regret, under / allowed.regret[i])
  }
  const scale = 1 + Math.max(...optimum.q.map(Math.abs))
  return { alpha, gamma, ...used, slack: slack / scale }
}

/** A cell: many random processes. */
export function boundsCell(
  settings: BoundsSettings,
  seed: number,
  onProgress?: (done: number, of: number) => void,
): Pick<CellData, 'scalars' | 'samples'> {
  const found = Array.from({ length: settings.processes }, (_, process) => {
    onProgress?.(process, settings.processes)
    return tightnessOf(settings, seed, process)
  })
  const sorted = (pick: (one: Tightness) => number): number[] => found.map(pick).sort((a, b) => a - b)
  const [gap, regret] = [sorted((one) => one.gap), sorted((one) => one.regret)]
  const quantile = (values: readonly number[], share: number): number =>
    values[Math.min(values.length - 1, Math.floor(share * values.length))]
  return {
    scalars: {
      leastSlack: Math.min(...found.map(({ slack }) => slack)),
      failures: found.filter(({ slack }) => slack < -1e-9).length,
      gapMedian: quantile(gap, 0.5),
      gapTenth: quantile(gap, 0.9),
      gapMost: quantile(gap, 1),
      regretMedian: quantile(regret, 0.5),
      regretTenth: quantile(regret, 0.9),
      regretMost: quantile(regret, 1),
    },
    samples: {
      gap: found.map((one) => one.gap),
      regret: found.map((one) => one.regret),
      logAlpha: found.map((one) => Math.log10(one.alpha)),
      gamma: found.map((one) => one.gamma),
    },
  }
}
