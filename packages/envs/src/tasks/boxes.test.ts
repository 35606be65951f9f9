import { afterEach, describe, expect, it } from 'vitest'
import type { Env, Observation } from '@maxent/core/contracts'
import { using } from '../../fixtures/using.ts'
import { ball, jumpingBall } from '../bodies/ball.ts'
import { point } from '../bodies/point.ts'
import { quadruped } from '../bodies/quadruped.ts'
import { swimmer } from '../bodies/swimmer.ts'
import { swimmerRllab } from '../bodies/rllab.ts'
import { walkingAnt } from '../bodies/walkingAnt.ts'
import { lowLevels } from '../lowLevel.ts'
import { composeEnv } from '../mujoco/composeEnv.ts'
import { liveHandles } from '../mujoco/module.ts'
import { makeEnv } from '../registry.ts'
import { selectGroups } from '../wrappers/index.ts'
import { moveHiddenBox } from './hiddenBox.ts'
import { boxAndTarget, boxOrTarget, gatherBoxes, moveBox } from './moveBox.ts'

afterEach(() => expect(liveHandles()).toBe(0))

/** Coordinates of the ball, and of a box. */
const BALL = 5
const FREE = 7

/** Puts boxes on the floor, at rest and not turned, and the ball where wanted, heading along x; lets a step pass. */
function stepWith(
  env: Env<unknown>,
  places: { boxes?: readonly (readonly [number, number])[]; ball?: readonly [number, number] },
): ReturnType<Env['step']> {
  const snapshot = env.snapshot()
  const physics = snapshot.physics.slice()
  if (places.ball !== undefined) physics.set([...places.ball, 0, 0], 1)
  places.boxes?.forEach(([x, y], i) => physics.set([x, y, 0.25, 1, 0, 0, 0], 1 + BALL + FREE * i))
  env.restore({ ...snapshot, physics })
  return env.step(Float32Array.from(env.spec.action.low, () => 0))
}

const placeOf = (env: Env<unknown>, target: number): readonly [number, number] => {
  const { task } = env.snapshot()
  return [task[2 + 2 * target], task[3 + 2 * target]]
}

/** The mean of the corners shown, which is the middle of the box. */
function middle({ boxes }: Observation, box = 0): number[] {
  return [0, 1, 2].map((axis) => {
    let sum = 0
    for (let corner = 0; corner < 6; corner++) sum += boxes[18 * box + 3 * corner + axis]
    return sum / 6
  })
}

