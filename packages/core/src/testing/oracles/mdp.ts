import type { Env } from '../../contracts.ts'
import { eachSuccessor, type FiniteMdp } from '../../tabular/mdp.ts'
import { checkStateDistribution } from '../../tabular/policy.ts'
import { oracleEnv } from './environment.ts'

/** How the process becomes an environment. */
export interface MdpEnvOptions {
  /** 20 when absent. */
  readonly maxEpisodeSteps?: number
  /** The probability of each state to start in, [S]; all alike when absent. */
  readonly initial?: Float64Array
}

/**
 * A finite process with its first reward as an environment whose actions are choices. The observation is the state, one-hot; an episode starts
 * in any state, each as likely unless told otherwise, and ends with the probability 1 − d(s,a). Its truth is what the solvers of
 * `@maxent/core/tabular` give.
 * @throws RangeError when `initial` is no distribution over the states.
 */
export function mdpEnv(mdp: FiniteMdp, { maxEpisodeSteps = 20, initial }: MdpEnvOptions = {}): Env {
  const { states, actions, rewards } = mdp
  if (initial !== undefined) checkStateDistribution(mdp, initial, 'mdpEnv')
  const enter = (state: Float64Array, index: number): void => {
    state.fill(0)
    state[index] = 1
  }
  return oracleEnv({
    spec: {
      id: 'finite-mdp',
      observation: { state: states },
      action: { low: [0], high: [actions - 1], choices: actions },
      maxEpisodeSteps,
    },
    start: (state, draws) => enter(state, startOf(draws.uniform(), states, initial)),
    advance: (state, [choice], draws) => {
      if (!(Number.isInteger(choice) && choice >= 0 && choice < actions)) {
        throw new RangeError(`step: action must be the index of one of ${actions} choices, got ${choice}`)
      }
      const row = state.indexOf(1) * actions + choice
      let left = draws.uniform()
      let to = -1
      eachSuccessor(mdp, row, (next, probability) => {
        if (left >= 0) to = next
        left -= probability
      })
      // What the successors leave over is the end of the episode, unless it is rounding alone.
      const terminated = left >= 1e-6
      enter(state, to)
      return { reward: rewards[0][row], terminated }
    },
  })
}

/** The state that a uniform number draws. */
function startOf(uniform: number, states: number, initial: Float64Array | undefined): number {
  if (initial === undefined) return Math.floor(uniform * states)
  let left = uniform
  const drawn = initial.findIndex((p) => (left -= p) < 0)
  // Rounding may leave the sum below one.
  return drawn < 0 ? initial.findLastIndex((p) => p > 0) : drawn
}
