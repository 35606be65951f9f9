import { afterEach, describe, expect, it } from 'vitest'
import { blocks, flat, slope, stairs } from '../arenas/terrains.ts'
import { minitaur, rollAndPitch } from '../bodies/minitaur.ts'
import { quadruped } from '../bodies/quadruped.ts'
import type { VisibleEnv } from '../episodes.ts'
import { makeEnv } from '../index.ts'
import { composeEnv } from '../mujoco/composeEnv.ts'
import { composeModel } from '../mujoco/model.ts'
import { createHandles, liveHandles } from '../mujoco/module.ts'
import { createIntegerOutput } from '../mujoco/output.ts'
import type { Simulation } from '../mujoco/simulation.ts'
import { createSimulation } from '../mujoco/simulation.ts'
import { walk } from './walk.ts'

afterEach(() => expect(liveHandles()).toBe(0))

const SENSED = 13
const MOTORS = 8
const fill = (value: number): Float32Array => new Float32Array(MOTORS).fill(value)
/** Swings, then extensions. */
const pose = (swing: number, extension: number): Float32Array =>
  Float32Array.from({ length: MOTORS }, (_, i) => (i < 4 ? swing : extension))

async function using(run: (env: VisibleEnv) => void): Promise<void> {
  const env = await makeEnv('minitaur-walk')
  env.reset({ seed: 1 })
  run(env)
  env.close()
}

/** Angles of the motors of a leg in the physics of a snapshot: after the time and the root come four hinges a leg. */
const motors = ({ physics }: ReturnType<VisibleEnv['snapshot']>, leg: number): [number, number] => [
  physics[8 + 4 * leg],
  physics[10 + 4 * leg],
]

/** The state with another place and attitude of the root. */
function put(env: VisibleEnv, root: readonly number[]): void {
  const { physics, ...rest } = env.snapshot()
  const moved = physics.slice()
  moved.set(root, 1)
  env.restore({ ...rest, physics: moved })
}

describe('the minitaur', () => {
  it('weighs 6 kg, and stands when nothing is asked of it', async () => {
    const simulation = await createSimulation(composeModel(minitaur, walk(flat)))
    expect((simulation.native.model.body_subtreemass as Float64Array)[0]).toBeCloseTo(6, 9)
    simulation.close()
    await using((env) => {
      for (let step = 1; step <= 500; step++) {
        const { terminated, truncated, reward } = env.step(fill(0))
        expect(terminated).toBe(false)
        expect(truncated).toBe(step === 500)
        if (step > 100) expect(Math.abs(reward)).toBeLessThan(0.05)
      }
    })
  })

  it('keeps the ends of the links of a leg within their width, and its motors within their torque', async () => {
    const simulation = await createSimulation(composeModel(minitaur, walk(flat)))
    const { mujoco, model } = simulation.native
    const toe = (name: string, x: number): number[] => {
      const body = simulation.address('body', name)
      const frame = simulation.derived('xmat').subarray(9 * body, 9 * body + 9)
      const place = simulation.derived('xpos').subarray(3 * body, 3 * body + 3)
      const z = -Math.sqrt(0.2 ** 2 - x ** 2)
      return [0, 1, 2].map((row) => place[row] + frame[3 * row] * x + frame[3 * row + 2] * z)
    }
    const spread = 0.115 * Math.sin(Math.PI - 2)
    simulation.resetData()
    for (let step = 0; step < 100; step++) {
      for (let i = 0; i < MOTORS; i++) simulation.ctrl[i] = 0.4 * Math.sin(0.33 * step + i)
      expect(simulation.advance(10)).toBe(true)
      simulation.computePoses()
      for (const leg of ['front_left', 'back_left', 'front_right', 'back_right']) {
        const [ahead, behind] = [toe(`lower_${leg}_ahead`, -spread), toe(`lower_${leg}_behind`, spread)]
        expect(Math.hypot(...ahead.map((value, i) => value - behind[i]))).toBeLessThan(0.01)
        for (const end of ['ahead', 'behind']) {
          const id = mujoco.mj_name2id(model, mujoco.mjtObj.mjOBJ_JOINT.value, `motor_${leg}_${end}`)
          const at = (model.jnt_dofadr as Int32Array)[id]
          expect(Math.abs(simulation.derived('qfrc_actuator')[at])).toBeLessThanOrEqual(3.5)
        }
      }
    }
    simulation.close()
  })

  it('swings its legs ahead and stretches them as it is asked', async () => {
    await using((env) => {
      const low = env.snapshot().physics[3]
      for (let step = 0; step < 40; step++) env.step(pose(0, 0.4))
      expect(env.snapshot().physics[3]).toBeGreaterThan(low + 0.02)
    })
    await using((env) => {
      for (let step = 0; step < 3; step++) env.step(pose(0.3, 0))
      const [ahead, behind] = motors(env.snapshot(), 1)
      expect((ahead + behind) / 2).toBeGreaterThan(0.1)
    })
  })

  it('senses roll and pitch whatever its yaw', () => {
    const out = new Float64Array(2)
    const [roll, pitch] = [0.3, -0.4]
    for (const yaw of [0, 1, -2.5, Math.PI]) {
      const [cr, sr, cp, sp, cy, sy] = [roll, pitch, yaw].flatMap((a) => [Math.cos(a / 2), Math.sin(a / 2)])
      const quat = [
        cr * cp * cy + sr * sp * sy,
        sr * cp * cy - cr * sp * sy,
        cr * sp * cy + sr * cp * sy,
        cr * cp * sy - sr * sp * cy,
      ]
      rollAndPitch({ qpos: Float64Array.from([0, 0, 0, ...quat]) } as unknown as Simulation, out, 0)
      expect(out[0]).toBeCloseTo(roll, 12)
      expect(out[1]).toBeCloseTo(pitch, 12)
    }
  })
})

