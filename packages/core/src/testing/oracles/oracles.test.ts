import { describe, expect, it } from 'vitest'
import { envConformance, envChecks } from '../index.ts'
import { normal, key } from '../../keys/index.ts'
import {
  banditEnv,
  banditOptimum,
  boxGibbs,
  constantRewardEnv,
  constantRewardOptimum,
  identityEnv,
  linearQuadraticEnv,
  linearQuadraticOptimum,
  mdpEnv,
} from './index.ts'
import { randomMdp } from '../../tabular/index.ts'

envConformance({ name: 'identity', make: () => identityEnv(3) })
envConformance({ name: 'bandit', make: () => banditEnv(), seeds: 'nothing' })
envConformance({ name: 'constantReward', make: () => constantRewardEnv({ actions: 2 }), seeds: 'nothing' })
envConformance({ name: 'linearQuadratic', make: () => linearQuadraticEnv() })
const process = randomMdp(key(4), { states: 3, actions: 2, successors: 2, gamma: 0.9 })
const large = randomMdp(key(5), { states: 200, actions: 3, successors: 4, gamma: 0.9 })
envConformance({ name: 'mdp', make: () => mdpEnv(large) })

describe('oracle environments', () => {
  it('mdp follows the probabilities of its process, pays its reward, and ends as often as its discount says', () => {
    const ending = { ...process, discount: new Float64Array(6).fill(0.75) }
    const env = mdpEnv(ending, { maxEpisodeSteps: 1 })
    const [pairs, ends, next] = [new Float64Array(6), new Float64Array(6), new Float64Array(18)]
    env.reset({ seed: 3 })
    for (let i = 0; i < 12_000; i++) {
      const row = env.reset().observation.state.indexOf(1) * 2 + (i % 2)
      const { observation, reward, terminated } = env.step(Float32Array.of(i % 2))
      expect(reward).toBe(process.rewards[0][row])
      pairs[row]++
      if (terminated) ends[row]++
      else next[row * 3 + observation.state.indexOf(1)]++
    }
    const probability = process.transitions.probability
    for (let row = 0; row < 6; row++) {
      expect(Math.abs(ends[row] / pairs[row] - 0.25)).toBeLessThan(0.04)
      for (let to = 0; to < 3; to++) {
        const share = next[row * 3 + to] / pairs[row]
        expect(Math.abs(share - 0.75 * probability[row * 3 + to])).toBeLessThan(0.04)
      }
    }
  })

  it('mdp starts where it is told, as often as it is told', () => {
    const env = mdpEnv(process, { initial: Float64Array.of(0.25, 0, 0.75) })
    const starts = new Float64Array(3)
    env.reset({ seed: 1 })
    for (let i = 0; i < 4_000; i++) starts[env.reset().observation.state.indexOf(1)]++
    expect(starts[1]).toBe(0)
    expect(Math.abs(starts[0] / 4_000 - 0.25)).toBeLessThan(0.03)
    expect(() => mdpEnv(process, { initial: Float64Array.of(1, 1, 1) })).toThrow('mdpEnv')
  })

  it('identity pays nothing for the state itself and the squared distance else', () => {
    const env = identityEnv(2)
    const { observation } = env.reset({ seed: 1 })
    const [x, y] = observation.state
    expect(env.step(Float32Array.of(x, y)).reward).toBeCloseTo(0, 12)
    env.reset({ seed: 1 })
    expect(env.step(Float32Array.of(x, y + 0.5)).reward).toBeCloseTo(-0.25, 6)
  })

  it('bandit pays by distance from its peak', () => {
    const env = banditEnv({ peak: -0.5, curvature: 4 })
    env.reset()
    expect(env.step(Float32Array.of(0.5)).reward).toBe(-2)
  })

  it('constantReward pays the same until its time limit', () => {
    const env = constantRewardEnv({ reward: 3, maxEpisodeSteps: 2 })
    env.reset()
    expect(env.step(Float32Array.of(1))).toMatchObject({ reward: 3, terminated: false, truncated: false })
    expect(env.step(Float32Array.of(-1))).toMatchObject({ reward: 3, terminated: false, truncated: true })
  })

  it('linearQuadratic follows its equations', () => {
    const env = linearQuadraticEnv({ drift: 0.9, push: 2, stateCost: 3, actionCost: 5, noise: 0 })
    const [x] = env.reset({ seed: 4 }).observation.state
    const { reward, observation } = env.step(Float32Array.of(0.25))
    expect(reward).toBeCloseTo(-(3 * x * x + 5 / 16), 5)
    expect(observation.state[0]).toBeCloseTo(0.9 * x + 0.5, 6)
  })

  it('refuse to restore a snapshot of another environment', () => {
    const env = identityEnv(2)
    expect(() => env.restore(banditEnv().snapshot())).toThrow(
      'restore: snapshot.state must have length 2, got 1',
    )
    expect(() => env.restore({})).toThrow('restore: snapshot.state must have length 2, got nothing')
  })
})

