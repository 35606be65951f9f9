import { describe, expect, it } from 'vitest'
import type { Env } from '@maxent/core/contracts'
import { makeEnv } from './index.ts'
import type { LocomotionId } from './locomotion.ts'
import { locomotion } from './locomotion.ts'
import { directionAt } from './tasks/directions.ts'
import { targetVelocities } from './tasks/targetVelocity.ts'

/** Numbers of the released environments: sizes of observations and actions, seconds per action. */
const published: readonly (readonly [LocomotionId, number, number, number])[] = [
  ['hopper-v1', 11, 3, 0.008],
  ['walker2d-v1', 17, 6, 0.008],
  ['half-cheetah-v1', 17, 6, 0.05],
  ['ant-v1', 111, 8, 0.05],
  ['humanoid-v1', 376, 17, 0.015],
  ['swimmer-rllab', 13, 2, 0.05],
  ['ant-rllab', 125, 8, 0.02],
  ['humanoid-rllab', 142, 21, 0.008],
  ['half-cheetah-velocity', 21, 6, 0.05],
]

const half = (env: Env): Float32Array => Float32Array.from(env.spec.action.high, (high) => high / 2)
const concatenated = (env: Env): number[] =>
  Object.values(env.reset({ seed: 1 }).observation).flatMap((group) => [...group])

/** Writes into the physics of the running episode: time, then positions, then velocities. */
function poke(env: Env, change: (physics: Float64Array) => void): void {
  const snapshot = env.snapshot()
  const physics = snapshot.physics.slice()
  change(physics)
  env.restore({ ...snapshot, physics })
}

it.each(published)(
  '%s has %i observations, %i actions, %f s per action',
  async (id, size, actions, seconds) => {
    const env = await makeEnv(id)
    expect(concatenated(env)).toHaveLength(size)
    expect(env.spec.action.low).toHaveLength(actions)
    const { timestep, frameSkip } = locomotion[id].body.timing
    expect(timestep * frameSkip).toBeCloseTo(seconds, 12)
    env.close()
  },
)

describe('OpenAI Gym’s -v1', () => {
  const ended = [
    ['hopper-v1', 'hopper', 1],
    ['walker2d-v1', 'walker2d', 1],
    ['ant-v1', 'ant', 1],
    ['humanoid-v1', 'humanoid', 5],
  ] as const

  it.each(ended)('%s pays for surviving in the step that ends, %s does not', async (old, recent, survive) => {
    for (const [id, paid] of [
      [old, survive],
      [recent, 0],
    ] as const) {
      const env = await makeEnv(id)
      env.reset({ seed: 1 })
      // Behind the time: x, and y of those that have it. The ground would lift an ant.
      const free = /^ant|^humanoid/.test(id)
      poke(env, (physics) => (physics[free ? 3 : 2] = id.startsWith('ant') ? 1.5 : 0.1))
      const { terminated, info } = env.step(half(env))
      expect([terminated, info.rewardSurvive]).toEqual([true, paid])
      env.close()
    }
  })

  it('the world feels nothing, and the others what they feel in -v5', async () => {
    const [old, recent] = [await makeEnv('ant-v1'), await makeEnv('ant')]
    for (const env of [old, recent]) {
      env.reset({ seed: 5 })
      for (let t = 0; t < 20; t++) env.step(half(env))
    }
    const contact = (env: Env): number[] => [...env.step(half(env)).observation.contact]
    const [mine, theirs] = [contact(old), contact(recent)]
    expect(mine.slice(6)).toEqual(theirs)
    expect(theirs.some((force) => force !== 0)).toBe(true)
    old.close()
    recent.close()
  })
})

