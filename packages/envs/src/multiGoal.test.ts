import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Env } from '@maxent/core/contracts'
import { multiGoal, multiGoals, nextStateDistribution, solveByQuadrature } from '@maxent/core/tabular'
import { makeEnv } from './index.ts'

let env: Env
beforeAll(async () => {
  env = await makeEnv('multi-goal')
})
afterAll(() => env.close())

const at = (x: number, y: number): void => {
  env.reset({ seed: 0 })
  env.restore({ ...env.snapshot(), state: Float64Array.of(x, y) })
}

it('pays the released quadratic reward', () => {
  at(3, 1)
  const { reward, info, terminated, observation } = env.step(Float32Array.of(0.5, -1))
  // At (3.5, 0): 1.5 from the goal (5, 0).
  expect([...observation.proprio]).toEqual([3.5, 0])
  expect(reward).toBe(-30 * 1.25 - 2.25)
  expect(info).toEqual({ goal: 0, rewardControl: -37.5, rewardDistance: -2.25, rewardGoal: 0 })
  expect(terminated).toBe(false)
  const last = env.step(Float32Array.of(1, 0))
  expect(last.reward).toBe(-30 - 0.25 + 10)
  expect(last.terminated).toBe(true)
})

it('clips actions and positions', () => {
  at(6.5, 6.5)
  const { reward, observation } = env.step(Float32Array.of(100, -3))
  expect([...observation.proprio]).toEqual([7, 5.5])
  expect(reward).toBe(-60 - (2 ** 2 + 5.5 ** 2))
})

it('steps as the problem that the exact solver takes', () => {
  const { step } = multiGoal()
  env.reset({ seed: 4 })
  for (let t = 0; t < 200; t++) {
    const [x, y] = env.snapshot().state
    const action = Float32Array.of(2 * Math.random() - 1, 2 * Math.random() - 1)
    const expected = step([x, y], [...action])
    const { reward, terminated, truncated } = env.step(action)
    expect([...env.snapshot().state]).toEqual([...expected.next])
    expect(reward).toBeCloseTo(expected.reward, 10)
    expect(terminated).toBe(expected.discount === 0)
    if (terminated || truncated) env.reset()
  }
})

it('starts around the middle with deviation 0.1', () => {
  const squares = Array.from({ length: 500 }, (_, seed) => {
    const [x, y] = env.reset({ seed }).observation.proprio
    return x * x + y * y
  })
  const deviation = Math.sqrt(squares.reduce((sum, s) => sum + s, 0) / 1000)
  expect(Math.abs(deviation / 0.1 - 1)).toBeLessThan(0.1)
})

describe('the mixture of Gaussians', () => {
  it('pays the bumps, and ends nowhere but at the time limit', async () => {
    const gaussian = await makeEnv('multi-goal-gaussians')
    const { step } = multiGoal({ reward: { kind: 'gaussians', width: 1, actionCost: 0 } })
    gaussian.reset({ seed: 4 })
    for (let t = 1; t <= 20; t++) {
      const [x, y] = gaussian.snapshot().state
      const action = Float32Array.of(1, (t % 3) - 1)
      const expected = step([x, y], [...action])
      const { reward, terminated, truncated } = gaussian.step(action)
      expect([...gaussian.snapshot().state]).toEqual([...expected.next])
      expect(reward).toBeCloseTo(expected.reward, 12)
      expect([terminated, truncated]).toEqual([false, t === 20])
    }
    gaussian.reset()
    gaussian.restore({ ...gaussian.snapshot(), state: Float64Array.of(5, 0) })
    const { reward, info } = gaussian.step(Float32Array.of(0, 0))
    expect(reward).toBeCloseTo(1, 10)
    expect(info).toEqual({ goal: 0 })
    gaussian.close()
  })

  it('at its entropy weight of 0.1 leads to every goal as often, even on a coarse grid', () => {
    const reward = { kind: 'gaussians', width: 1, actionCost: 0 } as const
    const grid = { stateNodes: 29, actionNodes: 6, alpha: 0.1, gamma: 0.99 }
    const { problem, solution, positions } = solveByQuadrature(multiGoal({ ...grid, reward }), {
      tolerance: 0.5,
    })
    let state: Float64Array = Float64Array.from(positions, ([x, y]) => (x === 0 && y === 0 ? 1 : 0))
    for (let t = 0; t < 20; t++) state = nextStateDistribution(problem.mdp, solution.policy, state)
    const arrived = multiGoals.map(([x, y]) =>
      positions.reduce((sum, [u, v], s) => sum + (Math.hypot(u - x, v - y) < 1 ? state[s] : 0), 0),
    )
    for (const share of arrived) expect(Math.abs(share - 0.234)).toBeLessThan(0.01)
  })

  it('has bumps as wide as it was told', async () => {
    const wide = await makeEnv('multi-goal-gaussians', { width: 2, maxEpisodeSteps: 5 })
    expect(wide.spec.maxEpisodeSteps).toBe(5)
    wide.reset({ seed: 4 })
    wide.restore({ ...wide.snapshot(), state: Float64Array.of(0, 0) })
    // 5 from each of the four goals.
    expect(wide.step(Float32Array.of(0, 0)).reward).toBeCloseTo(4 * Math.exp(-25 / 8), 12)
    wide.close()
  })

  it('alone has a width', async () => {
    // @ts-expect-error: the types say so, too.
    await expect(makeEnv('multi-goal', { width: 2 })).rejects.toThrow(
      new RangeError('makeEnv: width must be left out for "multi-goal", got 2, take "multi-goal-gaussians"'),
    )
  })

  it.each([0, -1, NaN, Infinity])('cannot have the width %d', async (width) => {
    await expect(makeEnv('multi-goal-gaussians', { width })).rejects.toThrow(
      new RangeError(`makeEnv: width must be positive, got ${width}, 1 is the default`),
    )
  })
})