describe('closed forms', () => {
  it('boxGibbs is uniform for a constant reward, with value reward + alpha log 2', () => {
    const { value, mean, std, density } = boxGibbs(() => 3, 0.5)
    expect(value).toBeCloseTo(3 + 0.5 * Math.LN2, 12)
    expect(mean).toBeCloseTo(0, 12)
    expect(std).toBeCloseTo(Math.sqrt(1 / 3), 10)
    expect([density(0.3), density(1.1)]).toEqual([expect.closeTo(0.5, 10), 0])
  })

  it('boxGibbs tends to the best reward for small alpha', () => {
    expect(boxGibbs((a) => -((a - 0.4) ** 2), 1e-4).value).toBeCloseTo(0, 3)
  })

  it('refuses an entropy weight of zero', () => {
    expect(() => boxGibbs(() => 0, 0)).toThrow('boxGibbs: alpha must be positive, got 0')
  })

  it('the bandit optimum is the normal distribution of variance alpha / k where the bounds are far', () => {
    const { value, mean, std } = banditOptimum({ peak: 0.1, curvature: 50, alpha: 0.5 })
    expect(mean).toBeCloseTo(0.1, 8)
    expect(std).toBeCloseTo(0.1, 8)
    expect(value).toBeCloseTo(0.25 * Math.log((2 * Math.PI * 0.5) / 50), 8)
  })

  it('the constant-reward values satisfy the soft Bellman equation', () => {
    const { value, q, entropy } = constantRewardOptimum({ reward: 2, actions: 3, alpha: 0.5, gamma: 0.9 })
    expect(entropy).toBeCloseTo(3 * Math.log(2), 12)
    expect(value).toBeCloseTo(q + 0.5 * entropy, 12)
    expect(q).toBeCloseTo(2 + 0.9 * value, 12)
  })

  it('the linear-quadratic values satisfy the soft Bellman equation at every state', () => {
    const options = {
      drift: 1.1,
      push: 0.7,
      stateCost: 1,
      actionCost: 0.4,
      noise: 0.1,
      alpha: 0.2,
      gamma: 0.95,
    }
    const { value, gain, std } = linearQuadraticOptimum(options)
    for (const x of [-1, 0, 0.5, 2]) {
      const nextValue = (u: number): number => value(1.1 * x + 0.7 * u) + (value(0.1) - value(0))
      const q = (u: number): number => -(x * x + 0.4 * u * u) + 0.95 * nextValue(u)
      const points = Array.from({ length: 40_001 }, (_, i) => (i - 20_000) / 2000)
      const weights = points.map((u) => Math.exp((q(u) - q(-gain * x)) / 0.2))
      const mass = weights.reduce((sum, w) => sum + w, 0)
      expect(q(-gain * x) + 0.2 * Math.log(mass / 2000)).toBeCloseTo(value(x), 8)
      const mean = points.reduce((sum, u, i) => sum + u * weights[i], 0) / mass
      const variance = points.reduce((sum, u, i) => sum + (u - mean) ** 2 * weights[i], 0) / mass
      expect(mean).toBeCloseTo(-gain * x, 8)
      expect(Math.sqrt(variance)).toBeCloseTo(std, 8)
    }
  })

  it('the linear-quadratic optimum without entropy is the value that its own policy collects', () => {
    const { gain, value } = linearQuadraticOptimum({ noise: 0, alpha: 0, gamma: 0.9 })
    let x = 0.8
    let collected = 0
    for (let t = 0; t < 400; t++) {
      const u = -gain * x
      collected -= 0.9 ** t * (x * x + 0.5 * u * u)
      x += 0.5 * u
    }
    expect(collected).toBeCloseTo(value(0.8), 10)
  })
})

