import { rectangleMark } from '../arenas/marks.ts'
import { chosen } from '../chosen.ts'
import type { Task } from '../mujoco/model.ts'
import { ability, controlInterval } from '../mujoco/model.ts'
import { floor } from './arena.ts'

/** source: thesis C.1. */
const STEPS = 500

const LINE = chosen(
  'finish line, m along x',
  3,
  'a slow snake of 0.15 m/s crosses it in 20 of the 25 s of an episode',
)
const BONUS = chosen(
  'reward of each step beyond the finish line',
  5,
  'much more than the speed pays; paid for being there, not for crossing, so that it follows from the state',
)

/** source: none, the line is drawn only. */
const DRAWN = [0.05, 10] as const
const NAME = 'finish-line'

/** |v| + 5 · [x ≥ 3]: speed pays either way, and beyond the line there is a bonus. */
export function finishReward(x: number, velocity: number): number {
  return Math.abs(velocity) + (x >= LINE.value ? BONUS.value : 0)
}

/**
 * Move along x either way; beyond a line on one side there is a bonus (thesis 3.4): r = |Δx / Δt| + 5 · [x ≥ 3]. Never terminates. The
 * group `position` tells x.
 */
export const finishLine: Task = {
  name: NAME,
  source: 'Haarnoja 2018, section 3.4 and C.1',
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
    const interval = controlInterval(body.timing)
    const position = new Float32Array(1)
    const info = { xPosition: 0, xVelocity: 0, success: 0 }
    const outcome = { reward: 0, terminated: false, info }
    // The x of the last step.
    const memory = new Float64Array(1)
    const look = (): void => {
      info.xPosition = forward(simulation)
      info.xVelocity = (info.xPosition - memory[0]) / interval
      info.success = info.xPosition >= LINE.value ? 1 : 0
      memory[0] = position[0] = info.xPosition
    }
    return {
      outcome,
      memory,
      observation: { position },
      start: () => {
        memory[0] = forward(simulation)
        look()
      },
      after: () => {
        look()
        outcome.reward = finishReward(info.xPosition, info.xVelocity)
      },
    }
  },
}