describe('walking', () => {
  it('shows what was sensed a step before, the five before that, and the last five actions', async () => {
    await using((env) => {
      const seen: number[][] = []
      const sensed: number[][] = []
      for (let step = 0; step < 9; step++) {
        sensed.push([0, 1, 2, 3].flatMap((leg) => motors(env.snapshot(), leg)).map(Math.fround))
        const { observation } = env.step(fill(0.05 * step))
        const { proprio, observations, actions } = observation
        expect([...proprio.subarray(0, MOTORS)]).toEqual(sensed[step])
        if (step >= 5) {
          expect([...observations]).toEqual(seen.slice(-5).flat())
          for (let k = 0; k < 5; k++) expect(actions[MOTORS * k]).toBe(Math.fround(0.05 * (step - 4 + k)))
        }
        seen.push([...proprio])
        expect(observations).toHaveLength(5 * SENSED)
      }
    })
  })

  it('begins with the first observation five times, and no actions', async () => {
    await using((env) => {
      for (let step = 0; step < 7; step++) env.step(fill(0.2))
      const { proprio, observations, actions } = env.reset().observation
      for (let k = 0; k < 5; k++) {
        expect([...observations.subarray(SENSED * k, SENSED * (k + 1))]).toEqual([...proprio])
      }
      expect([...actions]).toEqual([...new Float32Array(5 * MOTORS)])
    })
  })

  it('pays the velocity less the three costs', async () => {
    await using((env) => {
      // The second difference of 0, 0, 0.5 in each action, by (0.02 s)².
      expect(env.step(fill(0.5)).info.costAcceleration).toBeCloseTo(2e-8 * 8 * (0.5 / 0.0004) ** 2, 9)
      expect(env.step(fill(0.5)).info.costAcceleration).toBeCloseTo(2e-8 * 8 * (0.5 / 0.0004) ** 2, 9)
      expect(env.step(fill(0.5)).info.costAcceleration).toBe(0)
    })
    await using((env) => {
      const x = env.snapshot().physics[1]
      for (let step = 0; step < 6; step++) env.step(pose(-0.5, 0.5))
      const before = env.snapshot().physics[1]
      const { reward, info } = env.step(pose(-0.5, 0.5))
      const after = env.snapshot()
      let under = 0
      for (const leg of [0, 2]) {
        const [ahead, behind] = motors(after, leg)
        under += Math.max(-(ahead + behind) / 2, 0) * Math.max((behind - ahead) / 2, 0)
      }
      expect(under).toBeGreaterThan(0.01)
      expect(info.costLegs).toBeCloseTo(2 * under, 9)
      expect(info.xVelocity).toBeCloseTo((after.physics[1] - before) / 0.02, 9)
      expect(after.physics[1]).not.toBe(x)
      expect(reward).toBeCloseTo(info.xVelocity - info.costAcceleration - info.costPitch - info.costLegs, 12)
    })
    await using((env) => {
      put(env, [0, 0, 0.4, Math.cos(0.15), 0, Math.sin(0.15), 0])
      const { info } = env.step(fill(0))
      expect(info.costPitch).toBeGreaterThan(2 * 0.25 ** 2)
      expect(info.costPitch).toBeLessThan(2 * 0.35 ** 2)
    })
  })

  it('ends in a fall: tilted far, or low', async () => {
    for (const [root, fallen] of [
      [[0, 0, 0.4, Math.cos(0.25), Math.sin(0.25), 0, 0], false],
      [[0, 0, 0.4, Math.cos(0.35), Math.sin(0.35), 0, 0], true],
      [[0, 0, 0.1, 1, 0, 0, 0], true],
    ] as const) {
      await using((env) => {
        put(env, root)
        expect(env.step(fill(0)).terminated).toBe(fallen)
      })
    }
  })

  it('is done past the end of the terrain', async () => {
    await using((env) => {
      put(env, [1.9, 0, 0.22, 1, 0, 0, 0])
      expect(env.step(fill(0)).info.success).toBe(0)
      put(env, [2.1, 0, 0.22, 1, 0, 0, 0])
      expect(env.step(fill(0)).info.success).toBe(1)
    })
  })

  it('goes on from a snapshot, history and latency included', async () => {
    await using((env) => {
      for (let step = 0; step < 10; step++) env.step(fill(0.04 * (step % 3)))
      const snapshot = env.snapshot()
      const play = (): number[][] =>
        Array.from({ length: 10 }, (_, step) => {
          const { observation, reward } = env.step(fill(0.03 * (step % 4)))
          return [reward, ...observation.proprio, ...observation.observations, ...observation.actions]
        })
      const first = play()
      env.reset({ seed: 5 })
      env.restore(snapshot)
      expect(play()).toEqual(first)
    })
  })

  it('is for the minitaur', async () => {
    await expect(composeEnv(quadruped, walk(flat))).rejects.toThrow(
      'walk: body must be "minitaur", got "quadruped"',
    )
  })
})

