import type { Task } from '../mujoco/model.ts'
import { controlInterval } from '../mujoco/model.ts'
import { element } from '../mujoco/xml.ts'

/** Weight of the squared action. Gymnasium `HalfCheetah-v5`, `ctrl_cost_weight`. */
const CONTROL_COST = 0.1

/**
 * Run along x on a plane without end:  r = Δx / Δt − 0.1 · Σ aᵢ².  Never terminates.
 *
 * The cost is on the action as given; the motors clamp it to their range.
 */
export const runForward: Task = {
  name: 'run-forward',
  source: 'Gymnasium HalfCheetah-v5',
  maxEpisodeSteps: 1000,
  arena: (surface) => ({
    worldbody: [
      element('geom', {
        name: 'floor',
        type: 'plane',
        size: [40, 40, 40],
        contype: 1,
        conaffinity: 1,
        ...surface,
      }),
    ],
  }),
  bind: (body, simulation) => {
    const interval = controlInterval(body.timing)
    const info = { xPosition: 0, xVelocity: 0, rewardForward: 0, rewardControl: 0 }
    const outcome = { reward: 0, terminated: false, info }
    let x = 0
    return {
      outcome,
      start: () => {
        info.xPosition = simulation.qpos[body.forward]
        info.xVelocity = info.rewardForward = info.rewardControl = 0
      },
      before: () => {
        x = simulation.qpos[body.forward]
      },
      after: (action) => {
        let squares = 0
        for (let i = 0; i < action.length; i++) squares += action[i] * action[i]
        info.xPosition = simulation.qpos[body.forward]
        info.xVelocity = (info.xPosition - x) / interval
        info.rewardForward = info.xVelocity
        info.rewardControl = -CONTROL_COST * squares
        outcome.reward = info.rewardForward + info.rewardControl
      },
    }
  },
}
