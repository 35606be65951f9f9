import { afterEach, describe, expect, it } from 'vitest'
import type { Env } from '@maxent/core/contracts'
import { still, stepAt } from '../../fixtures/navigation.ts'
import { using } from '../../fixtures/using.ts'
import { jumpingBall } from '../bodies/ball.ts'
import { point } from '../bodies/point.ts'
import { swimmerRllab } from '../bodies/rllab.ts'
import { liveHandles } from '../mujoco/module.ts'
import { finishLine } from './finishLine.ts'
import { gapCorridor } from './gap.ts'
import { narrowHallwayRun, wideHallwayRun } from './hallway.ts'

afterEach(() => expect(liveHandles()).toBe(0))

describe('hallways', () => {
  it('pay the speed, whatever its direction', async () => {
    await using(point, narrowHallwayRun, (env) => {
      for (const [u, v] of [
        [1, 0],
        [-1, 0],
        [0.5, 0.5],
      ]) {
        env.reset({ seed: 1 })
        const action = Float32Array.of(u, v)
        const { reward, observation } = env.step(action)
        expect(reward).toBeCloseTo(Math.hypot(observation.proprio[0], observation.proprio[1]), 6)
        expect(reward).toBeGreaterThan(0.1)
      }
      expect(stepAt(env, -5.1, 0).info).toEqual({ xPosition: -5.1, success: 1 })
      expect(stepAt(env, 4.9, 0).info.success).toBe(0)
    })
  })

  it('are as wide as they say', async () => {
    for (const [task, free] of [
      [wideHallwayRun, 3.75],
      [narrowHallwayRun, 1.25],
    ] as const) {
      await using(point, task, (env) => {
        env.reset({ seed: 1 })
        const aside = Float32Array.of(0, -1)
        for (let t = 0; t < 100; t++) env.step(aside)
        expect(env.step(aside).observation.pose[1]).toBeCloseTo(-free, 1)
      })
    }
  })
})

describe('the corridor with a gap', () => {
  it('pays the velocity along it, ends at its end, and tells of the gap', async () => {
    await using(jumpingBall, gapCorridor, (env) => {
      const { gap } = env.reset({ seed: 1, task: 1.5 }).observation
      expect([...gap]).toEqual([6, 1.5])
      const { reward, observation } = env.step(Float32Array.of(1, 0, 0))
      expect(reward).toBeCloseTo(observation.proprio[0], 6)
      expect(gap[0]).toBeLessThan(6)
      const snapshot = env.snapshot()
      const physics = snapshot.physics.slice()
      physics[1] = 12
      env.restore({ ...snapshot, physics })
      expect(env.step(Float32Array.of(1, 0, 0))).toMatchObject({ terminated: true, info: { success: 1 } })
    })
  })

  it('has a floor on both sides of the gap and none in it', async () => {
    for (const [length, x, falls] of [
      [1, 5.3, false],
      [1, 6.7, false],
      [1, 6, true],
      [2.5, 5.3, true],
      [2.5, 7.6, false],
    ] as const) {
      await using(jumpingBall, gapCorridor, (env) => {
        env.reset({ seed: 1, task: length })
        const snapshot = env.snapshot()
        const physics = snapshot.physics.slice()
        physics[1] = x
        env.restore({ ...snapshot, physics })
        let last = env.step(still(env))
        for (let t = 0; t < 60 && !last.terminated; t++) last = env.step(still(env))
        expect([last.terminated, last.info.success]).toEqual([falls, 0])
      })
    }
  })

  it('draws its length from 0.3 to 2.5 m until it is given one', async () => {
    await using(jumpingBall, gapCorridor, (env) => {
      const [least, most, draws] = [0.3, 2.5, 200]
      const lengths = Array.from({ length: draws }, (_, seed) => env.reset({ seed }).observation.gap[1])
      expect(Math.min(...lengths)).toBeGreaterThanOrEqual(Math.fround(least))
      expect(Math.max(...lengths)).toBeLessThanOrEqual(most)
      // The mean of n uniform draws deviates by (most − least) / √(12 n): within four of these.
      const error = (most - least) / Math.sqrt(12 * draws)
      const mean = lengths.reduce((sum, l) => sum + l) / draws
      expect(Math.abs(mean - (least + most) / 2)).toBeLessThan(4 * error)
      // That no draw is in an outer twentieth has the chance 0.95^200, or 4e-5.
      const outer = (most - least) / 20
      expect(Math.min(...lengths)).toBeLessThan(least + outer)
      expect(Math.max(...lengths)).toBeGreaterThan(most - outer)
      for (const task of [0.2, 2.6, NaN, '1']) {
        expect(() => env.reset({ task })).toThrow(
          new RangeError(
            `reset: task must be the length of the gap, from 0.3 to 2.5 m, got ${JSON.stringify(task)}`,
          ),
        )
      }
      expect(env.reset({ task: 0.3 }).observation.gap[1]).toBe(Math.fround(0.3))
    })
  })
})

