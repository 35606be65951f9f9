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

/** Presses straight down, from a place at rest, as long as torques that are true there are kept. */
function press(
  env: Env<unknown>,
  place: readonly number[],
  newtons: number,
  steps: number,
): { readonly result: StepResult; readonly action: Float32Array } {
  env.reset({ seed: 1 })
  const angles = anglesAt(sawyerChain, place)
  put(env, angles)
  const action = torques(angles, [0, 0, -newtons])
  let result = env.step(action)
  for (let t = 1; t < steps; t++) result = env.step(action)
  return { result, action }
}

/** What torques cost. */
const effort = ({ spec }: Env<unknown>, action: Float32Array): number =>
  0.01 * action.reduce((sum, a, i) => sum + (a / spec.action.high[i]) ** 2, 0)

/** Sets the angles of an arm and stops it; the post stays as bent as it is. */
function putAtRest(env: Env<unknown>, angles: readonly number[]): void {
  const snapshot = env.snapshot()
  const physics = snapshot.physics.slice()
  physics.set(angles, 1)
  // After the time and nine angles: the seven velocities of the arm.
  physics.fill(0, 10, 17)
  env.restore({ ...snapshot, physics })
}

/** Whether the post is bent by 0.01 rad: its two angles come after the time and the seven angles of the arm. */
const isPostBent = (env: Env<unknown>): boolean =>
  env
    .snapshot()
    .physics.subarray(8, 10)
    .some((angle) => Math.abs(angle) > 0.01)

/** Steps by the witness of an environment. */
function follow(
  env: Env<unknown>,
  id: string,
  steps: number,
  each?: (result: StepResult, action: Float32Array) => void,
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
    each?.(result, action)
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
      const pressed = (newtons: number): StepResult => press(env, above(0.0045), newtons, 40).result
      const light = pressed(4)
      expect(light.info.studs).toBe(0)
      expect(light.info.success).toBe(0)
      const strong = pressed(40)
      expect(strong.info.studs).toBe(4)
      expect(strong.info.success).toBe(1)
    })
  })

  it('pays for pressing a brick that stands on the heads, not one that stands astride of them', async () => {
    await using(sawyerWithBrick, stackBrick, (env) => {
      /** What is paid beside the distance and the torques, after a second of pressing from so far aside, m. */
      const pressed = (aside: number, newtons: number): StepResult['info'] & { readonly paid: number } => {
        const [x, y, z] = above(0.01)
        const { result, action } = press(env, [x, y + aside, z], newtons, 20)
        const { reward, info } = result
        const { distance } = info
        return {
          ...info,
          paid: reward + distance + 0.1 * Math.log(distance ** 2 + 1e-6) + effort(env, action),
        }
      }
      const light = pressed(0, 4)
      expect(light.studs).toBe(0)
      expect(light.distance).toBeGreaterThan(0.004)
      expect(light.paid).toBeCloseTo((0.2 * light.force) / 20, 6)
      expect(light.paid).toBeGreaterThan(0.03)
      for (const aside of [0.008, -0.008]) {
        const astride = pressed(aside, 30)
        expect(astride.force).toBeGreaterThan(20)
        expect(astride.distance).toBeLessThan(0.015)
        expect(astride.paid).toBeCloseTo(0, 6)
      }
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
      expect(result.reward).toBeCloseTo(
        -distance - 0.1 * Math.log(distance ** 2 + 1e-6) + (0.2 * force) / 20 - effort(env, action),
        9,
      )
    })
  })

  it('comes back from every push far off its path', async () => {
    await using(sawyerWithBrick, stackBrick, (env) => {
      const pushes = stackBrick.tasks?.test ?? []
      expect(pushes).toHaveLength(20)
      for (const push of pushes) {
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
      const [before, place] = [[0.6, -0.08, 0.15], above(0.03)].map((at) => anglesAt(sawyerChain, at))
      let bends = 0
      let wasBent = false
      let stepsBent = 0
      const check = ({ reward, info }: StepResult, action: Float32Array): void => {
        const bent = isPostBent(env)
        if (bent && !wasBent) bends++
        if (bent) stepsBent++
        wasBent = bent
        expect([info.collision, info.collisions]).toEqual([Number(bent), bends])
        expect(reward).toBeCloseTo(-info.distance - Number(bent) - effort(env, action), 9)
      }
      const rest = new Float32Array(env.spec.action.low.length)
      env.reset({ seed: 1 })
      for (let time = 1; time <= 2; time++) {
        putAtRest(env, before)
        for (let t = 0; t < 12; t++) check(env.step(rest), rest)
        expect([wasBent, bends]).toEqual([false, time - 1])
        // Straight through the post, as who only wants to stack.
        follow(env, 'sawyer-stack', 40, check)
        expect([wasBent, bends]).toEqual([true, time])
      }
      expect(stepsBent).toBeGreaterThan(60)
      putAtRest(env, place)
      expect(still(env).info).toMatchObject({ collisions: 2, success: 0 })
      expect(env.reset({ seed: 2 }).info.collisions).toBe(0)
      putAtRest(env, place)
      expect(still(env).info).toMatchObject({ collisions: 0, success: 1 })
    })
  })

  it('of both tasks together pays the mean of the two, which are the features', async () => {
    await using(sawyerWithBrick, stackPastPost, (env) => {
      expect(env.spec.features).toEqual(['stack', 'avoid'])
      env.reset({ seed: 1 })
      put(env, anglesAt(sawyerChain, [0.6, -0.08, 0.15]))
      let collided = 0
      const steps = 60
      follow(env, 'sawyer-stack', steps, ({ reward, info, features = [] }, action) => {
        const [stack, avoid] = features
        const { distance, collision } = info
        collided += collision
        expect(reward).toBeCloseTo((stack + avoid) / 2, 5)
        expect(avoid).toBeCloseTo(-distance - collision - effort(env, action), 5)
        // Out of reach of the place, where force pays nothing.
        expect(distance).toBeGreaterThan(0.007)
        expect(stack - avoid).toBeCloseTo(-0.1 * Math.log(distance ** 2 + 1e-6) + collision, 5)
      })
      expect(collided).toBeGreaterThan(0)
      expect(collided).toBeLessThan(steps - 1)
    })
  })

  it('is hit by who only stacks, and an arrival after that is no success', async () => {
    await using(sawyerWithBrick, stackPastPost, (env) => {
      const beyond = anglesAt(sawyerChain, above(0.05))
      const stacked = (): StepResult['info'] => {
        putAtRest(env, beyond)
        return follow(env, 'sawyer-stack', 60).info
      }
      env.reset({ seed: 1 })
      expect(follow(env, 'sawyer-stack', 100).info.collisions).toBeGreaterThan(0)
      expect(stacked()).toMatchObject({ studs: 4, success: 0 })
      env.reset({ seed: 1 })
      expect(stacked()).toMatchObject({ studs: 4, success: 1 })
    })
  })
})
