import { afterEach, describe, expect, it } from 'vitest'
import { still, stepAt } from '../../fixtures/navigation.ts'
import { using } from '../../fixtures/using.ts'
import { ball } from '../bodies/ball.ts'
import { point } from '../bodies/point.ts'
import { quadruped } from '../bodies/quadruped.ts'
import { liveHandles } from '../mujoco/module.ts'
import { goToRing, goToTarget } from './hiddenTarget.ts'
import { redAndGreen, squareRewards } from './squares.ts'
import { goToTargets } from './targets.ts'

afterEach(() => expect(liveHandles()).toBe(0))

describe('one of several targets', () => {
  it('pays 60 at the selected one and ends there, and nothing at the others', async () => {
    await using(point, goToTargets(), (env) => {
      let overlapping = 0
      for (let seed = 0; seed < 20; seed++) {
        const { observation, info } = env.reset({ seed })
        const { targets, task } = observation
        expect([...task].sort()).toEqual([0, 0, 1])
        const selected = task.indexOf(1)
        expect(info.distance).toBeCloseTo(Math.hypot(targets[2 * selected], targets[2 * selected + 1]), 5)
        expect(info.distance).toBeGreaterThanOrEqual(1)
        const [, ...places] = env.snapshot().task
        for (const place of places) expect(Math.abs(place)).toBeLessThanOrEqual(4)
        const [x, y] = places.slice(2 * selected)
        for (const other of [(selected + 1) % 3, (selected + 2) % 3]) {
          const [otherX, otherY] = places.slice(2 * other)
          const within = Math.hypot(x - otherX, y - otherY) < 1
          env.reset({ seed })
          expect(stepAt(env, otherX, otherY)).toMatchObject({ reward: within ? 60 : 0, terminated: within })
          if (within) overlapping++
        }
        env.reset({ seed })
        expect(stepAt(env, x + 0.9, y)).toMatchObject({ reward: 60, terminated: true })
      }
      // Of forty others two lie within reach of the selected one.
      expect(overlapping).toBe(2)
    })
  })

  it('draws body, targets and the selected one anew', async () => {
    await using(ball, goToTargets({ targets: 2 }), (env) => {
      const seen = Array.from({ length: 40 }, (_, seed) => {
        const { observation } = env.reset({ seed })
        return [...observation.targets, ...observation.task]
      })
      for (let i = 0; i < 4; i++) expect(new Set(seen.map((row) => row[i])).size).toBe(40)
      const first = seen.filter((row) => row[4] === 1).length
      expect(first).toBeGreaterThan(8)
      expect(first).toBeLessThan(32)
    })
  })

  it.each([
    [{ targets: 0 }, 'goToTargets: targets must be a positive integer, got 0'],
    [{ targets: 1.5 }, 'goToTargets: targets must be a positive integer, got 1.5'],
    [{ side: 0 }, 'goToTargets: side must be positive, got 0'],
    [{ side: NaN }, 'goToTargets: side must be positive, got NaN'],
    [
      { radius: 4 },
      'goToTargets: radius must be positive and less than half the side of 8 m, got 4, or no target lies out of reach',
    ],
    [
      { radius: -1 },
      'goToTargets: radius must be positive and less than half the side of 8 m, got -1, or no target lies out of reach',
    ],
  ])('cannot be made with %j', (options, message) => {
    expect(() => goToTargets(options)).toThrow(new RangeError(message))
  })
})