describe('the finish line', () => {
  it('pays the speed of the centre of mass either way less the effort, and more beyond the line', async () => {
    await using(point, finishLine, (env) => {
      const moving = (x: number, velocity: number): ReturnType<Env['step']> => {
        env.reset({ seed: 1 })
        const snapshot = env.snapshot()
        const physics = snapshot.physics.slice()
        physics.set([x, 0, velocity, 0], 1)
        env.restore({ ...snapshot, physics })
        return env.step(Float32Array.of(0.5, -3))
      }
      for (const velocity of [-2, 2]) {
        const { reward, observation, info, terminated } = moving(0, velocity)
        expect(Math.sign(observation.proprio[0])).toBe(Math.sign(velocity))
        // The action is clipped to (0.5, -1).
        expect(info.rewardControl).toBeCloseTo(-0.5 * 0.01 * 1.25, 15)
        expect(reward).toBeCloseTo(Math.abs(observation.proprio[0]) - 0.00625, 6)
        expect([info.success, terminated]).toEqual([0, false])
      }
      const beyond = moving(0.75, 2)
      expect(beyond.reward).toBeCloseTo(beyond.observation.proprio[0] - 0.00625 + 5, 6)
      expect([beyond.info.success, beyond.terminated]).toEqual([1, false])
    })
  })

  it('asks where the centre of mass is, not the first link', async () => {
    await using(swimmerRllab, finishLine, (env) => {
      // Bent by ±1 rad: the first link lies along x from x + 0.5 to x + 1.5, the others go back from x + 0.5 at an angle.
      const bent = (x: number): ReturnType<Env['step']> => {
        env.reset({ seed: 1 })
        const snapshot = env.snapshot()
        const physics = snapshot.physics.slice()
        physics.set([x, 0, 0, 1, 0, 0, 0, 0, 0, 0], 1)
        env.restore({ ...snapshot, physics })
        return env.step(Float32Array.of(0, 0))
      }
      const ahead = (1 + (0.5 - 0.5 * Math.cos(1)) + (0.5 - 1.5 * Math.cos(1))) / 3
      expect(ahead).toBeGreaterThan(0.3)
      for (const [x, success] of [
        [0.75 - ahead - 0.01, 0],
        [0.75 - ahead + 0.01, 1],
      ]) {
        const { info, observation } = bent(x)
        expect(info.xPosition).toBeCloseTo(x + ahead, 3)
        expect(observation.position[0]).toBe(Math.fround(info.xPosition))
        expect(info.success).toBe(success)
      }
    })
  })

  it('pays the velocity that the snake’s observed centre of mass has', async () => {
    await using(swimmerRllab, finishLine, (env) => {
      const { timestep, frameSkip } = swimmerRllab.timing
      const action = Float32Array.of(1, -1)
      const effort = 0.5 * 0.01 * 2
      // Numbers: the environment writes into the same buffers in every step.
      const move = (): { x: number; velocity: number; paid: number } => {
        const { observation, info, reward } = env.step(action)
        return { x: observation.centre[0], velocity: info.xVelocity, paid: reward + effort }
      }
      env.reset({ seed: 1 })
      let before = move()
      for (let t = 0; t < 10; t++) {
        const after = move()
        const mean = (after.x - before.x) / (timestep * frameSkip)
        expect(Math.abs(mean)).toBeGreaterThan(0.1)
        // The mean velocity of a step lies near that of its ends.
        expect((before.velocity + after.velocity) / 2).toBeCloseTo(mean, 2)
        expect((before.paid + after.paid) / 2).toBeCloseTo(Math.abs(mean), 2)
        before = after
      }
    })
  })
})