describe('moving a box', () => {
  it('pays 60 and ends when the selected box is on the selected target, and only then', async () => {
    await using(ball, moveBox({ boxes: 2, targets: 2 }), (env) => {
      for (let seed = 0; seed < 6; seed++) {
        const { task } = env.reset({ seed }).observation
        const [box, target] = [task.indexOf(1, 2) - 2, task.indexOf(1)]
        const [tx, ty] = placeOf(env, target)
        const off = (away: number, which: number): (readonly [number, number])[] => {
          const both: (readonly [number, number])[] = [
            [20, 20],
            [30, 30],
          ]
          both[which] = [tx + away, ty]
          return both
        }
        const away = { ball: [-20, 0] } as const
        expect(stepWith(env, { ...away, boxes: off(0.42, box) })).toMatchObject({
          reward: 0,
          terminated: false,
        })
        expect(stepWith(env, { ...away, boxes: off(0.1, 1 - box) })).toMatchObject({
          reward: 0,
          terminated: false,
        })
        expect(stepWith(env, { ...away, boxes: off(0.38, box) })).toMatchObject({
          reward: 60,
          terminated: true,
        })
      }
    })
  })

  it('draws places that are apart, in the area, with every box and target selected', async () => {
    await using(walkingAnt, moveBox({ boxes: 2, targets: 2 }), (env) => {
      const selected = new Set<string>()
      for (let seed = 0; seed < 40; seed++) {
        const { task } = env.reset({ seed }).observation
        selected.add(task.join())
        const { physics, task: memory } = env.snapshot()
        const [bx, by] = [physics[1 + 15], physics[2 + 15]]
        const [cx, cy] = [physics[1 + 22], physics[2 + 22]]
        for (const value of [physics[1], physics[2], bx, by, cx, cy, ...memory.subarray(2)]) {
          expect(Math.abs(value)).toBeLessThanOrEqual(1.5)
        }
        expect(Math.hypot(bx - physics[1], by - physics[2])).toBeGreaterThan(1)
        expect(Math.hypot(bx - cx, by - cy)).toBeGreaterThan(0.7)
        for (const target of [0, 1]) {
          expect(Math.hypot(bx - memory[2 + 2 * target], by - memory[3 + 2 * target])).toBeGreaterThan(0.4)
        }
      }
      expect(selected.size).toBe(4)
    })
  })

  it('shows six corners, ahead, to the left and up, worked out by hand', async () => {
    await using(ball, moveBox(), (env) => {
      env.reset({ seed: 1 })
      const { observation } = stepWith(env, { ball: [1, 2], boxes: [[3, 3]] })
      // The head is 0.6 m high and heads along x.
      const [ahead, left, up] = middle(observation)
      expect(ahead).toBeCloseTo(2, 2)
      expect(left).toBeCloseTo(1, 2)
      expect(up).toBeCloseTo(-0.35, 2)
      const corners = Array.from({ length: 6 }, (_, i) => [...observation.boxes.subarray(3 * i, 3 * i + 3)])
      for (const corner of corners) {
        expect(Math.abs(Math.abs(corner[0] - ahead) - 0.25)).toBeLessThan(0.01)
        expect(Math.abs(Math.abs(corner[1] - left) - 0.25)).toBeLessThan(0.01)
        expect(Math.abs(Math.abs(corner[2] - up) - 0.25)).toBeLessThan(0.01)
      }
      expect(new Set(corners.map((corner) => corner.map((value) => value.toFixed(1)).join())).size).toBe(6)
    })
  })

  it('needs more force for a heavy box', async () => {
    const moved: number[] = []
    for (const heavy of [false, true]) {
      await using(ball, moveBox({ heavy }), (env) => {
        env.reset({ seed: 1 })
        stepWith(env, { ball: [0, 10], boxes: [[0.5, 10]] })
        for (let t = 0; t < 40; t++) env.step(Float32Array.of(0.3, 0))
        moved.push(env.snapshot().physics[1 + BALL] - 0.5)
      })
    }
    expect(moved[0]).toBeGreaterThan(0.2)
    expect(moved[1]).toBeLessThan(moved[0] / 2)
  })

  it.each([
    [{ boxes: 0 }, 'moveBox: boxes must be a positive integer, got 0'],
    [{ targets: 1.5 }, 'moveBox: targets must be a positive integer, got 1.5'],
    [{ targets: NaN }, 'moveBox: targets must be a positive integer, got NaN'],
  ])('cannot be made with %j', (options, message) => {
    expect(() => moveBox(options)).toThrow(new RangeError(message))
  })
})

describe('gathering boxes', () => {
  it('pays 60 and ends when they touch', async () => {
    await using(ball, gatherBoxes, (env) => {
      env.reset({ seed: 3 })
      const far = { ball: [-20, 0] } as const
      expect(
        stepWith(env, {
          ...far,
          boxes: [
            [0, 0],
            [0.55, 0],
          ],
        }),
      ).toMatchObject({ reward: 0, terminated: false })
      expect(
        stepWith(env, {
          ...far,
          boxes: [
            [0, 0],
            [0.495, 0],
          ],
        }),
      ).toMatchObject({ reward: 60, terminated: true })
    })
  })
})

describe('box or target', () => {
  it('pays 60 for the one that was drawn', async () => {
    await using(ball, boxOrTarget, (env) => {
      const kinds = new Set<number>()
      for (let seed = 0; seed < 12; seed++) {
        const { task } = env.reset({ seed }).observation
        const goes = task[1] === 1
        kinds.add(task.indexOf(1))
        const [tx, ty] = placeOf(env, task.indexOf(1, 2) - 2)
        const boxThere = stepWith(env, { ball: [-20, 0], boxes: [[tx, ty]] })
        expect(boxThere.reward).toBe(goes ? 0 : 60)
        expect(boxThere.terminated).toBe(!goes)
        env.reset({ seed })
        const bodyThere = stepWith(env, { ball: [tx, ty], boxes: [[20, 20]] })
        expect(bodyThere.reward).toBe(goes ? 60 : 0)
        expect(bodyThere.terminated).toBe(goes)
      }
      expect(kinds.size).toBe(2)
    })
  })
})

describe('box and target', () => {
  it('pays 10 for the box once, and 10 and 50 for the body after it', async () => {
    await using(ball, boxAndTarget, (env) => {
      const { task } = env.reset({ seed: 5 }).observation
      const [box, other] = [placeOf(env, task.indexOf(1)), placeOf(env, 1 - task.indexOf(1))]
      const early = stepWith(env, { ball: other, boxes: [[20, 20]] })
      expect(early).toMatchObject({ reward: 0, terminated: false })
      const moved = stepWith(env, { ball: [-20, 0], boxes: [box] })
      expect(moved).toMatchObject({ reward: 10, terminated: false })
      expect(moved.observation.task[2]).toBe(1)
      expect(stepWith(env, { ball: [-20, 0], boxes: [box] }).reward).toBe(0)
      expect(stepWith(env, { ball: other, boxes: [[20, 20]] })).toMatchObject({
        reward: 60,
        terminated: true,
      })
      expect(env.reset({ seed: 5 }).observation.task[2]).toBe(0)
    })
  })
})

