import { afterEach, describe, expect, it } from 'vitest'
import { jumpingBall } from '../bodies/ball.ts'
import { halfCheetah } from '../bodies/halfCheetah.ts'
import { point } from '../bodies/point.ts'
import { swimmer } from '../bodies/swimmer.ts'
import { walkingAnt } from '../bodies/walkingAnt.ts'
import { composeEnv } from '../mujoco/composeEnv.ts'
import type { Body, Task } from '../mujoco/model.ts'
import { liveHandles } from '../mujoco/module.ts'
import { uMazeTask } from './bumpMaze.ts'
import { crossMazeTask } from './crossMaze.ts'
import { gapCorridor } from './gap.ts'
import { narrowHallwayRun } from './hallway.ts'
import { goToTargets } from './targets.ts'

afterEach(() => expect(liveHandles()).toBe(0))

/** A point as wide as a hallway. */
const giant: Body = {
  ...point,
  name: 'giant',
  fragment: {
    ...point.fragment,
    worldbody: (point.fragment.worldbody ?? []).map((xml) => xml.replace('size="0.25"', 'size="1.6"')),
  },
}

describe('a body that does not fit', () => {
  it.each([
    [
      'without a root in a maze',
      halfCheetah,
      crossMazeTask,
      'cross-maze: body must have "root", got "half-cheetah" without, take another body',
    ],
    [
      'that nothing touches between walls',
      swimmer,
      uMazeTask,
      'u-maze: body must touch walls, got "swimmer", which nothing touches, take another body',
    ],
    [
      'without a root among targets',
      { ...walkingAnt, fragment: jumpingBall.fragment, name: 'nothing like it', root: undefined },
      goToTargets(),
      'targets: body must have "root", got "nothing like it" without, take another body',
    ],
    [
      'wider than a hallway',
      giant,
      narrowHallwayRun,
      'narrow-hallway: body must be smaller than a radius of 1.5 m, got "giant" of 1.60 m, take a smaller body',
    ],
    [
      'that floats, over a gap',
      point,
      gapCorridor,
      'gap: body must fall where there is no ground, got "point-mass", which floats, take another body',
    ],
  ] as readonly (readonly [string, Body, Task, string])[])(
    'is refused: one %s',
    async (_, body, task, message) => {
      await expect(composeEnv(body, task)).rejects.toThrow(new RangeError(message))
    },
  )
})
