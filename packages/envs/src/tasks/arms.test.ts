import { afterEach, describe, expect, it } from 'vitest'
import { still } from '../../fixtures/arms.ts'
import { using } from '../../fixtures/using.ts'
import { frames } from '../../witnesses/chain.ts'
import { ball } from '../bodies/ball.ts'
import { jaco, jacoChain } from '../bodies/jaco.ts'
import { sawyer, sawyerChain } from '../bodies/sawyer.ts'
import { composeEnv } from '../mujoco/composeEnv.ts'
import { liveHandles } from '../mujoco/module.ts'
import { reachHiddenPoint } from './hiddenReach.ts'
import { reachOnePoint } from './reachPoint.ts'
import { stackBrick } from './stackBrick.ts'

afterEach(() => expect(liveHandles()).toBe(0))

describe('the sawyer', () => {
  it('is as long as its published Denavit-Hartenberg parameters say', () => {
    // a₁ + d₃ + d₅ + what comes after the last joint; d₂ + d₄ + d₆; d₁, less the height of the gripper and the brick.
    const { at } = frames(sawyerChain, Array<number>(7).fill(0)).hand
    expect(at[0]).toBeCloseTo(0.081 + 0.4 + 0.4 + 0.11 + 0.0245 + 0.12 + 0.0192, 4)
    expect(at[1]).toBeCloseTo(0.1925 - 0.1685 + 0.1363, 3)
    expect(at[2]).toBeCloseTo(0.317, 3)
  })

  it('shows angles, velocities and the place of its hand, and starts around its rest', async () => {
    await using(sawyer, reachOnePoint, (env) => {
      for (let seed = 0; seed < 20; seed++) {
        const { proprio, hand } = env.reset({ seed }).observation
        const { at } = frames(sawyerChain, proprio).hand
        for (let i = 0; i < 3; i++) expect(hand[i]).toBeCloseTo(at[i], 5)
        for (let i = 0; i < 7; i++) {
          expect(Math.abs(proprio[i] - sawyerChain.rest[i])).toBeLessThan(0.05 + 1e-6)
          expect(proprio[7 + i]).toBe(0)
        }
      }
      const { observation } = env.step(Float32Array.of(40, 0, 0, 0, 0, 0, 4.5))
      expect(observation.proprio[7]).toBeGreaterThan(0.1)
      expect(observation.proprio[13]).toBeGreaterThan(0.5)
    })
  })

  it('stays where it is without torques, and reaches half its published speeds with all it has', async () => {
    await using(sawyer, reachOnePoint, (env) => {
      const before = [...env.reset({ seed: 1 }).observation.proprio]
      expect([...still(env).observation.proprio]).toEqual(before)
      for (const [joint, speed] of [
        [0, 1.74],
        [6, 4.545],
      ] as const) {
        env.reset({ seed: 1 })
        const action = new Float32Array(7)
        action[joint] = env.spec.action.high[joint]
        let result = env.step(action)
        for (let t = 0; t < 15; t++) result = env.step(action)
        expect(result.observation.proprio[7 + joint] / (speed / 2)).toBeGreaterThan(0.9)
        expect(result.observation.proprio[7 + joint] / (speed / 2)).toBeLessThan(1.05)
      }
    })
  })
})

describe('the jaco', () => {
  it('turns its joints as fast as they are told, and no faster than its firmware allows', async () => {
    await using(jaco, reachHiddenPoint, (env) => {
      const { low, high } = env.spec.action
      expect(high.slice(0, 6).map((speed) => Math.round((speed * 180) / Math.PI))).toEqual([
        36, 36, 36, 48, 48, 48,
      ])
      expect(low).toEqual(high.map((speed) => -speed))
      env.reset({ seed: 1 })
      const action = Float32Array.of(0.3, 0.1, -0.1, 0.4, -0.4, 0.8, 0.2, 0, -0.2)
      let result = env.step(action)
      for (let t = 0; t < 12; t++) result = env.step(action)
      const velocities = result.observation.proprio.subarray(15)
      action.forEach((wanted, i) => expect(Math.abs(velocities[i] - wanted)).toBeLessThan(0.03))
    })
  })

  it('shows where its fingers pinch and how its hand is turned', async () => {
    await using(jaco, reachHiddenPoint, (env) => {
      for (let seed = 0; seed < 10; seed++) {
        const { proprio, pose } = env.reset({ seed }).observation
        const angles = Array.from({ length: 6 }, (_, i) => Math.atan2(proprio[i], proprio[6 + i]))
        const { at, axes } = frames(jacoChain, angles).hand
        for (let i = 0; i < 3; i++) {
          expect(pose[i]).toBeCloseTo(at[i], 5)
          for (let axis = 0; axis < 3; axis++) expect(pose[3 + 3 * i + axis]).toBeCloseTo(axes[axis][i], 5)
        }
        // The hand points down.
        expect(axes[2][2]).toBeGreaterThan(0.9)
      }
    })
  })
})

it('tasks of arms need one, and a brick to stack', async () => {
  for (const task of [reachOnePoint, reachHiddenPoint, stackBrick]) {
    await expect(composeEnv(ball, task)).rejects.toThrow(
      /^[a-z-]+: body must have "(reaches|brick)", got "ball" without, take another body$/,
    )
  }
  await expect(composeEnv(sawyer, stackBrick)).rejects.toThrow(
    new RangeError('stack: body must have "brick", got "sawyer" without, take another body'),
  )
  await using(jaco, reachOnePoint, (env) => expect(env.reset({ seed: 1 }).info.success).toBe(0))
})
