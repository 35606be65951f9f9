import type { Task } from '../mujoco/model.ts'
import { ability } from '../mujoco/model.ts'
import { floor } from './arena.ts'

/** source: weights of Gymnasium `InvertedDoublePendulum-v5`. */
const SURVIVE = 10
const LEAST_HEIGHT = 1
const OFF_MIDDLE = 0.01
const VELOCITIES = [1e-3, 5e-3]

/**
 * Hold the tip of two poles on a cart over the middle, with x and z of the tip and the velocities ω₁, ω₂ of the hinges:
 *
 *   r = 10 · [z > 1] − (0.01 x² + (z − 2)²) − (0.001 ω₁² + 0.005 ω₂²)
 *
 * Terminates when the tip is not above 1 m.
 */
export const balanceTip: Task = {
  name: 'balance-tip',
  source: 'Gymnasium InvertedDoublePendulum-v5',
  maxEpisodeSteps: 1000,
  arena: floor,
  bind: (body, simulation) => {
    const readTip = ability(body, 'balance-tip', 'tip')
    const tip = new Float64Array(2)
    const info = { rewardSurvive: 0, distancePenalty: 0, velocityPenalty: 0 }
    const outcome = { reward: 0, terminated: false, info }
    return {
      outcome,
      memory: new Float64Array(0),
      start: () => {
        info.rewardSurvive = info.distancePenalty = info.velocityPenalty = 0
      },
      after: () => {
        readTip(simulation, tip)
        const [x, z] = tip
        const { qvel } = simulation
        outcome.terminated = z <= LEAST_HEIGHT
        info.rewardSurvive = outcome.terminated ? 0 : SURVIVE
        info.distancePenalty = -(OFF_MIDDLE * x ** 2 + (z - 2) ** 2)
        info.velocityPenalty = -(VELOCITIES[0] * qvel[1] ** 2 + VELOCITIES[1] * qvel[2] ** 2)
        outcome.reward = info.rewardSurvive + info.distancePenalty + info.velocityPenalty
      },
    }
  },
}
