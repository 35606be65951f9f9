import { afterEach, describe, expect, it } from 'vitest'
import type { Env, StepResult } from '@maxent/core/contracts'
import { anglesAt, put, still } from '../../fixtures/arms.ts'
import { using } from '../../fixtures/using.ts'
import { frames, minus } from '../../witnesses/chain.ts'
import { stackingWitnesses } from '../../witnesses/stacking.ts'
import type { Controller } from '../../witnesses/witness.ts'
import { sawyerChain, sawyerWithBrick } from '../bodies/sawyer.ts'
import { composeEnv } from '../mujoco/composeEnv.ts'
import { liveHandles } from '../mujoco/module.ts'
import { avoidPost, stackBrick, stackPastPost } from './stackBrick.ts'

afterEach(() => expect(liveHandles()).toBe(0))

/** Where the held brick is when it sits on the other, on top of its body and its studs. */
const SEAT = [0.6, 0.15, 0.0192 + 0.01] as const
const above = (height: number): number[] => [SEAT[0], SEAT[1], SEAT[2] + height]

/** Torques with which a sawyer at rest presses with a force, N. */
function torques(angles: readonly number[], force: readonly number[]): Float32Array {
  const { hinges, hand } = frames(sawyerChain, angles)
  return Float32Array.from(hinges, ({ at, axes }) => {
    const [x, y, z] = minus(hand.at, at)
    const [a, b, c] = axes[2]
    // The axis times (arm × force).
    return (
      a * (y * force[2] - z * force[1]) +
      b * (z * force[0] - x * force[2]) +
      c * (x * force[1] - y * force[0])
    )
  })
}

/** Steps by the witness of an environment. */
function follow(
  env: Env<unknown>,
  id: string,
  steps: number,
  each?: (result: StepResult) => void,
): StepResult {
  const witness = stackingWitnesses.find(({ ids }) => ids.some((known) => known === id))
  if (witness === undefined) throw new Error(`no witness of ${id}`)
  const control = witness.begin(env.spec) as Controller
  const action = new Float32Array(env.spec.action.low.length)
  let result = still(env)
  for (let t = 1; t < steps; t++) {
    void control(result.observation, action)
    for (let i = 0; i < action.length; i++) {
      action[i] = Math.min(Math.max(action[i], env.spec.action.low[i]), env.spec.action.high[i])
    }
    result = env.step(action)
    each?.(result)
  }
  return result
}

