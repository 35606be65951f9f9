import { afterEach, describe, expect, it } from 'vitest'
import type { StepResult } from '@maxent/core/contracts'
import { anglesAt, put, still } from '../../fixtures/arms.ts'
import { using } from '../../fixtures/using.ts'
import { jaco, jacoChain } from '../bodies/jaco.ts'
import { sawyer, sawyerChain } from '../bodies/sawyer.ts'
import { liveHandles } from '../mujoco/module.ts'
import { reachHiddenPoint } from './hiddenReach.ts'
import { reachAnyPoint, reachOnePoint } from './reachPoint.ts'

afterEach(() => expect(liveHandles()).toBe(0))

describe('reaching a point', () => {
  it('pays for the distance and the squares of torques as shares of their bounds', async () => {
    await using(sawyer, reachOnePoint, (env) => {
      env.reset({ seed: 2 })
      put(env, anglesAt(sawyerChain, [0.6, -0.15, 0.3]))
      const { reward, info, terminated } = still(env)
      expect(reward).toBeCloseTo(-0.3, 4)
      expect(info.success).toBe(0)
      expect(terminated).toBe(false)
      expect(env.step(Float32Array.of(20, 0, -20, 0, 0, 0, 4.5)).info.rewardControl).toBeCloseTo(
        -0.01 * (0.25 + 1 + 1),
        9,
      )
      env.reset({ seed: 2 })
      put(env, anglesAt(sawyerChain, [0.6, 0.15, 0.315]))
      expect(still(env).info.success).toBe(1)
    })
  })

  it('tells a point that was drawn or given, and keeps the one that was given', async () => {
    await using(sawyer, reachAnyPoint, (env) => {
      const drawn = Array.from({ length: 50 }, (_, seed) => [...env.reset({ seed }).observation.target])
      for (const [axis, [least, most]] of [
        [0.5, 0.7],
        [-0.25, 0.25],
        [0.1, 0.4],
      ].entries()) {
        const along = drawn.map((point) => point[axis])
        expect(Math.min(...along)).toBeGreaterThan(least - 1e-6)
        expect(Math.max(...along)).toBeLessThan(most + 1e-6)
        expect(Math.max(...along) - Math.min(...along)).toBeGreaterThan(0.85 * (most - least))
      }
      env.reset({ task: [0.55, 0, 0.25] })
      put(env, anglesAt(sawyerChain, [0.55, 0, 0.25]))
      expect(still(env).info.distance).toBeLessThan(1e-4)
      const { target } = env.reset({ seed: 5 }).observation
      expect([...target]).toEqual([...Float32Array.of(0.55, 0, 0.25)])
      for (const task of [[0.55, 0], [0.55, 0, 0.41], [0.55, NaN, 0.2], 3, null]) {
        expect(() => env.reset({ task })).toThrow(
          new RangeError(
            `reset: task must be a point from 0.5, -0.25, 0.1 to 0.7, 0.25, 0.4 m, got ${JSON.stringify(task)}`,
          ),
        )
      }
    })
  })
})

describe('a hidden point', () => {
  it('lies in a cube of 0.4 m, the same in every episode of a task', async () => {
    await using(jaco, reachHiddenPoint, (env) => {
      const places = Array.from({ length: 330 }, (_, task) => [...env.reset({ task }).observation.target])
      for (const [axis, [least, most]] of [
        [-0.2, 0.2],
        [-0.2, 0.2],
        [0.02, 0.42],
      ].entries()) {
        const along = places.map((place) => place[axis])
        expect(Math.min(...along)).toBeGreaterThan(least - 1e-6)
        expect(Math.max(...along)).toBeLessThan(most + 1e-6)
        expect(Math.max(...along) - Math.min(...along)).toBeGreaterThan(0.38)
      }
      expect(new Set(places.map(String)).size).toBe(330)
      env.reset({ task: 7 })
      for (let i = 0; i < 3; i++) expect([...env.reset().observation.target]).toEqual(places[7])
    })
  })

  it('is told by number in training and not in a test', async () => {
    await using(jaco, reachHiddenPoint, (env) => {
      const { task } = env.reset({ task: 41 }).observation
      expect([task.indexOf(1), task.reduce((sum, x) => sum + x, 0)]).toEqual([41, 1])
      expect(env.reset({ task: 300 }).observation.task.every((x) => x === 0)).toBe(true)
    })
  })

  it('pays 1 in every step within 0.05 m of it, nothing elsewhere, and is no end', async () => {
    await using(jaco, reachHiddenPoint, (env) => {
      const { target } = env.reset({ seed: 1, task: 3 }).observation
      const fingers = [0.6, 0.6, 0.6]
      const off = (distance: number): StepResult => {
        env.reset({ seed: 1 })
        put(env, [...anglesAt(jacoChain, [target[0], target[1], target[2] + distance]), ...fingers])
        return still(env)
      }
      const near = off(0.045)
      expect([near.reward, near.info.success, near.terminated]).toEqual([1, 1, false])
      expect(near.info.distance).toBeCloseTo(0.045, 3)
      expect(still(env).reward).toBe(1)
      expect(off(0.055).reward).toBe(0)
    })
  })

  it('refuses tasks that are none', async () => {
    await using(jaco, reachHiddenPoint, (env) => {
      for (const task of [-1, 330, 1.5, '3', [3]]) {
        expect(() => env.reset({ task })).toThrow(
          new RangeError(`reset: task must be a number from 0 to 329, got ${JSON.stringify(task)}`),
        )
      }
    })
  })
})
