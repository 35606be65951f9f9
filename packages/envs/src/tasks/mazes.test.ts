import { afterEach, describe, expect, it } from 'vitest'
import { still, stepAt } from '../../fixtures/navigation.ts'
import { using } from '../../fixtures/using.ts'
import { blockedDistance } from '../arenas/mazes.ts'
import { ball } from '../bodies/ball.ts'
import { point } from '../bodies/point.ts'
import { walkingAnt } from '../bodies/walkingAnt.ts'
import { liveHandles } from '../mujoco/module.ts'
import { blockedMazeTask, bump, uMazeTask } from './bumpMaze.ts'
import { crossMazeTask } from './crossMaze.ts'

afterEach(() => expect(liveHandles()).toBe(0))

describe('the cross-shaped maze', () => {
  it('pays 1000 within 2 m of the goal that it was given, and nothing elsewhere', async () => {
    await using(point, crossMazeTask, (env) => {
      for (const [task, x, y] of [
        [0, 6, -6],
        [1, 6, 6],
        [2, 12, 0],
      ] as const) {
        env.reset({ seed: 1, task })
        expect(stepAt(env, x - 1.5, y * 0.9)).toMatchObject({ reward: 1000, terminated: true })
        env.reset()
        expect(stepAt(env, y === 0 ? x - 2.1 : x, y / 2)).toMatchObject({ reward: 0, terminated: false })
      }
    })
  })

  it('tells where the goal lies ahead and to the left, and where the body is', async () => {
    await using(ball, crossMazeTask, (env) => {
      const { pose, target, proprio } = env.reset({ seed: 3, task: 2 }).observation
      expect(proprio).toHaveLength(5)
      const yaw = Math.atan2(pose[3], pose[2])
      expect(Math.abs(yaw)).toBeGreaterThan(0.1)
      expect([...pose.subarray(0, 2)]).toEqual([0, 0])
      expect(target[0]).toBeCloseTo(12 * Math.cos(yaw), 5)
      expect(target[1]).toBeCloseTo(-12 * Math.sin(yaw), 5)
    })
  })

  it('draws a goal for each episode until it is given one', async () => {
    await using(point, crossMazeTask, (env) => {
      const drawn = Array.from({ length: 30 }, (_, seed) => {
        const { pose, target } = env.reset({ seed }).observation
        return `${Math.round(pose[0] + target[0])},${Math.round(pose[1] + target[1])}`
      })
      expect(new Set(drawn)).toEqual(new Set(['6,-6', '6,6', '12,0']))
      for (const task of [-1, 3, 0.5, NaN, '1', null]) {
        expect(() => env.reset({ task })).toThrow(
          new RangeError(`reset: task must be the number of a goal, 0, 1, 2, got ${JSON.stringify(task)}`),
        )
      }
    })
  })
})

describe('mazes with a bump', () => {
  it('pay a Gaussian around the target and never end there', async () => {
    expect(bump(0, 2)).toBe(1)
    expect(bump(2, 2)).toBeCloseTo(Math.exp(-0.5), 15)
    await using(point, blockedMazeTask, (env) => {
      env.reset({ seed: 1 })
      expect(stepAt(env, 8, 1)).toMatchObject({ terminated: false, info: { distance: 1, success: 1 } })
      const { reward, info } = stepAt(env, 4, 4)
      expect(reward).toBeCloseTo(Math.exp(-32 / 8), 12)
      expect(info).toEqual({ distance: Math.hypot(4, 4), success: 0 })
      // Squeezed into the end of the closed passage, and round the corner of the open one.
      expect(stepAt(env, 4.75, 2.25).info.success).toBe(0)
      expect(blockedDistance).toBeLessThan(Math.hypot(8 - 4.75, 2.25))
      expect(stepAt(env, 6, -2.3).info.success).toBe(1)
    })
    await using(point, uMazeTask, (env) => {
      env.reset({ seed: 1 })
      expect(stepAt(env, 0.5, 5).info).toEqual({ distance: 0.5, success: 1 })
      expect(stepAt(env, 1.5, 5).info.success).toBe(0)
    })
  })

  it('hold a body back with their walls', async () => {
    await using(point, uMazeTask, (env) => {
      env.reset({ seed: 1 })
      const up = Float32Array.of(0, 1)
      for (let t = 0; t < 200; t++) env.step(up)
      expect(env.step(up).observation.pose[1]).toBeCloseTo(1.75, 1)
    })
  })

  it('end when the body flips over', async () => {
    await using(walkingAnt, uMazeTask, (env) => {
      env.reset({ seed: 1 })
      expect(env.step(still(env)).terminated).toBe(false)
      const snapshot = env.snapshot()
      const physics = snapshot.physics.slice()
      // On its back: a half turn about x.
      physics.set([0, 1, 0, 0], 4)
      env.restore({ ...snapshot, physics })
      expect(env.step(still(env)).terminated).toBe(true)
    })
  })
})
