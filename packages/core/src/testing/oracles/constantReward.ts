import type { Env } from '../../contracts.ts'
import { box, oracleEnv } from './environment.ts'

/** What is paid, and when episodes are cut. */
export interface ConstantRewardOptions {
  /** 1 when absent. */
  readonly reward?: number
  /** Length of the action; 1 when absent. */
  readonly actions?: number
  /** Where episodes are cut; 10 when absent. The task itself never ends. */
  readonly maxEpisodeSteps?: number
}

/** One state and the same reward for ever, in episodes cut by a time limit, through which a correct learner bootstraps. */
export function constantRewardEnv(options: ConstantRewardOptions = {}): Env {
  const { reward = 1, actions = 1, maxEpisodeSteps = 10 } = options
  return oracleEnv({
    spec: { id: 'constant-reward', observation: { state: 1 }, action: box(actions), maxEpisodeSteps },
    start: (state) => {
      state[0] = 1
    },
    advance: () => ({ reward, terminated: false }),
  })
}

/**
 * The soft values of {@link constantRewardEnv}, whose soft-optimal policy is uniform on [−1, 1]^A with entropy H = A log 2:
 *
 *   V = (r + α H) / (1 − γ)         Q = r + γ V
 */
export function constantRewardOptimum(
  options: ConstantRewardOptions & { readonly alpha: number; readonly gamma: number },
): { readonly value: number; readonly q: number; readonly entropy: number } {
  const { reward = 1, actions = 1, alpha, gamma } = options
  const entropy = actions * Math.LN2
  const value = (reward + alpha * entropy) / (1 - gamma)
  return { value, q: reward + gamma * value, entropy }
}
