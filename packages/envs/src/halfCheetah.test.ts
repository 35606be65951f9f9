import { afterEach, expect, it } from 'vitest'
import { liveHandles } from './diagnostics.ts'
import { makeEnv } from './index.ts'

const random = (): Float32Array => Float32Array.from({ length: 6 }, () => 2 * Math.random() - 1)

afterEach(() => expect(liveHandles()).toBe(0))

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