describe('hidden targets', () => {
  it('lie on the ring, the same in every episode of a task', async () => {
    await using(point, goToRing, (env) => {
      const angles: number[] = []
      for (let task = 0; task < 130; task++) {
        env.reset({ seed: task, task })
        const [, , x, y] = env.snapshot().task
        expect(Math.hypot(x, y)).toBeGreaterThanOrEqual(3)
        expect(Math.hypot(x, y)).toBeLessThanOrEqual(7)
        angles.push(Math.atan2(y, x))
        env.reset()
        expect([...env.snapshot().task.subarray(2)]).toEqual([x, y])
      }
      for (const quarter of [-2, -1, 0, 1]) {
        const within = angles.filter((angle) => Math.floor((2 * angle) / Math.PI) === quarter).length
        expect(within).toBeGreaterThan(15)
      }
    })
  })

  it('pay for arriving, and cost every step', async () => {
    for (const [task, reward] of [
      [goToRing, 10],
      [goToTarget, 1],
    ] as const) {
      await using(point, task, (env) => {
        env.reset({ seed: 2, task: 5 })
        const [, , x, y] = env.snapshot().task
        const away = stepAt(env, x + 1.1, y)
        expect(away.reward).toBe(-0.005)
        expect(away.terminated).toBe(false)
        expect(Math.hypot(away.observation.target[0], away.observation.target[1])).toBeCloseTo(1.1, 6)
        const arrived = stepAt(env, x + 0.9, y)
        expect(arrived.reward).toBeCloseTo(reward - 0.005, 12)
        expect(arrived.terminated).toBe(true)
      })
    }
  })

  it('are told by number in training and not at all in a test', async () => {
    await using(point, goToRing, (env) => {
      expect(env.reset({ task: 42 }).observation.task.indexOf(1)).toBe(42)
      expect([...env.reset({ task: 100 }).observation.task]).toEqual(Array.from({ length: 100 }, () => 0))
      for (const task of [-1, 130, 0.5, NaN, '3']) {
        expect(() => env.reset({ task })).toThrow(
          new RangeError(`reset: task must be a number from 0 to 129, got ${JSON.stringify(task)}`),
        )
      }
    })
    await using(point, goToRing, (env) => {
      for (let seed = 0; seed < 50; seed++) {
        expect(env.reset({ seed }).observation.task.reduce((sum, x) => sum + x)).toBe(1)
      }
    })
  })

  it('go to target keeps the start of a test task, and draws that of a training task', async () => {
    await using(ball, goToTarget, (env) => {
      const starts = (task: number): Set<string> =>
        new Set([1, 2, 3].map((seed) => env.reset({ seed, task }).observation.pose.slice(0, 2).join()))
      expect(starts(7).size).toBe(3)
      expect(starts(107).size).toBe(1)
    })
  })

  it('go to target punishes a fall with 1 and ends', async () => {
    await using(quadruped, goToTarget, (env) => {
      env.reset({ seed: 1, task: 3 })
      expect(env.step(still(env)).info.fallen).toBe(0)
      const snapshot = env.snapshot()
      const physics = snapshot.physics.slice()
      // On its back, low.
      physics.set([0.3, 0, 1, 0, 0], 3)
      env.restore({ ...snapshot, physics })
      let last = env.step(still(env))
      for (let t = 0; t < 20 && !last.terminated; t++) last = env.step(still(env))
      expect(last.info.fallen).toBe(1)
      expect(last.reward).toBeCloseTo(-1.005, 12)
      expect(last.terminated).toBe(true)
    })
  })
})

describe('the red and the green square', () => {
  it('pay each its own reward', async () => {
    const out = new Float32Array(2)
    const at = (x: number, y: number): number[] => {
      squareRewards(x, y, out)
      return [...out]
    }
    expect([at(-3, 0), at(3, 0), at(0, 0), at(-2, 1), at(-1.9, 0), at(3, 1.1)]).toEqual([
      [1, 0],
      [0, 1],
      [0, 0],
      [1, 0],
      [0, 0],
      [0, 0],
    ])
    await using(point, redAndGreen, (env) => {
      expect(env.spec.features).toEqual(['red', 'green'])
      for (const [task, reward] of [
        [0, 1],
        [1, 0],
        [2, 0.5],
        [5, 0.5],
      ]) {
        expect([...env.reset({ task }).observation.task]).toEqual(
          [
            [1, 0],
            [0, 1],
            [0.5, 0.5],
          ][task % 3],
        )
        const { features, reward: paid, terminated } = stepAt(env, -3, 0)
        expect([...(features ?? [])]).toEqual([1, 0])
        expect([paid, terminated]).toEqual([reward, false])
      }
    })
  })

  it('starts anywhere in training, in the middle in a test, and heads anywhere', async () => {
    await using(ball, redAndGreen, (env) => {
      const poses = (task: number): number[][] =>
        Array.from({ length: 40 }, (_, seed) => [...env.reset({ seed, task }).observation.pose])
      const [train, test] = [poses(0), poses(3)]
      const spread = Math.max(...train.flatMap(([x, y]) => [Math.abs(x), Math.abs(y)]))
      expect(spread).toBeGreaterThan(4)
      expect(spread).toBeLessThan(5)
      for (const [x, y] of test) expect([Math.abs(x), Math.abs(y)]).toEqual([0, 0])
      for (const seen of [train, test]) expect(new Set(seen.map(([, , c]) => c)).size).toBe(40)
      expect(() => env.reset({ task: 6 })).toThrow(
        new RangeError('reset: task must be a number from 0 to 5, got 6'),
      )
    })
  })
})