describe('rllab', () => {
  it('starts the ant on bent ankles, 0.55 m high, with normal noise on every position', async () => {
    const env = await makeEnv('ant-rllab')
    const rest = [0, 0, 0.55, 1, 0, 0, 0, 0, 1, 0, -1, 0, -1, 0, 1]
    const states = Array.from({ length: 100 }, (_, seed) => {
      env.reset({ seed })
      return env.snapshot().physics.slice(1, 1 + rest.length)
    })
    const offs = states.flatMap((state) => rest.map((q, i) => state[i] - q))
    const deviation = Math.sqrt(offs.reduce((sum, x) => sum + x * x, 0) / offs.length)
    expect(Math.abs(deviation / 0.01 - 1)).toBeLessThan(5 / Math.sqrt(2 * offs.length))
    expect(Math.max(...offs)).toBeGreaterThan(0.02)
    env.close()
  })

  it.each(['swimmer-rllab', 'ant-rllab', 'humanoid-rllab'] as const)(
    '%s pays the velocity of the centre of mass at the end of the step',
    async (id) => {
      const env = await makeEnv(id)
      env.reset({ seed: 1 })
      const action = half(env)
      const before = env.step(action).observation.centre[0]
      const slow = env.step(action).info.xVelocity
      const between = env.step(action).observation.centre[0]
      const fast = env.step(action).info.xVelocity
      expect(fast).not.toBe(slow)
      // Mean velocities of two steps lie near those at their ends.
      const { timestep, frameSkip } = locomotion[id].body.timing
      const mean = (between - before) / (2 * timestep * frameSkip)
      expect(Math.abs(mean - slow)).toBeLessThan(0.02 + 0.2 * Math.abs(slow))
      env.close()
    },
  )

  it('the ant’s reward is its parts, with half of the weights, the action clipped', async () => {
    const env = await makeEnv('ant-rllab')
    const { observation } = env.reset({ seed: 3 })
    for (let t = 0; t < 30; t++) env.step(half(env))
    const { reward, info } = env.step(new Float32Array(8).fill(2))
    const contact = observation.contact.reduce((sum, force) => sum + force * force, 0)
    expect(contact).toBeGreaterThan(0)
    expect(info.rewardContact).toBeCloseTo(-0.5e-3 * contact, 9)
    expect(info.rewardControl).toBeCloseTo(-0.5e-2 * 8, 12)
    expect(reward).toBeCloseTo(info.xVelocity + 0.05 - 0.04 - 0.5e-3 * contact, 9)
    env.close()
  })

  it('the humanoid pays for velocities up and aside, and lives between 0.8 and 2 m', async () => {
    const env = await makeEnv('humanoid-rllab')
    env.reset({ seed: 3 })
    const { reward, info } = env.step(half(env))
    expect(info.rewardDeviation).toBeLessThan(-0.5e-2 * info.yVelocity ** 2)
    const parts = info.rewardForward + info.rewardControl + info.rewardContact + info.rewardDeviation
    expect(reward).toBeCloseTo(parts + 0.2, 12)
    for (const [height, ends] of [
      [0.9, false],
      [0.75, true],
    ] as const) {
      env.reset({ seed: 3 })
      poke(env, (physics) => (physics[3] = height))
      expect(env.step(half(env)).terminated).toBe(ends)
    }
    env.close()
  })
})

describe('speed in any direction', () => {
  it.each([
    ['swimmer-any-direction', 'swimmer-rllab'],
    ['ant-any-direction', 'ant-rllab'],
    ['humanoid-any-direction', 'humanoid-rllab'],
  ] as const)('%s moves as %s, and pays its speed in the plane', async (id, twin) => {
    const [env, other] = [await makeEnv(id), await makeEnv(twin)]
    env.reset({ seed: 2 })
    other.reset({ seed: 2 })
    for (let t = 0; t < 5; t++) {
      const { info, observation } = env.step(half(env))
      const same = other.step(half(env))
      expect([...observation.proprio]).toEqual([...same.observation.proprio])
      const speed = Math.hypot(info.xVelocity, info.yVelocity)
      const sign = id === 'swimmer-any-direction' ? Math.sign(info.xVelocity) : 1
      expect(info.rewardForward).toBeCloseTo(sign * speed, 12)
      expect(same.info.rewardForward).toBe(info.xVelocity)
      expect(info.rewardControl).toBe(same.info.rewardControl)
    }
    env.close()
    other.close()
  })

  it('ant-speed pays nothing else, and ends when it flips over', async () => {
    const env = await makeEnv('ant-speed')
    env.reset({ seed: 2 })
    const { reward, info, terminated } = env.step(half(env))
    expect(reward).toBeCloseTo(Math.hypot(info.xVelocity, info.yVelocity), 12)
    expect(terminated).toBe(false)
    poke(env, (physics) => physics.set([Math.SQRT1_2 - 0.1, Math.SQRT1_2 + 0.1, 0, 0], 4))
    expect(env.step(half(env)).terminated).toBe(true)
    env.close()
  })

  it('ball-speed pays the same, and shows where the ball is and heads: the groups of its hallways', async () => {
    const [env, hallway] = [await makeEnv('ball-speed'), await makeEnv('ball-wide-hallway')]
    expect(env.spec.observation).toEqual(hallway.spec.observation)
    const first = env.reset({ seed: 4 }).observation.pose.slice()
    expect(first).toEqual(hallway.reset({ seed: 4 }).observation.pose)
    for (let step = 0; step < 20; step++) {
      const action = Float32Array.of(1, step < 10 ? 0.5 : -0.2)
      const { reward, info, observation } = env.step(action)
      expect(reward).toBe(hallway.step(action).reward)
      expect(reward).toBeCloseTo(Math.hypot(info.xVelocity, info.yVelocity), 12)
      expect(Math.hypot(observation.pose[2], observation.pose[3])).toBeCloseTo(1, 6)
    }
    env.close()
    hallway.close()
  })
})

