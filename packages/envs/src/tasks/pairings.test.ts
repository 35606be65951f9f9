import { afterEach, expect, it } from 'vitest'
import { ant } from '../bodies/ant.ts'
import { ball, jumpingBall } from '../bodies/ball.ts'
import { halfCheetah } from '../bodies/halfCheetah.ts'
import { humanoid } from '../bodies/humanoid.ts'
import { point } from '../bodies/point.ts'
import { quadruped } from '../bodies/quadruped.ts'
import { reacher } from '../bodies/reacher.ts'
import { antRllab, humanoidRllab, swimmerRllab } from '../bodies/rllab.ts'
import { simpleHumanoid } from '../bodies/simpleHumanoid.ts'
import { swimmer } from '../bodies/swimmer.ts'
import { walkingAnt } from '../bodies/walkingAnt.ts'
import { composeEnv } from '../mujoco/composeEnv.ts'
import { liveHandles } from '../mujoco/module.ts'
import { blockedMazeTask, uMazeTask } from './bumpMaze.ts'
import { crossMazeTask } from './crossMaze.ts'
import { finishLine } from './finishLine.ts'
import { gapCorridor } from './gap.ts'
import { narrowHallwayRun, wideHallwayRun } from './hallway.ts'
import { goToRing, goToTarget } from './hiddenTarget.ts'
import { redAndGreen } from './squares.ts'
import { goToTargets } from './targets.ts'

const MAZES = [blockedMazeTask, uMazeTask, crossMazeTask, redAndGreen]
const OPEN = [goToTargets(), goToRing]
/** These ask for the velocity of the centre of mass. */
const FAST = [wideHallwayRun, narrowHallwayRun, finishLine]
const ALL = [...MAZES, ...OPEN, ...FAST, goToTarget, gapCorridor]
const butFalls = ALL.filter((task) => task !== goToTarget)

afterEach(() => expect(liveHandles()).toBe(0))

it.each([
  [ball, ALL],
  [jumpingBall, ALL],
  [walkingAnt, ALL],
  [quadruped, ALL],
  [simpleHumanoid, ALL],
  [point, ALL.filter((task) => task !== gapCorridor)],
  [antRllab, butFalls],
  [humanoidRllab, butFalls],
  [ant, [...MAZES, ...OPEN]],
  [humanoid, [...MAZES, ...OPEN]],
  [swimmer, OPEN],
  [swimmerRllab, [...OPEN, finishLine]],
  [halfCheetah, []],
  [reacher, []],
] as const)('$name does the tasks that its abilities allow, and no others', async (body, able) => {
  const names = new Set(able.map(({ name }) => name))
  for (const task of ALL) {
    const making = composeEnv(body, task)
    if (!names.has(task.name)) {
      await expect(making, task.name).rejects.toThrow(
        /^[a-z-]+: body must .*, take (another|a smaller) body$/,
      )
      continue
    }
    const env = await making
    env.reset({ seed: 1 })
    for (let t = 0; t < 3; t++) {
      const { reward } = env.step(new Float32Array(body.action.low.length))
      expect(Number.isFinite(reward)).toBe(true)
    }
    env.close()
  }
})
