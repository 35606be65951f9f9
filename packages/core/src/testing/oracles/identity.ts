import type { Env } from '../../contracts.ts'
import { box, oracleEnv } from './environment.ts'

/**
 * Say what you see: states uniform in [−1, 1]^size, reward −‖a − s‖², one step. The best action is the state itself, with return 0.
 */
export function identityEnv(size = 1): Env {
  return oracleEnv({
    spec: { id: 'identity', observation: { state: size }, action: box(size) },
    start: (state, draws) => {
      for (let i = 0; i < size; i++) state[i] = 2 * draws.uniform() - 1
    },
    advance: (state, action) => ({
      reward: -state.reduce((sum, x, i) => sum + (action[i] - x) ** 2, 0),
      terminated: true,
    }),
  })
}