describe('target velocity', () => {
  it('has 100 velocities for training and 30 for tests within 0 and 3 m/s, all different', () => {
    const { tasks } = locomotion['half-cheetah-velocity'].task
    expect([tasks?.train.length, tasks?.test.length]).toEqual([100, 30])
    expect(new Set([...(tasks?.train ?? []), ...(tasks?.test ?? [])]).size).toBe(130)
    expect(new Set(targetVelocities).size).toBe(130)
    for (const velocity of targetVelocities) expect(velocity >= 0 && velocity < 3).toBe(true)
    // The mean of 130 uniform numbers.
    const mean = targetVelocities.reduce((sum, v) => sum + v, 0) / 130
    expect(Math.abs(mean - 1.5)).toBeLessThan((5 * 3) / Math.sqrt(12 * 130))
  })

  it('pays minus the distance to the velocity of its task, and keeps a task that was chosen', async () => {
    const env = await makeEnv('half-cheetah-velocity')
    for (const task of [0, 129]) {
      const { observation } = env.reset({ seed: 1, task })
      expect(observation.task[0]).toBe(targetVelocities[task])
      const { reward, info } = env.step(half(env))
      const expected = -Math.abs(info.xVelocity - targetVelocities[task]) - 0.05 * 6 * 0.25
      expect(reward).toBeCloseTo(expected, 12)
      expect(env.reset().observation.task[0]).toBe(targetVelocities[task])
    }
    for (const task of [130, -1, 0.5, '3', null]) {
      expect(() => env.reset({ task })).toThrow(
        `reset: task must be the number of a velocity in target-velocity, an integer from 0 to 129, got ${JSON.stringify(task)}`,
      )
    }
    expect(env.reset().observation.task[0]).toBe(targetVelocities[129])
    env.close()
  })

  it('without a task draws from the training set', async () => {
    const env = await makeEnv('half-cheetah-velocity')
    const train = new Set(targetVelocities.slice(0, 100))
    const drawn = Array.from({ length: 60 }, () => env.reset().observation.task[0])
    expect(drawn.every((velocity) => train.has(velocity))).toBe(true)
    expect(new Set(drawn).size).toBeGreaterThan(30)
    env.close()
  })
})

describe('directions', () => {
  it('has a pair of different directions for each of twelve tasks', () => {
    const pairs = Array.from({ length: 12 }, (_, task) => [directionAt(task, 0), directionAt(task, 399)])
    expect(new Set(pairs.map(String)).size).toBe(12)
    for (const [first, second] of pairs) expect(first).not.toBe(second)
    expect([directionAt(5, 199), directionAt(5, 200)]).toEqual([pairs[5][0], pairs[5][1]])
  })

  it('asks for another direction in the second half, in the task’s group of observations', async () => {
    const env = await makeEnv('humanoid-directions')
    const { observation } = env.reset({ seed: 1, task: 7 })
    const asked = (): number => observation.task.indexOf(1)
    expect([...observation.task].toSorted()).toEqual([0, 0, 0, 1])
    expect(asked()).toBe(directionAt(7, 0))
    const start = env.snapshot()
    const at = (step: number): void => {
      // It does not stand so long by itself.
      env.restore({ ...start, task: Float64Array.of(step, 7, 1) })
      env.step(half(env))
    }
    at(198)
    expect(asked()).toBe(directionAt(7, 199))
    at(199)
    expect(asked()).toBe(directionAt(7, 200))
    expect(asked()).not.toBe(directionAt(7, 0))
    env.close()
  })

  it.each([
    ['forward', 0, 1, 0],
    ['back', 1, -1, 0],
    ['left', 2, 0, 1],
    ['right', 3, 0, -1],
  ] as const)('a push %s pays at least 0.9 where it is asked for, and nothing elsewhere', async (...row) => {
    const [, pushed, x, y] = row
    const env = await makeEnv('humanoid-directions')
    for (let asked = 0; asked < 4; asked++) {
      // Three pairs begin with each direction.
      const { observation } = env.reset({ seed: 1, task: 3 * asked })
      expect([...observation.task]).toEqual([0, 1, 2, 3].map((i) => (i === asked ? 1 : 0)))
      poke(env, (physics) => physics.set([x, y], 1 + 28))
      const { reward, info } = env.step(new Float32Array(21))
      expect(x * info.xVelocity + y * info.yVelocity).toBeGreaterThan(0.9)
      if (asked === pushed) expect(reward).toBeGreaterThanOrEqual(0.9)
      else expect(reward).toBe(0)
    }
    env.close()
  })

  it('pays 1 for the velocity asked for, 0 for standing, and ends in a fall', async () => {
    const env = await makeEnv('humanoid-directions')
    // Forward first.
    env.reset({ seed: 1, task: 0 })
    const still = env.step(new Float32Array(21))
    expect(still.reward).toBeLessThan(0.1)
    poke(env, (physics) => (physics[1 + 28] = 1))
    expect(env.step(new Float32Array(21)).reward).toBeGreaterThan(0.8)
    env.reset()
    poke(env, (physics) => (physics[1 + 28] = -1))
    expect(env.step(new Float32Array(21)).reward).toBe(0)
    let { terminated } = env.step(new Float32Array(21))
    for (let t = 0; t < 200 && !terminated; t++) ({ terminated } = env.step(new Float32Array(21)))
    expect(terminated).toBe(true)
    for (const task of [12, -1, NaN, [1, 0]]) {
      expect(() => env.reset({ task })).toThrow('reset: task must be the number of a pair of directions')
    }
    env.close()
  })
})
