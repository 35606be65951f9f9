import { readFileSync } from 'node:fs'
import { afterEach, describe, expect, it } from 'vitest'
import type { Env } from '@maxent/core/contracts'
import { ball } from '../bodies/ball.ts'
import { planarPusher } from '../bodies/planarPusher.ts'
import { composeEnv } from '../mujoco/composeEnv.ts'
import { liveHandles } from '../mujoco/module.ts'
import { makeEnv } from '../registry.ts'
import { push } from './push.ts'
import { pushToLine, pushToPoint } from './pushTo.ts'

afterEach(() => expect(liveHandles()).toBe(0))

/** Puts the positions from one on, at rest, and lets a step pass. */
function stepAt(env: Env<unknown>, from: number, positions: readonly number[]): ReturnType<Env['step']> {
  const snapshot = env.snapshot()
  const physics = snapshot.physics.slice()
  physics.set(positions, 1 + from)
  env.restore({ ...snapshot, physics })
  return env.step(Float32Array.from(env.spec.action.low, () => 0))
}

describe('the pusher', () => {
  it('is paid for three things, worked out by hand', async () => {
    const env = await makeEnv('pusher')
    env.reset({ seed: 1 })
    const action = Float32Array.of(1, 0, 0, 0, 0, 0, -2)
    const snapshot = env.snapshot()
    // The arm at rest along x, the object 0.3 m from the goal along x and 0.048 m above it.
    const physics = new Float64Array(snapshot.physics.length)
    physics[1 + 8] = 0.3
    env.restore({ ...snapshot, physics })
    const { reward, info } = env.step(action)
    expect(info.rewardDistance).toBeCloseTo(-Math.hypot(0.3, 0.048), 6)
    expect(info.rewardControl).toBeCloseTo(-0.5, 12)
    // From (0.821, −0.6, 0) to (0.75, −0.05, −0.275); the arm has begun to turn.
    expect(info.rewardNear).toBeCloseTo(-0.5 * Math.hypot(0.071, 0.55, 0.275), 1)
    expect(reward).toBe(info.rewardDistance + info.rewardControl + info.rewardNear)
    env.close()
  })

  it('moves the object in many steps of the recorded policy', () => {
    const file = new URL('../../fixtures/pusher-policy.json', import.meta.url)
    const { episodes, steps, states } = JSON.parse(readFileSync(file, 'utf8')) as {
      episodes: number
      steps: number
      states: string
    }
    const values = new Float64Array(Uint8Array.from(Buffer.from(states, 'base64')).buffer)
    const size = values.length / (episodes * (steps + 1))
    let moved = 0
    for (let row = 0; row + 1 < episodes * (steps + 1); row++) {
      if (row % (steps + 1) === steps) continue
      const [y, x] = [7, 8].map((i) => Math.abs(values[(row + 1) * size + i] - values[row * size + i]))
      if (Math.max(x, y) > 1e-6) moved++
    }
    expect(moved / (episodes * steps)).toBeGreaterThan(0.1)
  })

  it('needs a body with a goal', async () => {
    await expect(composeEnv(planarPusher, push)).rejects.toThrow(
      'push: body must have a goal, got "planar-pusher" without, take another body',
    )
    await expect(composeEnv(ball, push)).rejects.toThrow(
      'push: body must have "pushes", got "ball" without, take another body',
    )
  })
})

describe('the planar pusher', () => {
  it('pays for the distance to the line that it was given, and for nothing along it', async () => {
    const env = await composeEnv(planarPusher, pushToLine)
    for (const [task, off] of [
      [[0, -1], 2.3],
      [[0, 0.25], 1.05],
      [[1, -1], 0.4],
    ] as const) {
      env.reset({ seed: 2, task })
      const { reward, info, terminated } = stepAt(env, 3, [1.3, -1.4])
      expect(info.distance).toBeCloseTo(off, 6)
      expect(reward).toBeCloseTo(-off, 6)
      expect(terminated).toBe(false)
    }
    env.close()
  })

  it('pays for the distance to a point, less the squares of its torques', async () => {
    const env = await composeEnv(planarPusher, pushToPoint)
    expect([...env.reset({ seed: 2, task: [0, -1] }).observation.goal]).toEqual([1, 0, 1, -1])
    expect(stepAt(env, 3, [1.2, -1.5]).reward).toBeCloseTo(-1.3, 6)
    expect(env.step(Float32Array.of(1, -2, 3)).info.rewardControl).toBeCloseTo(-1.4, 12)
    env.close()
  })

  it('shows angles and velocities, the fork and the puck: the twelve numbers of the released code', async () => {
    const env = await makeEnv('planar-pusher-line')
    env.reset({ seed: 3 })
    const { observation } = stepAt(env, 0, [0, 0, 0, 1.2, -1.3])
    const { proprio, hand, object } = observation
    expect(proprio.length + hand.length + object.length).toBe(12)
    for (const angle of proprio) expect(angle).toBeCloseTo(0, 9)
    // The wrist is at 0.4 (cos 45° + 1, sin 45° − 1), the fork's weight lies ahead of it, which is down.
    expect(hand[0]).toBeCloseTo(0.4 * (Math.SQRT1_2 + 1), 3)
    expect(hand[1]).toBeLessThan(0.4 * (Math.SQRT1_2 - 1) - 0.05)
    expect(object[0]).toBeCloseTo(1.2, 6)
    expect(object[1]).toBeCloseTo(-1.3, 6)
    env.close()
  })

  it('moves the puck with its fork', async () => {
    const env = await makeEnv('planar-pusher-point')
    const before = env.reset({ seed: 4 }).observation.object.slice()
    stepAt(env, 3, [0.65, -0.5])
    for (let t = 0; t < 60; t++) env.step(Float32Array.of(-3, 0, 0))
    const { observation } = env.step(new Float32Array(3))
    expect(Math.hypot(observation.object[0] - 0.65, observation.object[1] + 0.5)).toBeGreaterThan(0.1)
    expect([...before]).not.toEqual([...observation.object])
    env.close()
  })

  it('starts where the released code starts', async () => {
    const env = await makeEnv('planar-pusher-line')
    for (let seed = 0; seed < 50; seed++) {
      const { proprio, object } = env.reset({ seed }).observation
      for (let i = 0; i < 3; i++) expect(Math.abs(proprio[i])).toBeLessThan(0.1)
      expect(object[0]).toBeGreaterThan(0.299)
      expect(object[0]).toBeLessThan(1.001)
      expect(object[1]).toBeGreaterThan(-1.001)
      expect(object[1]).toBeLessThan(-0.399)
      expect(Math.hypot(object[0] - 1, object[1] + 1)).toBeGreaterThan(0.449)
    }
    env.close()
  })

  it('refuses goals that are none', async () => {
    const line = await composeEnv(planarPusher, pushToLine)
    for (const task of [[2, 0], [0, 1.6], [0, NaN], [0], 1, '0,1', [0, 1, 0]]) {
      expect(() => line.reset({ task })).toThrow(
        new RangeError(
          `reset: task must be an axis, 0 for x or 1 for y, and a place on it within ±1.5 m, got ${JSON.stringify(task)}`,
        ),
      )
    }
    line.close()
    const point = await composeEnv(planarPusher, pushToPoint)
    for (const task of [[0, 1.6], [-1.6, 0], [0], 0, {}]) {
      expect(() => point.reset({ task })).toThrow(
        new RangeError(`reset: task must be x and y within ±1.5 m, got ${JSON.stringify(task)}`),
      )
    }
    point.close()
  })
})
