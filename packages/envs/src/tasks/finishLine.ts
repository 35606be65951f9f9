import { rectangleMark } from '../arenas/marks.ts'
import { chosen } from '../chosen.ts'
import type { Task } from '../mujoco/model.ts'
import { ability } from '../mujoco/model.ts'
import { floor } from './arena.ts'
import { squares } from './rllab.ts'

/** source: thesis C.1. */
const STEPS = 500
/** source: released code of soft Q-learning, its swimmer: weight of the squared action, clipped to ±1; half of it counts. */
const CONTROL = 0.01
const CLIP = 1

const LINE = chosen(
  'finish line of the centre of mass, m along x',
  0.75,
  'uniform actions end within 0.5 m in nine episodes of ten and cross it in two of 300: every run may come upon it, and need not',
)
const BONUS = chosen(
  'reward of each step beyond the finish line',
  5,
  'much more than the speed pays; paid for being there, not for crossing, so that it follows from the state',
)

/** source: none, the line is drawn only. */
const DRAWN = [0.05, 10] as const
const NAME = 'finish-line'

/**
 * Move along x either way; beyond a line on one side there is a bonus (thesis 3.4, figure 3.4; cost of the released code):
 *
 *   r = |v_x| − ½ 0.01 · Σ aᵢ² + 5 · [x ≥ 0.75]
 *
 * with x and v_x of the centre of mass in the state reached, a the action clipped to ±1. Never terminates. The group `position` tells x.
 */
export const finishLine: Task = {
  name: NAME,
  source: 'Haarnoja 2018, section 3.4 and C.1, and the released code of soft Q-learning',
  chosen: [LINE, BONUS],
  maxEpisodeSteps: STEPS,
  arena: (surface) => {
    const water = floor(surface)
    const line = rectangleMark({ name: 'line', color: 'red', middle: [LINE.value, 0], half: DRAWN })
    return { ...water, worldbody: [...(water.worldbody ?? []), line] }
  },
  observation: { position: 1 },
  bind: (body, simulation) => {
    const forward = ability(body, NAME, 'forward')
    const readVelocity = ability(body, NAME, 'velocity')
    const velocity = new Float64Array(3)
    const position = new Float32Array(1)
    const info = {
      xPosition: 0,
      xVelocity: 0,
      rewardForward: 0,
      rewardControl: 0,
      rewardBonus: 0,
      success: 0,
    }
    const outcome = { reward: 0, terminated: false, info }
    const look = (): void => {
      info.xPosition = position[0] = forward(simulation)
      info.success = info.xPosition >= LINE.value ? 1 : 0
    }
    return {
      outcome,
      memory: new Float64Array(0),
      observation: { position },
      start: () => {
        look()
        info.xVelocity = info.rewardForward = info.rewardControl = info.rewardBonus = 0
      },
      after: (action) => {
        look()
        readVelocity(simulation, velocity)
        info.xVelocity = velocity[0]
        info.rewardForward = Math.abs(info.xVelocity)
        info.rewardControl = -0.5 * CONTROL * squares(action, CLIP)
        info.rewardBonus = BONUS.value * info.success
        outcome.reward = info.rewardForward + info.rewardControl + info.rewardBonus
      },
    }
  },
}
