import { afterEach, describe, expect, it } from 'vitest'
import type { Env } from '@maxent/core/contracts'
import { blockedDistance } from '../arenas/mazes.ts'
import { ball, jumpingBall } from '../bodies/ball.ts'
import { halfCheetah } from '../bodies/halfCheetah.ts'
import { point } from '../bodies/point.ts'
import { quadruped } from '../bodies/quadruped.ts'
import { swimmerRllab } from '../bodies/rllab.ts'
import { swimmer } from '../bodies/swimmer.ts'
import { walkingAnt } from '../bodies/walkingAnt.ts'
import { composeEnv } from '../mujoco/composeEnv.ts'
import type { Body, Task } from '../mujoco/model.ts'
import { liveHandles } from '../mujoco/module.ts'
import { blockedMazeTask, bump, uMazeTask } from './bumpMaze.ts'
import { crossMazeTask } from './crossMaze.ts'
import { finishLine } from './finishLine.ts'
import { gapCorridor } from './gap.ts'
import { narrowHallwayRun, wideHallwayRun } from './hallway.ts'
import { goToRing, goToTarget } from './hiddenTarget.ts'
import { redAndGreen, squareRewards } from './squares.ts'
import { goToTargets } from './targets.ts'

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

/** Puts a point at rest somewhere and lets a step pass. */
function stepAt(env: Env, x: number, y: number): ReturnType<Env['step']> {
  const snapshot = env.snapshot()
  const physics = snapshot.physics.slice()
  // After the time: the two positions, the two velocities.
  physics.set([x, y, 0, 0], 1)
  env.restore({ ...snapshot, physics })
  return env.step(new Float32Array(2))
}

const still = (env: Env): Float32Array => new Float32Array(env.spec.action.low.length)

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

describe('one of several targets', () => {
  it('pays 60 at the selected one and ends there, and nothing at the others', async () => {
    await using(point, goToTargets(), (env) => {
      for (let seed = 0; seed < 20; seed++) {
        const { observation, info } = env.reset({ seed })
        const { targets, task } = observation
        expect([...task].sort()).toEqual([0, 0, 1])
        const selected = task.indexOf(1)
        expect(info.distance).toBeCloseTo(Math.hypot(targets[2 * selected], targets[2 * selected + 1]), 5)
        expect(info.distance).toBeGreaterThanOrEqual(1)
        const [, ...places] = env.snapshot().task
        for (const place of places) expect(Math.abs(place)).toBeLessThanOrEqual(4)
        const other = (selected + 1) % 3
        const apart = Math.hypot(
          places[2 * selected] - places[2 * other],
          places[2 * selected + 1] - places[2 * other + 1],
        )
        const there = stepAt(env, places[2 * other], places[2 * other + 1])
        expect(there.reward).toBe(apart < 1 ? 60 : 0)
        if (there.terminated) continue
        expect(stepAt(env, places[2 * selected] + 0.9, places[2 * selected + 1])).toMatchObject({
          reward: 60,
          terminated: true,
        })
      }
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
      const lengths = Array.from({ length: 200 }, (_, seed) => env.reset({ seed }).observation.gap[1])
      expect(Math.min(...lengths)).toBeGreaterThanOrEqual(Math.fround(0.3))
      expect(Math.max(...lengths)).toBeLessThanOrEqual(2.5)
      expect(lengths.reduce((sum, l) => sum + l) / 200).toBeCloseTo(1.4, 0)
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
      const beyond = moving(1.5, 2)
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
        [1.5 - ahead - 0.01, 0],
        [1.5 - ahead + 0.01, 1],
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
      env.reset({ seed: 1 })
      const action = Float32Array.of(1, -1)
      for (let t = 0; t < 10; t++) env.step(action)
      const [x] = env.step(action).observation.centre
      const { info, observation } = env.step(action)
      const [first, last] = [info.xVelocity, env.step(action).info.xVelocity]
      // Mean velocities of steps lie near those at their ends.
      expect((observation.centre[0] - x) / 0.1).toBeCloseTo((first + last) / 2, 1)
    })
  })
})

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
      halfCheetah,
      crossMazeTask,
      'cross-maze: body must have "root", got "half-cheetah" without, take another body',
    ],
    [
      swimmer,
      uMazeTask,
      'u-maze: body must touch walls, got "swimmer", which nothing touches, take another body',
    ],
    [
      { ...walkingAnt, fragment: jumpingBall.fragment, name: 'nothing like it', root: undefined },
      goToTargets(),
      'targets: body must have "root", got "nothing like it" without, take another body',
    ],
    [
      giant,
      narrowHallwayRun,
      'narrow-hallway: body must be smaller than a radius of 1.5 m, got "giant" of 1.60 m, take a smaller body',
    ],
    [
      point,
      gapCorridor,
      'gap: body must fall where there is no ground, got "point-mass", which floats, take another body',
    ],
  ] as readonly (readonly [Body, Task, string])[])('%#', async (body, task, message) => {
    await expect(composeEnv(body, task)).rejects.toThrow(message)
  })
})
