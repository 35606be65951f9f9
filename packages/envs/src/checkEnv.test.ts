import { describe, expect, it } from 'vitest'
import type { Env, EnvSpec } from '@maxent/core/contracts'
import { liveHandles } from './diagnostics.ts'
import { checkEnv, makeEnv } from './index.ts'

/** An environment of which a part is replaced. */
async function faulty(change: (env: Env) => Partial<Env>): Promise<Env> {
  const env = await makeEnv('multi-goal')
  return { ...env, ...change(env) }
}

const withSpec =
  (spec: Partial<EnvSpec>): ((env: Env) => Partial<Env>) =>
  (env) => ({ spec: { ...env.spec, ...spec } })

const mistakes: readonly (readonly [string, (env: Env) => Partial<Env>, string])[] = [
  [
    'bounds that are equal',
    withSpec({ action: { low: [-1, 1], high: [1, 1] } }),
    'spec.action must have finite low[1] < high[1], got 1 and 1',
  ],
  [
    'a group that is shorter than specified',
    withSpec({ observation: { proprio: 3 } }),
    'reset: observation.proprio must have the length 3 of spec.observation.proprio, got 2',
  ],
  [
    'a group that is missing',
    withSpec({ observation: { proprio: 2, task: 1 } }),
    'reset: observation must have the groups proprio,task of spec.observation in this order, got proprio',
  ],
  [
    'float64 observations',
    (env) => ({
      step: (action) => {
        const step = env.step(action)
        const proprio = Float64Array.from(step.observation.proprio) as unknown as Float32Array
        return { ...step, observation: { proprio } }
      },
    }),
    'step 0: observation.proprio must be a Float32Array',
  ],
  [
    'observations that are not finite',
    (env) => ({
      reset: (options) => ({ ...env.reset(options), observation: { proprio: Float32Array.of(0, NaN) } }),
    }),
    'reset: observation.proprio must be finite, got NaN at index 1',
  ],
  [
    'rewards that are not finite',
    (env) => ({ step: (action) => ({ ...env.step(action), reward: Infinity }) }),
    'step 0: reward must be finite, got Infinity',
  ],
  [
    'no flag of truncation',
    (env) => ({
      step: (action) => ({ ...env.step(action), truncated: undefined as unknown as boolean }),
    }),
    'step 0: terminated and truncated must be booleans, got false and undefined',
  ],
  [
    'seeds that are ignored',
    (env) => ({ reset: () => env.reset() }),
    'the same environment reset again, a trajectory must repeat bit for bit, got observation.proprio[0] = ',
  ],
  [
    'one start for all episodes',
    (env) => ({ reset: (options = {}) => env.reset({ seed: 1, ...options }) }),
    'resets without a seed must draw new starts, got the same start again, let the generator go on when reset has no seed',
  ],
  [
    'truncation where the task ends, away from the time limit',
    (env) => ({
      step: (action) => {
        const step = env.step(action)
        return { ...step, truncated: Math.abs(step.observation.proprio[0]) > 1 }
      },
    }),
    'truncated must come at step 30 of an episode, as spec.maxEpisodeSteps says, got it at',
  ],
  [
    'snapshots that lack a part',
    (env) => {
      let count = 0
      const result = { reward: 0 }
      return {
        step: (action) => Object.assign(result, env.step(action), { reward: count++ }),
      }
    },
    'restored after 0 steps, a trajectory must repeat bit for bit, got reward[0] = ',
  ],
  [
    'snapshots that are no copies',
    (env) => {
      const held: Record<string, Float64Array> = {}
      return {
        snapshot: () => {
          for (const [name, values] of Object.entries(env.snapshot())) {
            held[name] ??= values
            held[name].set(values)
          }
          return held
        },
      }
    },
    'a snapshot must be a copy, got one that later calls change, return slices of the state',
  ],
  [
    'actions that are overwritten',
    (env) => ({
      step: (action) => {
        const step = env.step(action)
        action.fill(0)
        return step
      },
    }),
    'step must leave the action as it is',
  ],
  [
    'actions that are not checked',
    (env) => ({ step: (action) => env.step(action.map((x) => (Number.isFinite(x) ? x : 0))) }),
    'an action with NaN must throw, got no error',
  ],
  [
    'calls after close',
    (env) => ({ close: () => void env.snapshot() }),
    'reset after close must throw, got no error',
  ],
]

describe('checkEnv', () => {
  it.each(['pendulum', 'sparse-navigation', 'hopper'] as const)('finds nothing in %s', async (id) => {
    expect(await checkEnv(() => makeEnv(id), { handles: liveHandles })).toEqual([])
  })

  it.each(mistakes)('finds %s', async (_, change, message) => {
    const problems = await checkEnv(() => faulty(change))
    expect(problems.map((problem) => problem.message).join('\n')).toContain(message)
    for (const { property, error } of problems) {
      expect(property).not.toBe('')
      expect(error).toBeInstanceOf(Error)
    }
  })

  it('tells of specification and values alone when these are wrong', async () => {
    const problems = await checkEnv(() => faulty(withSpec({ id: '', observation: { proprio: 3 } })))
    expect(problems.map(({ property }) => property)).toEqual([
      'has a valid specification',
      'gives finite observations and rewards of the specified shapes',
    ])
  })

  it('finds handles that stay alive, and a second close that throws', async () => {
    let alive = 0
    const leaky = async (): Promise<Env> => {
      alive++
      let closed = false
      return faulty((env) => ({
        close: () => {
          if (closed) throw new Error('closed already')
          closed = true
          env.close()
        },
      }))
    }
    const messages = (await checkEnv(leaky, { handles: () => alive })).map(({ message }) => message)
    expect(messages).toContain('closed already')
    expect(messages.at(-1)).toMatch(/^close: all handles must be freed, got \d+ alive instead of 0 after/)
  })

  it('takes environments in which seeds decide nothing', async () => {
    const same = (): Promise<Env> => faulty((env) => ({ reset: () => env.reset({ seed: 1 }) }))
    const titles = (await checkEnv(same, { seeds: 'nothing' })).map(({ property }) => property)
    expect(titles).not.toContain('gives other trajectories for other seeds')
    expect((await checkEnv(same)).map(({ property }) => property)).toContain(
      'gives other trajectories for other seeds',
    )
  })

  it('tells what an environment throws', async () => {
    const [problem] = await checkEnv(() => Promise.reject(new Error('no such file')))
    expect(problem.message).toBe('no such file')
  })
})
