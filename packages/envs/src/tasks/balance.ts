import type { Task } from '../mujoco/model.ts'
import { ability } from '../mujoco/model.ts'
import { emptySpace } from './arena.ts'

/** Stay healthy: 1 for each step that ends so, and the end when not. Gymnasium `InvertedPendulum-v5`. */
export const balance: Task = {
  name: 'balance',
  source: 'Gymnasium InvertedPendulum-v5',
  maxEpisodeSteps: 1000,
  arena: emptySpace,
  bind: (body, simulation) => {
    const healthy = ability(body, 'balance', 'healthy')
    const info = { rewardSurvive: 0 }
    const outcome = { reward: 0, terminated: false, info }
    return {
      outcome,
      memory: new Float64Array(0),
      start: () => {
        info.rewardSurvive = 0
      },
      after: () => {
        outcome.terminated = !healthy(simulation)
        outcome.reward = info.rewardSurvive = outcome.terminated ? 0 : 1
      },
    }
  },
}
