import type { Env } from '../../contracts.ts'
import { boxGibbs, type Gibbs } from './boxGibbs.ts'
import { box, oracleEnv } from './environment.ts'

/** The reward of the bandit. */
export interface BanditOptions {
  /** The best action; 0.3 when absent. */
  readonly peak?: number
  /** k > 0; 2 when absent. */
  readonly curvature?: number
}

/** One state, one action in [−1, 1], one step: reward −½ k (a − peak)². */
export function banditEnv(options: BanditOptions = {}): Env {
  const reward = banditReward(options)
  return oracleEnv({
    spec: { id: 'bandit', observation: { state: 1 }, action: box(1) },
    start: (state) => {
      state[0] = 1
    },
    advance: (_, action) => ({ reward: reward(action[0]), terminated: true }),
  })
}

/** The soft-optimal policy of {@link banditEnv}: a normal distribution around the peak, of variance α / k, cut to [−1, 1]. */
export function banditOptimum(options: BanditOptions & { readonly alpha: number }): Gibbs {
  return boxGibbs(banditReward(options), options.alpha)
}

function banditReward({ peak = 0.3, curvature = 2 }: BanditOptions): (action: number) => number {
  return (action) => -0.5 * curvature * (action - peak) ** 2
}
