import type { Env } from '../../contracts.ts'
import { eachSuccessor, type FiniteMdp } from '../../tabular/mdp.ts'
import { oracleEnv } from './environment.ts'

export interface MdpEnvOptions {
  /** 20 when absent. */
  readonly maxEpisodeSteps?: number
}

/**
 * A finite process with its first reward as an environment whose actions are choices. The observation is the state, one-hot; an episode starts
 * in any state, each as likely, and ends with the probability 1 − d(s,a). Its truth is what the solvers of `@maxent/core/tabular` give.
 */
export function mdpEnv(mdp: FiniteMdp, { maxEpisodeSteps = 20 }: MdpEnvOptions = {}): Env {
  const { states, actions, rewards } = mdp
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
    start: (state, draws) => enter(state, Math.floor(draws.uniform() * states)),
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