describe('envConformance', () => {
  const failing = async (make: () => ReturnType<typeof linearQuadraticEnv>): Promise<string[]> => {
    const failed: string[] = []
    for (const { title, run } of envChecks({ make })) {
      try {
        await run()
      } catch {
        failed.push(title)
      }
    }
    return failed
  }
  const base = linearQuadraticEnv

  it('passes an environment that keeps the contract', async () => {
    expect(await failing(() => base())).toEqual([])
  })

  const mutants: [string, () => ReturnType<typeof base>, string][] = [
    [
      'a forgotten generator in its snapshots',
      () => {
        const env = base()
        const snapshot = env.snapshot()
        return { ...env, restore: (s) => env.restore({ ...s, generator: snapshot.generator }) }
      },
      'continues bit for bit from a snapshot, through resets',
    ],
    [
      'snapshots that change later',
      () => {
        const env = base()
        const shared = env.snapshot().state
        return {
          ...env,
          snapshot: () => ({ ...env.snapshot(), state: (shared.set(env.snapshot().state), shared) }),
        }
      },
      'continues bit for bit from a snapshot, through resets',
    ],
    [
      'a seed that it ignores',
      () => {
        const env = base()
        return { ...env, reset: () => env.reset({ seed: 1 }) }
      },
      'gives other trajectories for other seeds',
    ],
    [
      'state outside of the seed',
      () => {
        const env = base()
        return { ...env, reset: () => env.reset() }
      },
      'repeats a trajectory from its seed',
    ],
    [
      'a start that never changes',
      () => {
        const env = base()
        return { ...env, reset: (options) => env.reset({ seed: options?.seed ?? 5 }) }
      },
      'goes on with its generator when reset without a seed',
    ],
    [
      'a time limit one step late',
      () => {
        const env = base({ maxEpisodeSteps: 21 })
        return { ...env, spec: { ...env.spec, maxEpisodeSteps: 20 } }
      },
      'truncates at its time limit, and only there',
    ],
    [
      'a time limit one step early',
      () => {
        const env = base({ maxEpisodeSteps: 19 })
        return { ...env, spec: { ...env.spec, maxEpisodeSteps: 20 } }
      },
      'truncates at its time limit, and only there',
    ],
    [
      'actions that it takes at any length',
      () => {
        const env = base()
        return { ...env, step: (action) => env.step(Float32Array.of(action[0] ?? 0)) }
      },
      'refuses actions of a wrong length and actions that are not finite, and stays as it was',
    ],
    [
      'an infinite action taken as a bound',
      () => {
        const env = base()
        return {
          ...env,
          step: (action) => env.step(action.map((a) => (Number.isNaN(a) ? a : Math.min(Math.max(a, -1), 1)))),
        }
      },
      'refuses actions of a wrong length and actions that are not finite, and stays as it was',
    ],
    [
      'an action that it clips in place',
      () => {
        const env = base()
        return { ...env, step: (action) => env.step(action.fill(0)) }
      },
      'neither changes nor keeps the action',
    ],
    [
      'steps after the end',
      () => {
        const env = base()
        const last = {
          observation: { state: new Float32Array(1) },
          reward: 0,
          terminated: true,
          truncated: false,
          info: {},
        }
        const step: typeof env.step = (action) => {
          try {
            return env.step(action)
          } catch (error) {
            if (error instanceof RangeError) throw error
            return last
          }
        }
        return { ...env, step }
      },
      'refuses to step before the first reset and after the end',
    ],
    [
      'calls after close',
      () => {
        const env = base()
        return { ...env, close: () => undefined }
      },
      'refuses every call after close',
    ],
    [
      'a reward that is not finite',
      () => {
        const env = base()
        return { ...env, step: (action) => ({ ...env.step(action), reward: NaN }) }
      },
      'gives finite observations and rewards of the specified shapes',
    ],
    [
      'a group that is longer than specified',
      () => {
        const env = base()
        return { ...env, spec: { ...env.spec, observation: { state: 2 } } }
      },
      'gives finite observations and rewards of the specified shapes',
    ],
    [
      'bounds the wrong way round',
      () => {
        const env = base()
        return { ...env, spec: { ...env.spec, action: { low: [1], high: [-1] } } }
      },
      'has a valid specification',
    ],
    [
      'a seed that it rounds',
      () => {
        const env = base()
        return {
          ...env,
          reset: (options) =>
            env.reset(options?.seed === undefined ? {} : { seed: Math.abs(Math.floor(options.seed) || 0) }),
        }
      },
      'refuses seeds that are not integers from 0 to 2^53 − 1',
    ],
  ]
  it.each(mutants)('catches %s', async (_, make, title) => {
    expect(await failing(make)).toContain(title)
  })

  it('catches a buffer that all environments of a kind share', async () => {
    const noise = normal(key(1), 1000)
    let count = 0
    const make = (): ReturnType<typeof base> => {
      const env = base()
      return { ...env, step: (action) => ({ ...env.step(action), reward: noise[count++ % 1000] }) }
    }
    expect(await failing(make)).toContain('is not disturbed by another environment of its kind')
  })
})
