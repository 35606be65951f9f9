import { describe, expect, it } from 'vitest'
import type { Env } from '@maxent/core/contracts'
import { makeEnv } from './index.ts'

/** The noise of the starts as Gymnasium has it, and where the start lies without noise. */
const starts = [
  { id: 'inverted-pendulum', rest: [0, 0], positions: 0.01, velocities: 0.01, law: 'uniform' },
  { id: 'inverted-double-pendulum', rest: [0, 0, 0], positions: 0.1, velocities: 0.1, law: 'normal' },
  { id: 'swimmer', rest: [0, 0, 0, 0, 0], positions: 0.1, velocities: 0.1, law: 'uniform' },
  { id: 'hopper', rest: [0, 1.25, 0, 0, 0, 0], positions: 5e-3, velocities: 5e-3, law: 'uniform' },
  {
    id: 'walker2d',
    rest: [0, 1.25, ...Array<number>(7).fill(0)],
    positions: 5e-3,
    velocities: 5e-3,
    law: 'uniform',
  },
  {
    id: 'half-cheetah',
    rest: Array<number>(9).fill(0),
    positions: 0.1,
    velocities: 0.1,
    law: 'normal',
  },
  {
    id: 'ant',
    rest: [0, 0, 0.75, 1, ...Array<number>(11).fill(0)],
    positions: 0.1,
    velocities: 0.1,
    law: 'normal',
    free: true,
  },
  {
    id: 'humanoid',
    rest: [0, 0, 1.4, 1, ...Array<number>(20).fill(0)],
    positions: 0.01,
    velocities: 0.01,
    law: 'uniform',
    free: true,
  },
] as const

/** Start states of some seeds. */
const initial = (env: Env, count: number): Float64Array[] =>
  Array.from({ length: count }, (_, seed) => {
    env.reset({ seed })
    return env.snapshot().physics.slice(1)
  })

describe.each(starts)('$id', ({ id, rest, positions, velocities, law, ...more }) => {
  it('starts around its rest with noise on every position and velocity', async () => {
    const env = await makeEnv(id)
    // A free joint has four numbers for the three of its rotation.
    const degrees = rest.length - ('free' in more ? 1 : 0)
    const states = initial(env, 200)
    rest.forEach((q, i) => {
      const furthest = Math.max(...states.map((state) => Math.abs(state[i] - q)))
      expect(furthest).toBeLessThanOrEqual(positions * (1 + 1e-6))
      expect(furthest).toBeGreaterThan(0.9 * positions)
    })
    const pushes = states.map((state) => state.subarray(rest.length, rest.length + degrees))
    const count = states.length * degrees
    const deviation = Math.sqrt(pushes.flatMap((v) => [...v]).reduce((sum, v) => sum + v * v, 0) / count)
    const expected = law === 'normal' ? velocities : velocities / Math.sqrt(3)
    // The deviation of the estimate is at most 1 / sqrt(2 · count) of it.
    expect(Math.abs(deviation / expected - 1)).toBeLessThan(5 / Math.sqrt(2 * count))
    const fastest = Math.max(...pushes.map((v) => Math.max(...v.map(Math.abs))))
    if (law === 'uniform') expect(fastest).toBeLessThanOrEqual(velocities * (1 + 1e-6))
    else expect(fastest).toBeGreaterThan(2 * velocities)
    env.close()
  })

  it('tells the parts of its reward', async () => {
    const env = await makeEnv(id)
    env.reset({ seed: 2 })
    const action = Float32Array.from(env.spec.action.high, (high, i) => (i % 2 === 0 ? high : -high / 2))
    for (let t = 0; t < 3; t++) {
      const { reward, info } = env.step(action)
      const parts = Object.entries(info).filter(([name]) => /^reward|Penalty$/.test(name))
      expect(parts.reduce((sum, [, part]) => sum + part, 0)).toBeCloseTo(reward, 12)
    }
    const info = env.reset().info
    expect(Object.keys(info).filter((name) => /^reward|Penalty$/.test(name) && info[name] !== 0)).toEqual([])
    env.close()
  })
})

it('reacher starts near rest with a target anywhere in the disc of 0.2 m', async () => {
  const env = await makeEnv('reacher')
  const radii = initial(env, 500).map((state) => {
    const [a, b, x, y, va, vb, vx, vy] = state
    for (const angle of [a, b]) expect(Math.abs(angle)).toBeLessThanOrEqual(0.1 + 1e-8)
    for (const speed of [va, vb]) expect(Math.abs(speed)).toBeLessThanOrEqual(0.005 + 1e-9)
    expect([vx, vy]).toEqual([0, 0])
    return Math.hypot(x, y)
  })
  expect(Math.max(...radii)).toBeLessThan(0.2)
  expect(Math.max(...radii)).toBeGreaterThan(0.19)
  // Uniform in the disc: the mean square of the radius is half of 0.2².
  const square = radii.reduce((sum, r) => sum + r * r, 0) / radii.length
  expect(Math.abs(square / 0.02 - 1)).toBeLessThan(0.15)
  env.close()
})

it('reacher pays the distance and the squared action, and never terminates', async () => {
  const env = await makeEnv('reacher')
  env.reset({ seed: 3 })
  for (let t = 1; t <= 50; t++) {
    const { reward, info, observation, terminated, truncated } = env.step(Float32Array.of(0.5, -0.5))
    expect(info.rewardControl).toBe(-0.5)
    expect(info.rewardDistance).toBeCloseTo(-Math.hypot(...observation.gap), 6)
    expect(reward).toBe(info.rewardDistance + info.rewardControl)
    expect([terminated, truncated]).toEqual([false, t === 50])
  }
  env.close()
})

it.each(['inverted-pendulum', 'inverted-double-pendulum', 'hopper', 'walker2d', 'ant', 'humanoid'] as const)(
  '%s terminates when it falls, and is not paid for surviving that step',
  async (id) => {
    const env = await makeEnv(id)
    env.reset({ seed: 1 })
    const action = Float32Array.from(env.spec.action.high)
    let step = env.step(action)
    for (let t = 1; t < 1000 && !step.terminated; t++) {
      expect(step.info.rewardSurvive).toBeGreaterThan(0)
      // The ant stands as it is; it has to be lifted.
      const snapshot = env.snapshot()
      const physics = snapshot.physics.slice()
      if (id === 'ant') physics[3] = 1.2
      env.restore({ ...snapshot, physics })
      step = env.step(action)
    }
    expect(step.terminated).toBe(true)
    expect(step.info.rewardSurvive).toBe(0)
    expect(() => env.step(action)).toThrow('must have a running episode')
    env.close()
  },
)
