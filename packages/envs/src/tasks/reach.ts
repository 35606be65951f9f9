import type { Task } from '../mujoco/model.ts'
import { ability } from '../mujoco/model.ts'
import { emptySpace } from './arena.ts'

/** Bring a point to its target:  r = −distance − Σ aᵢ².  Never terminates. Gymnasium `Reacher-v5`. */
export const reach: Task = {
  name: 'reach',
  source: 'Gymnasium Reacher-v5',
  maxEpisodeSteps: 50,
  arena: emptySpace,
  distribution: 'target uniform in a disc of 0.2 m, for training and tests alike',
  bind: (body, simulation) => {
    const distance = ability(body, 'reach', 'distance')
    const info = { rewardDistance: 0, rewardControl: 0 }
    const outcome = { reward: 0, terminated: false, info }
    return {
      outcome,
      memory: new Float64Array(0),
      start: () => {
        info.rewardDistance = info.rewardControl = 0
      },
      after: (action) => {
        let squares = 0
        for (let i = 0; i < action.length; i++) squares += action[i] * action[i]
        info.rewardDistance = -distance(simulation)
        info.rewardControl = -squares
        outcome.reward = info.rewardDistance + info.rewardControl
      },
    }
  },
}