describe('stacking', () => {
  it('pays for the distance and its logarithm, worked out by hand', async () => {
    await using(sawyerWithBrick, stackBrick, (env) => {
      env.reset({ seed: 1 })
      put(env, anglesAt(sawyerChain, above(0.03)))
      const far = still(env)
      expect(far.info.distance).toBeCloseTo(0.03, 4)
      expect(far.reward).toBeCloseTo(-0.03 - 0.1 * Math.log(0.03 ** 2 + 1e-6), 2)
      expect([far.info.studs, far.info.force, far.info.success, far.terminated]).toEqual([0, 0, 0, false])
      // Turned by a right angle about z every stud is a side of the grid away, 16 mm.
      env.reset({ seed: 1 })
      const turned = anglesAt(sawyerChain, above(0.03))
      turned[6] -= Math.PI / 2
      put(env, turned)
      expect(still(env).info.distance).toBeCloseTo(Math.hypot(0.03, 0.016), 4)
    })
  })

  it('has to overcome friction: a light push leaves the brick on the heads of the studs, a strong one seats it', async () => {
    await using(sawyerWithBrick, stackBrick, (env) => {
      const pressed = (newtons: number): StepResult => {
        env.reset({ seed: 1 })
        const angles = anglesAt(sawyerChain, above(0.0045))
        put(env, angles)
        const action = torques(angles, [0, 0, -newtons])
        let result = env.step(action)
        for (let t = 1; t < 40; t++) result = env.step(action)
        return result
      }
      const light = pressed(4)
      expect(light.info.studs).toBe(0)
      expect(light.info.success).toBe(0)
      const strong = pressed(40)
      expect(strong.info.studs).toBe(4)
      expect(strong.info.success).toBe(1)
    })
  })

  it('shows the force with which the arm presses down, and pays for it at the place', async () => {
    await using(sawyerWithBrick, stackBrick, (env) => {
      env.reset({ seed: 1 })
      follow(env, 'sawyer-stack', 100)
      const { proprio } = still(env).observation
      const action = torques([...proprio.subarray(0, 7)], [0, 0, -16])
      let result = env.step(action)
      for (let t = 0; t < 20; t++) result = env.step(action)
      expect(result.observation.force[0]).toBeCloseTo(16, 0)
      expect(result.info.force).toBeCloseTo(result.observation.force[0], 4)
      const { distance, force } = result.info
      const cost = 0.01 * action.reduce((sum, a, i) => sum + (a / env.spec.action.high[i]) ** 2, 0)
      expect(result.reward).toBeCloseTo(
        -distance - 0.1 * Math.log(distance ** 2 + 1e-6) + (0.2 * force) / 20 - cost,
        9,
      )
    })
  })

  it('comes back from every push far off its path', async () => {
    await using(sawyerWithBrick, stackBrick, (env) => {
      const pushes = stackBrick.tasks?.test ?? []
      expect(pushes).toHaveLength(20)
      for (const push of pushes.slice(0, 6)) {
        env.reset({ seed: 3, task: push })
        let farthest = 0
        let t = 0
        const last = follow(env, 'sawyer-stack', 200, ({ info }) => {
          if (++t > 60) farthest = Math.max(farthest, info.distance)
        })
        expect(Math.hypot(...(push as readonly number[]))).toBeCloseTo(90, 6)
        expect(farthest).toBeGreaterThan(0.1)
        expect(last.info.success).toBe(1)
      }
    })
  })

  it('is pushed from the 61st step on for half a second, and refuses pushes that are none', async () => {
    await using(sawyerWithBrick, stackBrick, (env) => {
      const speeds = (task: readonly number[]): number[] => {
        env.reset({ seed: 4, task })
        return Array.from({ length: 80 }, () => Math.hypot(...still(env).observation.proprio.subarray(7)))
      }
      const pushed = speeds([0, -30, 30])
      expect(Math.max(...pushed.slice(0, 60))).toBe(0)
      expect(pushed[60]).toBeGreaterThan(0.05)
      expect(pushed[69]).toBeGreaterThan(pushed[60])
      expect(pushed[70]).toBeLessThan(pushed[69])
      expect(Math.max(...speeds([0, 0, 0]))).toBe(0)
      for (const task of [[0, 0], [0, 0, 201], [120, 120, 120], [0, Infinity, 0], 60, 'up']) {
        expect(() => env.reset({ task })).toThrow(
          new RangeError(
            `reset: task must be a push of three numbers of at most 200 N together, got ${JSON.stringify(task)}`,
          ),
        )
      }
    })
  })

  it('comes back bit for bit in the middle of a push', async () => {
    const [env, other] = await Promise.all([1, 2].map(() => composeEnv(sawyerWithBrick, stackPastPost)))
    env.reset({ seed: 6, task: [50, 0, 50] })
    const action = Float32Array.of(1, -2, 3, -1, 0.5, 0.2, 0.1)
    for (let t = 0; t < 64; t++) env.step(action)
    other.restore(env.snapshot())
    for (let t = 0; t < 12; t++) {
      const first = env.step(action)
      const second = other.step(action)
      expect(second.reward).toBe(first.reward)
      expect([...second.observation.proprio]).toEqual([...first.observation.proprio])
    }
    expect(other.snapshot()).toEqual(env.snapshot())
    env.close()
    other.close()
  })
})

describe('the post', () => {
  it('costs 1 in a step in which it is bent, and every bend counts once', async () => {
    await using(sawyerWithBrick, avoidPost, (env) => {
      env.reset({ seed: 1 })
      put(env, anglesAt(sawyerChain, [0.6, -0.08, 0.15]))
      const rewards: number[] = []
      const counts = new Set<number>()
      // Straight through the post, as who only wants to stack.
      const last = follow(env, 'sawyer-stack', 120, ({ reward, info }) => {
        expect(reward + info.distance).toBeLessThan(info.collision === 1 ? -0.99 : 0.001)
        rewards.push(reward)
        counts.add(info.collisions)
      })
      expect([...counts][0]).toBe(0)
      expect(last.info.collisions).toBeGreaterThanOrEqual(1)
      expect(last.info.collisions).toBeLessThan(5)
      expect(last.info.success).toBe(0)
      expect(env.reset({ seed: 2 }).info.collisions).toBe(0)
    })
  })

  it('of both tasks together pays the mean of the two, which are the features', async () => {
    await using(sawyerWithBrick, stackPastPost, (env) => {
      expect(env.spec.features).toEqual(['stack', 'avoid'])
      env.reset({ seed: 1 })
      put(env, anglesAt(sawyerChain, [0.6, -0.04, 0.15]))
      let collided = 0
      follow(env, 'sawyer-stack', 60, ({ reward, info, features = [] }) => {
        const [stack, avoid] = features
        collided += info.collision
        expect(reward).toBeCloseTo((stack + avoid) / 2, 5)
        const gain = -0.1 * Math.log(info.distance ** 2 + 1e-6)
        if (info.distance > 0.015) expect(stack - avoid).toBeCloseTo(gain + info.collision, 5)
      })
      expect(collided).toBeGreaterThan(0)
    })
  })

  it('is hit by who only stacks, who may arrive all the same without success', async () => {
    await using(sawyerWithBrick, stackPastPost, (env) => {
      env.reset({ seed: 1 })
      const { info } = follow(env, 'sawyer-stack', 200)
      expect(info.collisions).toBeGreaterThan(0)
      expect(info.success).toBe(0)
    })
  })
})
