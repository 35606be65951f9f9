import type { Env, Observation } from '@maxent/core/contracts'
import { envChecks } from '@maxent/core/env-checks'
import { afterEach, describe, expect, it } from 'vitest'
import { bearingErrors, ridgeRegression } from '../../scripts/bearing.ts'
import { frameRate } from '../../scripts/frameRate.ts'
import { ball } from '../bodies/ball.ts'
import { liveHandles } from '../diagnostics.ts'
import type { EnvId } from '../index.ts'
import { listEnvs, makeEnv } from '../index.ts'
import { composeEnv } from '../mujoco/composeEnv.ts'
import { moveBox } from '../tasks/moveBox.ts'
import { goToTargets } from '../tasks/targets.ts'
import { withVision } from './vision.ts'

const SIDE = 64
const seeing = (id: EnvId) => makeEnv(id, { vision: true })

afterEach(() => expect(liveHandles()).toBe(0))

/** Red, green and blue of a pixel. */
const pixel = (picture: Float32Array, column: number, row: number): number[] => [
  ...picture.subarray(3 * (SIDE * row + column), 3 * (SIDE * row + column) + 3),
]

/** Every so many numbers of the picture: all of them in every step would be too much for the checks to keep. */
const EVERY = 97

/** The environment with less of its picture. */
function sampled(env: Env): Env {
  const { vision: length, ...groups } = env.spec.observation
  const less = ({ vision, ...rest }: Observation): Observation => ({
    ...rest,
    vision: vision.filter((_, i) => i % EVERY === 0),
  })
  return {
    ...env,
    spec: { ...env.spec, observation: { ...groups, vision: Math.ceil(length / EVERY) } },
    reset: (options) => {
      const start = env.reset(options)
      return { ...start, observation: less(start.observation) }
    },
    step: (action) => {
      const result = env.step(action)
      return { ...result, observation: less(result.observation) }
    },
  }
}

describe('an environment with vision', () => {
  // A thousand steps from each of several snapshots take a minute; that every pixel goes on exactly is tested below.
  const checks = envChecks({
    make: async () => sampled(await makeEnv('ball-targets', { vision: true, maxEpisodeSteps: 40 })),
  })
  for (const { title, run } of checks.filter((check) => !check.title.startsWith('continues bit for bit'))) {
    it(title, run, 120_000)
  }
})

it('of every pixel a snapshot is exact', async () => {
  const env = await seeing('quadruped-targets')
  const action = new Float32Array(12).fill(0.3)
  env.reset({ seed: 2 })
  env.step(action)
  const snapshot = env.snapshot()
  const pixels = (): Float32Array => {
    for (let step = 0; step < 3; step++) env.step(action)
    return env.step(action).observation.vision.slice()
  }
  const first = pixels()
  env.reset({ seed: 3 })
  env.restore(snapshot)
  expect(Buffer.compare(Buffer.from(pixels().buffer), Buffer.from(first.buffer))).toBe(0)
  env.close()
})

/** The ball at the middle of the world, heading along x, the target of a task at x and y, and its boxes out of sight. */
async function pictureOf(
  x: number,
  y: number,
  { task, boxes } = { task: goToTargets({ targets: 1 }), boxes: 0 },
): Promise<Float32Array> {
  const env = await composeEnv(ball, withVision(task))
  env.reset({ seed: 1 })
  const { physics, ...rest } = env.snapshot()
  const moved = physics.slice()
  // After the time: x, y, z, the yaw and the wheel's angle, seven coordinates of each box; as many velocities. The marks come last.
  moved.fill(0, 1, 6)
  for (let box = 0; box < boxes; box++) moved.set([-20, 20], 6 + 7 * box)
  moved.fill(0, 6 + 7 * boxes, 11 + 7 * boxes)
  const places = [...rest.task.slice(-2)]
  const at = moved.findIndex((value, i) => value === places[0] && moved[i + 1] === places[1])
  for (let i = at; i < moved.length - 1; i++) {
    if (moved[i] === places[0] && moved[i + 1] === places[1]) moved.set([x, y], i)
  }
  env.restore({ ...rest, physics: moved })
  const { vision } = env.step(new Float32Array(2)).observation
  env.close()
  return vision
}

