import { vi, describe, expect, it } from 'vitest'
import type { Env, StepResult } from '@maxent/core'
import { rollOut, type RolloutsRequest } from './rollouts.ts'

/** Moves by its action along x from the place 5, for 25 steps or until it is below 0; pays the action. */
function line(groups: readonly string[]): Env {
  let [x, steps] = [0, 0]
  const observation = (): StepResult['observation'] => ({
    ...(groups.includes('centre') && { centre: Float32Array.of(x, 1, 9) }),
    ...(groups.includes('pose') && { pose: Float32Array.of(x, 2, 0, 1) }),
    ...(groups.includes('hand') && { hand: Float32Array.of(9, x, 3) }),
  })
  const spec = {
    id: 'line',
    observation: Object.fromEntries(groups.map((name) => [name, name === 'pose' ? 4 : 3])),
    action: { low: [-1], high: [1] },
  }
  return {
    spec,
    reset: ({ task } = {}) => {
      ;[x, steps] = [(task as number | undefined) ?? 5, 0]
      return { observation: observation(), info: { x } }
    },
    step: ([action]) => {
      x += action
      steps++
      return {
        observation: observation(),
        reward: action,
        terminated: x < 0,
        truncated: steps === 25,
        info: { x },
      }
    },
    snapshot: () => ({}),
    restore: () => undefined,
    close: () => undefined,
  }
}

const request = (given: Partial<RolloutsRequest>): RolloutsRequest => ({
  env: line(['centre', 'pose']),
  policy: () => Float32Array.of(1),
  count: 1,
  gamma: 0.5,
  seed: 1,
  signal: new AbortController().signal,
  ...given,
})

describe('rolled out episodes', () => {
  it('have discounted return, mean reward, and the extremes of what is told', async () => {
    const actions = [2, -1, -1, -7]
    const policy = vi.fn(() => Float32Array.of(actions[(policy.mock.calls.length - 1) % 4]))
    const rollouts = await rollOut(request({ policy, count: 2 }))
    expect(rollouts).toHaveLength(2)
    for (const { steps, meanReward, discountedReturn, info } of rollouts) {
      expect(steps).toBe(4)
      expect(meanReward).toBe(-7 / 4)
      expect(discountedReturn).toBe(2 - 1 / 2 - 1 / 4 - 7 / 8)
      expect(info).toEqual({ x: { last: -2, least: -2, most: 7 } })
    }
  })

  it('have the places of the start, of every tenth step and of the end: the centre of mass, or else the root', async () => {
    const [both] = await rollOut(request({}))
    expect(both.path).toEqual([
      [5, 1],
      [15, 1],
      [25, 1],
      [30, 1],
    ])
    const [root] = await rollOut(request({ env: line(['pose']) }))
    expect(root.path.at(-1)).toEqual([30, 2])
    expect(root.startHeading).toBeCloseTo(Math.PI / 2, 12)
    const [blind] = await rollOut(request({ env: line([]) }))
    expect([blind.path, blind.startHeading]).toEqual([[], 0])
  })

  it('have the hand where nothing else is seen, as one sees it who faces the robot', async () => {
    const [{ path }] = await rollOut(request({ env: line(['hand']) }))
    expect(path[0]).toEqual([5, 3])
    expect(path.at(-1)).toEqual([30, 3])
  })

  it('begin each on its own, or all as the first', async () => {
    const startsOf = async (oneStart?: boolean): Promise<unknown[]> => {
      const env = line(['pose'])
      const reset = vi.spyOn(env, 'reset')
      await rollOut(request({ env, count: 3, oneStart }))
      return reset.mock.calls.map(([options]) => options?.seed)
    }
    const own = await startsOf()
    expect(new Set(own).size).toBe(3)
    expect(await startsOf(true)).toEqual([own[0], own[0], own[0]])
  })

  it('have the tasks that are given, one each', async () => {
    const rollouts = await rollOut(request({ count: 3, tasks: [0, 100, 7] }))
    expect(rollouts.map(({ info }) => info.x.last)).toEqual([25, 125, 32])
  })

  it('leave the first steps out of the least and the most, and not the last', async () => {
    const actions = [9, -12, 1, 1, 1]
    const policy = vi.fn(() => Float32Array.of(actions[(policy.mock.calls.length - 1) % 5]))
    const found = async (since?: number): Promise<unknown> => {
      policy.mockClear()
      const env = line(['pose'])
      const short: Env = {
        ...env,
        step: (action) => ({ ...env.step(action), terminated: policy.mock.calls.length === 5 }),
      }
      const [{ info }] = await rollOut(request({ env: short, policy, ...(since !== undefined && { since }) }))
      return info.x
    }
    expect(await found()).toEqual({ last: 5, least: 2, most: 14 })
    expect(await found(2)).toEqual({ last: 5, least: 3, most: 5 })
  })

  it('end early with the reason of the signal', async () => {
    const controller = new AbortController()
    controller.abort(new Error('asked to stop'))
    await expect(rollOut(request({ signal: controller.signal }))).rejects.toThrow('asked to stop')
  })
})
