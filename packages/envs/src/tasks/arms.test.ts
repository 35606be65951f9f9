import { afterEach, describe, expect, it } from 'vitest'
import type { Env, StepResult } from '@maxent/core/contracts'
import { frames, minus } from '../../witnesses/chain.ts'
import { rates } from '../../witnesses/rates.ts'
import { stackingWitnesses } from '../../witnesses/stacking.ts'
import type { Controller } from '../../witnesses/witness.ts'
import { ball } from '../bodies/ball.ts'
import { jaco, jacoChain } from '../bodies/jaco.ts'
import type { Chain } from '../bodies/link.ts'
import { sawyer, sawyerChain, sawyerWithBrick } from '../bodies/sawyer.ts'
import { composeEnv } from '../mujoco/composeEnv.ts'
import type { Body, Task } from '../mujoco/model.ts'
import { liveHandles } from '../mujoco/module.ts'
import { reachHiddenPoint } from './hiddenReach.ts'
import { reachAnyPoint, reachOnePoint } from './reachPoint.ts'
import { avoidPost, stackBrick, stackPastPost } from './stackBrick.ts'

afterEach(() => expect(liveHandles()).toBe(0))

async function using(
  body: Body,
  task: Task,
  run: (env: Env<unknown>) => void | Promise<void>,
): Promise<void> {
  const env = await composeEnv(body, task)
  try {
    await run(env)
  } finally {
    env.close()
  }
}

/** Where the held brick is when it sits on the other, on top of its body and its studs. */
const SEAT = [0.6, 0.15, 0.0192 + 0.01] as const
const above = (height: number): number[] => [SEAT[0], SEAT[1], SEAT[2] + height]

/** Angles that take a hand to a place; the sawyer's also upright, heading along x. */
function anglesAt(chain: Chain, place: readonly number[]): number[] {
  let angles = [...chain.rest]
  for (let i = 0; i < 200; i++) {
    const { at, axes } = frames(chain, angles).hand
    const turn = [axes[2][1] - axes[1][2], axes[0][2] - axes[2][0], axes[1][0] - axes[0][1]].map((x) => x / 2)
    const moved = rates({ ...chain, rest: angles }, angles, [
      ...minus(place, at),
      ...(chain === sawyerChain ? turn : []),
    ])
    angles = angles.map((angle, j) => angle + 0.3 * moved[j])
  }
  return angles
}

/** Sets the angles of an arm that has just started, at rest. */
function put(env: Env<unknown>, angles: readonly number[]): void {
  const snapshot = env.snapshot()
  const physics = snapshot.physics.slice()
  physics.set(angles, 1)
  env.restore({ ...snapshot, physics })
}

const still = (env: Env<unknown>): StepResult => env.step(Float32Array.from(env.spec.action.low, () => 0))

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