describe('what a body sees', () => {
  it('is sky above, floor below, and the black target where it lies', async () => {
    const ahead = await pictureOf(4, 0)
    expect(ahead).toHaveLength(3 * SIDE * SIDE)
    const [r, , b] = pixel(ahead, 32, 2)
    expect(b).toBeGreaterThan(1.3 * r)
    // 1.5 m below the camera and 4 m ahead: 0.375 down, where 0.839 is the lowest row.
    const row = Math.round(32 + (0.375 / Math.tan((40 * Math.PI) / 180)) * 32 - 0.5)
    expect(pixel(ahead, 32, row)).toEqual([0, 0, 0])
    expect(pixel(ahead, 2, row).every((shade) => shade > 0.3)).toBe(true)
    // To the left at 25°: left of the middle by tan 25° in 0.839.
    const left = await pictureOf(4, 4 * Math.tan((25 * Math.PI) / 180))
    const column = Math.round(
      32 - (Math.tan((25 * Math.PI) / 180) / Math.tan((40 * Math.PI) / 180)) * 32 - 0.5,
    )
    expect(pixel(left, column, row)).toEqual([0, 0, 0])
    expect(pixel(left, 32, row)).not.toEqual([0, 0, 0])
  })

  it('is black where a box is wanted, and not around it', async () => {
    const seen = await pictureOf(2, 0, { task: moveBox(), boxes: 1 })
    // 1.5 m below the camera: the middle is 2 m ahead, the black ends at 2.32 m.
    const rowOf = (down: number): number =>
      Math.round(32 + (down / Math.tan((40 * Math.PI) / 180)) * 32 - 0.5)
    expect(pixel(seen, 32, rowOf(0.75))).toEqual([0, 0, 0])
    expect(Math.min(...pixel(seen, 32, rowOf(1.5 / 2.36)))).toBeGreaterThan(0.2)
  })

  it('shows no black where the target is behind, and squares on the floor', async () => {
    const behind = await pictureOf(-4, 0)
    for (let k = 0; k < behind.length; k++) expect(behind[k]).toBeGreaterThan(0.2)
    const below = Array.from({ length: SIDE }, (_, column) => pixel(behind, column, 60)[0])
    expect(Math.max(...below) / Math.min(...below)).toBeGreaterThan(1.1)
  })

  it('turns with the body', async () => {
    const env = await seeing('ball-targets')
    const { observation } = env.reset({ seed: 3 })
    const before = observation.vision.slice()
    for (let step = 0; step < 20; step++) env.step(Float32Array.of(0, 1))
    expect(observation.vision).not.toEqual(before)
    env.close()
  })

  it('is one group more of any environment on MuJoCo, and changes nothing else', async () => {
    for (const { id, bodySource } of listEnvs()) {
      if (bodySource === undefined) {
        await expect(seeing(id)).rejects.toThrow(
          `makeEnv: vision must be left out for "${id}", which is not on MuJoCo, got true`,
        )
        continue
      }
      const [env, blind] = [await seeing(id), await makeEnv(id)]
      expect(env.spec).toEqual({
        ...blind.spec,
        observation: { ...blind.spec.observation, vision: 3 * SIDE * SIDE },
      })
      const action = Float32Array.from(env.spec.action.high, (high) => high / 2)
      env.reset({ seed: 5 })
      blind.reset({ seed: 5 })
      env.step(action)
      const { observation: seen, reward } = env.step(action)
      const { vision, ...rest } = seen
      blind.step(action)
      const other = blind.step(action)
      expect(rest, id).toEqual(other.observation)
      expect(reward).toBe(other.reward)
      // Two colours at least, each from 0 to 1.
      expect(new Set(vision).size, id).toBeGreaterThan(3)
      expect(Math.min(...vision)).toBeGreaterThanOrEqual(0)
      expect(Math.max(...vision)).toBeLessThanOrEqual(1)
      env.close()
      blind.close()
    }
  })

  it('is given once', () => {
    expect(() => withVision(withVision(goToTargets()))).toThrow(
      'withVision: task must have no group "vision", got "targets" with one, leave withVision out',
    )
  })
})

describe('pictures', () => {
  it('tell a linear regressor the bearing of the black target: see scripts/vision.ts', async () => {
    const { mean, withinTen, blind } = await bearingErrors(500, 150)
    expect(mean).toBeLessThan(10)
    expect(withinTen).toBeGreaterThan(0.7)
    expect(blind).toBeGreaterThan(15)
  })

  it('come at 250 a second and more', async () => {
    const { framesPerSecond, halfCheetahSteps } = await frameRate('quadruped-targets', 30)
    expect(framesPerSecond).toBeGreaterThan(250)
    expect(halfCheetahSteps).toBeGreaterThan(1)
  })

  it('are fitted by the weights that solve the normal equations', () => {
    // y = 3 a − 2 b, where a ridge of 1 shrinks each weight by n / (n + 1) for orthogonal inputs of square n.
    const inputs = [
      [3, 0],
      [0, 2],
    ].map((x) => Float64Array.from(x))
    const weights = ridgeRegression(inputs, [9, -4])
    expect(weights[0]).toBeCloseTo((3 * 9) / 10, 12)
    expect(weights[1]).toBeCloseTo((-2 * 4) / 5, 12)
  })
})