describe('a box that keeps its place', () => {
  it('lies at most 2 m from its target in a room of 8 m, the same in every episode of a task', async () => {
    await using(jumpingBall, moveHiddenBox, (env) => {
      const seen = new Set<string>()
      for (let task = 0; task < 130; task++) {
        env.reset({ seed: task, task })
        const places = (): number[] => {
          const { physics, task: memory } = env.snapshot()
          // The jumping ball has six coordinates.
          return [physics[1 + 6], physics[2 + 6], memory[2], memory[3]]
        }
        const [bx, by, tx, ty] = places()
        for (const value of [bx, by, tx, ty]) expect(Math.abs(value)).toBeLessThanOrEqual(4)
        expect(Math.hypot(bx - tx, by - ty)).toBeLessThanOrEqual(2)
        expect(Math.hypot(bx - tx, by - ty)).toBeGreaterThan(0.4)
        env.reset()
        expect(places()).toEqual([bx, by, tx, ty])
        seen.add([bx, by, tx, ty].join())
      }
      expect(seen.size).toBe(130)
    })
  })

  it('tells the place of the target in training and not in a test, and pays 10 there', async () => {
    await using(jumpingBall, moveHiddenBox, (env) => {
      const { observation } = env.reset({ seed: 1, task: 7 })
      const { task: memory } = env.snapshot()
      expect(observation.task[0]).toBeCloseTo(memory[2], 6)
      expect(observation.task[1]).toBeCloseTo(memory[3], 6)
      expect([...env.reset({ task: 100 }).observation.task]).toEqual([0, 0])
      const snapshot = env.snapshot()
      const physics = snapshot.physics.slice()
      physics.set([snapshot.task[2] + 0.2, snapshot.task[3]], 1 + 6)
      env.restore({ ...snapshot, physics })
      expect(env.step(new Float32Array(3))).toMatchObject({ reward: 10, terminated: true })
      for (const task of [-1, 130, 0.5, '3']) {
        expect(() => env.reset({ task })).toThrow(
          new RangeError(`reset: task must be a number from 0 to 129, got ${JSON.stringify(task)}`),
        )
      }
    })
  })
})

describe('tasks with boxes', () => {
  const tasks = [
    moveBox(),
    moveBox({ boxes: 2, targets: 2 }),
    gatherBoxes,
    boxOrTarget,
    boxAndTarget,
    moveHiddenBox,
  ]

  it.each([ball, jumpingBall, walkingAnt, quadruped, point] as const)('are done by $name', async (body) => {
    for (const task of tasks) {
      await using(body, task, (env) => {
        env.reset({ seed: 2 })
        for (let t = 0; t < 3; t++) {
          const { reward } = env.step(new Float32Array(body.action.low.length))
          expect(Number.isFinite(reward)).toBe(true)
        }
      })
    }
  })

  it('need a body that touches, is somewhere, and leaves room', async () => {
    await expect(composeEnv(swimmerRllab, moveBox())).rejects.toThrow(
      'move-box: body must touch boxes, got "swimmer-rllab", which nothing touches, take another body',
    )
    await expect(composeEnv(swimmerRllab, moveHiddenBox)).rejects.toThrow('hidden-box: body must touch boxes')
    await expect(composeEnv(swimmer, moveBox())).rejects.toThrow(/^move-box: body must/)
  })

  it('come back bit for bit in the middle of a push', async () => {
    const env = await makeEnv('ball-box-and-target')
    env.reset({ seed: 4 })
    stepWith(env, { ball: [0, 0], boxes: [[0.5, 0]] })
    for (let t = 0; t < 10; t++) env.step(Float32Array.of(0.5, 0.1))
    const snapshot = env.snapshot()
    const run = (): number[] => {
      const seen: number[] = []
      for (let t = 0; t < 20; t++) {
        const { observation, reward } = env.step(Float32Array.of(0.5, -0.1))
        seen.push(reward, ...Object.values(observation).flatMap((group) => [...group]))
      }
      return seen
    }
    const first = run()
    env.restore(snapshot)
    expect(run()).toEqual(first)
    env.close()
  })

  it('have the groups that a low level is shown', async () => {
    for (const { id, groups } of Object.values(lowLevels)) {
      const whole = await makeEnv(id)
      const low = selectGroups(whole, groups)
      expect(Object.keys(low.reset({ seed: 0 }).observation)).toEqual(groups)
      expect(groups).not.toContain('task')
      low.close()
    }
  })
})
