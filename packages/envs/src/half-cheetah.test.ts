import { afterEach, expect, it } from 'vitest'
import { createBareLoop, liveHandles } from './diagnostics.ts'
import { makeEnv } from './index.ts'
import { createSimulation } from './mujoco/simulation.ts'

const SMALL = '<mujoco><worldbody><geom size="1"/></worldbody></mujoco>'
const BIG = '<mujoco><size memory="96M"/><worldbody><geom size="1"/></worldbody></mujoco>'
const random = (): Float32Array => Float32Array.from({ length: 6 }, () => 2 * Math.random() - 1)

afterEach(() => expect(liveHandles()).toBe(0))

it('half-cheetah starts within 0.1 of its rest positions, with normal velocities of deviation 0.1', async () => {
  const env = await makeEnv('half-cheetah')
  let squares = 0
  let furthest = 0
  for (let seed = 0; seed < 500; seed++) {
    const { observation, info } = env.reset({ seed })
    for (const q of [info.xPosition, ...observation.proprio.subarray(0, 8)])
      furthest = Math.max(furthest, Math.abs(q))
    for (const v of observation.proprio.subarray(8)) squares += v * v
  }
  expect(furthest).toBeGreaterThan(0.099)
  expect(furthest).toBeLessThanOrEqual(0.1 + 1e-8)
  // 4,500 draws: the deviation of the estimate is 1 % of it.
  expect(Math.abs(Math.sqrt(squares / 4500) / 0.1 - 1)).toBeLessThan(0.05)
  env.close()
})

it('half-cheetah pays the speed less a tenth of the squared action, and tells both', async () => {
  const env = await makeEnv('half-cheetah')
  const x = env.reset({ seed: 1 }).info.xPosition
  const { reward, info, terminated } = env.step(Float32Array.of(1, -1, 0.5, 0, 0, 0))
  expect(info.xVelocity).toBeCloseTo((info.xPosition - x) / 0.05, 12)
  expect(info.rewardControl).toBeCloseTo(-0.225, 12)
  expect(reward).toBe(info.rewardForward + info.rewardControl)
  expect(info.rewardForward).toBe(info.xVelocity)
  expect(terminated).toBe(false)
  env.close()
})

it('half-cheetah is truncated after 1,000 steps and never terminates', async () => {
  const env = await makeEnv('half-cheetah')
  env.reset({ seed: 1 })
  for (let t = 1; t <= 1000; t++) {
    const { terminated, truncated } = env.step(random())
    expect([terminated, truncated]).toEqual([false, t === 1000])
  }
  env.close()
})

it.each([
  ['at the start', 0],
  ['in the middle of an episode', 3],
])('a blow-up %s throws instead of starting over in silence', async (_, steps) => {
  const env = await makeEnv('half-cheetah')
  for (const value of [1e30, NaN]) {
    env.reset({ seed: 1 })
    for (let t = 0; t < steps; t++) env.step(random())
    const snapshot = env.snapshot()
    const physics = snapshot.physics.slice()
    physics[1 + 9] = value
    env.restore({ ...snapshot, physics })
    expect(() => env.step(random())).toThrow(
      new RegExp(
        `^step: "half-cheetah" must stay .* diverging state in step ${steps + 1} from the observation proprio`,
      ),
    )
    env.reset({ seed: 1 })
    expect(env.step(random()).reward).not.toBeNaN()
  }
  env.close()
})

it('keeps its course when the WASM memory grows under it', async () => {
  const env = await makeEnv('half-cheetah')
  const path = Array.from({ length: 20 }, random)
  const steps = (part: Float32Array[]): number[] => part.map((action) => env.step(action).reward)
  env.reset({ seed: 3 })
  const expected = steps(path)
  env.reset({ seed: 3 })
  const simulation = await createSimulation(SMALL)
  const view = simulation.native.data.xpos as Float64Array
  const first = steps(path.slice(0, 10))
  const big = await createSimulation(BIG)
  expect(view).toHaveLength(0)
  expect([...first, ...steps(path.slice(10))]).toEqual(expected)
  ;[env, simulation, big].forEach((each) => each.close())
})

it('100 rounds of making, stepping and closing leave no handle and no memory behind', async () => {
  const heap = async (): Promise<number> => {
    const simulation = await createSimulation(SMALL)
    const view = simulation.native.data.xpos as Float64Array
    simulation.close()
    return view.buffer.byteLength
  }
  const round = async (): Promise<void> => {
    const env = await makeEnv('half-cheetah')
    env.reset({ seed: 1 })
    env.restore(env.snapshot())
    env.step(random())
    env.close()
    expect(liveHandles()).toBe(0)
  }
  await round()
  const before = await heap()
  for (let i = 0; i < 100; i++) await round()
  expect(await heap()).toBe(before)
})

it('the bare loop goes through the same states', async () => {
  const env = await makeEnv('half-cheetah')
  const bare = await createBareLoop()
  const path = Array.from({ length: 50 }, random)
  env.reset({ seed: 9 })
  bare.reset(9)
  let x = 0
  for (const action of path) x = env.step(action).info.xPosition
  expect(bare.run(path)).toBe(x)
  env.close()
  bare.close()
})