describe('terrains', () => {
  it.each([flat, slope, blocks, stairs])('$name is as high as it says', async (terrain) => {
    const simulation = await createSimulation(composeModel(minitaur, walk(terrain)))
    const { mujoco, model, data } = simulation.native
    simulation.resetData()
    simulation.forward()
    const handles = createHandles()
    const geom = createIntegerOutput(mujoco, handles, 1)
    // Fixed geoms alone: the robot and loose blocks move.
    const moving = model.geom_bodyid as Int32Array
    for (let x = -1; x < terrain.end; x += 0.0371) {
      let from = 2
      for (let hits = 0; hits < 20; hits++) {
        const far = mujoco.mj_ray(
          model,
          data,
          [x, 1.5, from],
          [0, 0, -1],
          null as unknown as number[],
          true,
          -1,
          geom.buffer,
          null,
        )
        from -= far
        if (moving[geom.read()[0]] === 0) break
        from -= 1e-6
      }
      expect(from, `at ${x}`).toBeCloseTo(terrain.height(x), 6)
    }
    handles.release()
    simulation.close()
  })

  it('blocks give way to the robot', async () => {
    const env = await makeEnv('minitaur-blocks')
    env.reset({ seed: 1 })
    const { physics, ...rest } = env.snapshot()
    const moved = physics.slice()
    // Into the wall, at 1 m/s.
    const positions = 7 + 16 + 7 * 7
    const first = 1 + 7 + 16
    moved[1] = 0.5
    moved[1 + positions] = 1
    env.restore({ ...rest, physics: moved })
    for (let step = 0; step < 25; step++) if (env.step(pose(0, 0)).terminated) break
    const after = env.snapshot().physics
    const shifts = Array.from({ length: 7 }, (_, i) => after[first + 7 * i] - physics[first + 7 * i])
    expect(Math.max(...shifts)).toBeGreaterThan(0.02)
    env.close()
  })
})
