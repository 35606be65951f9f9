import type { Task } from '../mujoco/model.ts'
import { ability } from '../mujoco/model.ts'
import { emptySpace } from './arena.ts'

/** source: Gymnasium `Pusher-v5`, `reward_*_weight`. */
const NEAR = 0.5
const CONTROL = 0.1
const STEPS = 100

const NAME = 'push'

/**
 * Push an object to the goal that the body brings along:
 *
 *   r = −‖object − goal‖ − 0.1 Σ aᵢ² − 0.5 ‖object − hand‖
 *
 * Never terminates. Gymnasium `Pusher-v5`.
 */
export const push: Task = {
  name: NAME,
  source: 'Gymnasium Pusher-v5',
  maxEpisodeSteps: STEPS,
  arena: emptySpace,
  distribution: 'object uniform in a rectangle 0.17 m and more from the goal, for training and tests alike',
  bind: (body, simulation) => {
    const { hand, object, goal } = ability(body, NAME, 'pushes')
    if (goal === undefined) {
      throw new RangeError(`${NAME}: body must have a goal, got "${body.name}" without, take another body`)
    }
    const info = { rewardDistance: 0, rewardControl: 0, rewardNear: 0 }
    const outcome = { reward: 0, terminated: false, info }
    const apart = (from: number, to: number): number => {
      const places = simulation.derived('xpos')
      const x = places[3 * from] - places[3 * to]
      const y = places[3 * from + 1] - places[3 * to + 1]
      const z = places[3 * from + 2] - places[3 * to + 2]
      return Math.sqrt(x * x + y * y + z * z)
    }
    return {
      outcome,
      memory: new Float64Array(0),
      start: () => {
        info.rewardDistance = info.rewardControl = info.rewardNear = 0
      },
      after: (action) => {
        let squares = 0
        for (let i = 0; i < action.length; i++) squares += action[i] * action[i]
        info.rewardDistance = -apart(object, goal)
        info.rewardControl = -CONTROL * squares
        info.rewardNear = -NEAR * apart(object, hand)
        outcome.reward = info.rewardDistance + info.rewardControl + info.rewardNear
      },
    }
  },
}
