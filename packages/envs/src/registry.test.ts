import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import type { EnvId } from './index.ts'
import { envId, listEnvs, makeEnv } from './index.ts'
import { locomotion } from './locomotion.ts'
import { manipulation } from './manipulation.ts'
import { navigation } from './navigation.ts'

const run = promisify(execFile)

const locomotionIds = Object.keys(locomotion)
const navigationIds = Object.keys(navigation)
const ids = listEnvs().map(({ id }) => id)

/** Prints for each environment a hash of 300 steps with actions that depend on the step alone. */
const TRAJECTORIES = `
  import { createHash } from 'node:crypto'
  import { listEnvs, makeEnv } from '@maxent/envs'
  for (const { id } of listEnvs()) {
    const env = await makeEnv(id)
    const hash = createHash('sha256')
    env.reset({ seed: 11 })
    for (let t = 0; t < 300; t++) {
      const action = Float32Array.from(env.spec.action.high, (h, i) => h * (((t * 7 + i * 5) % 11) / 5 - 1))
      const { observation, reward, terminated, truncated } = env.step(action)
      for (const group of Object.values(observation)) hash.update(group)
      hash.update(Float64Array.of(reward))
      if (terminated || truncated) env.reset()
    }
    for (const part of Object.values(env.snapshot())) hash.update(part)
    console.log(id, hash.digest('hex'))
    env.close()
  }`

describe('the registry', () => {
  it('lists what the environments are, as they are', async () => {
    expect(ids).toEqual([
      'pendulum',
      'inverted-pendulum',
      'inverted-double-pendulum',
      'reacher',
      'pusher',
      'swimmer',
      'hopper',
      'walker2d',
      'half-cheetah',
      'ant',
      'humanoid',
      ...locomotionIds,
      ...navigationIds,
      ...Object.keys(manipulation),
      'multi-goal',
      'multi-goal-gaussians',
      'sparse-navigation',
      'grid-diagonal',
      'grid-target-1',
      'grid-target-2',
      'grid-target-4',
      'grid-target-8',
    ])
    for (const info of listEnvs()) {
      const env = await makeEnv(info.id)
      expect(env.spec.id).toBe(info.id)
      expect(env.spec.observation).toEqual(info.observation)
      expect(env.spec.action.high).toHaveLength(info.actionSize)
      expect(env.spec.maxEpisodeSteps).toBe(info.maxEpisodeSteps)
      expect(info.rewardSource).not.toBe('')
      const { observation } = env.reset({ seed: 0 })
      expect(
        Object.fromEntries(Object.entries(observation).map(([name, { length }]) => [name, length])),
      ).toEqual(info.observation)
      env.close()
    }
  })

  it('tells the nearest known name of an unknown one', async () => {
    expect(envId('pendulum')).toBe('pendulum')
    const message = `envId: name must be one of ${ids.join(', ')}, got "half-chetah", did you mean "half-cheetah"?`
    expect(() => envId('half-chetah')).toThrow(new RangeError(message))
    await expect(makeEnv('half-chetah' as EnvId)).rejects.toThrow(message)
    expect(() => envId('Pendulum-v1')).toThrow('did you mean "pendulum"?')
    expect(() => envId('toString')).toThrow(RangeError)
  })

  it('refuses a time limit that is no positive integer', async () => {
    for (const maxEpisodeSteps of [0, -1, 1.5, NaN, Infinity]) {
      await expect(makeEnv('pendulum', { maxEpisodeSteps })).rejects.toThrow(
        new RangeError(`makeEnv: maxEpisodeSteps must be a positive integer, got ${maxEpisodeSteps}`),
      )
    }
  })

  it('refuses options that it does not know, with those that there are', async () => {
    await expect(makeEnv('pendulum', { maxSteps: 3 } as never)).rejects.toThrow(
      new RangeError(
        'makeEnv: options must be maxEpisodeSteps, vision or width, got "maxSteps", did you mean "maxEpisodeSteps"?',
      ),
    )
  })

  it('every environment repeats itself in another process', async () => {
    const [first, second] = await Promise.all(
      [1, 2].map(async () => {
        const flags = ['--conditions=@maxent/source', '--input-type=module', '--eval', TRAJECTORIES]
        const { stdout } = await run(process.execPath, flags, { cwd: new URL('..', import.meta.url) })
        return stdout.trim().split('\n')
      }),
    )
    first.forEach((line, i) => expect(line).toMatch(new RegExp(`^${ids[i]} [0-9a-f]{64}$`)))
    expect(first).toHaveLength(ids.length)
    expect(second).toEqual(first)
  })

  it.each(ids)('%s starts as its seed says, and elsewhere in the next episode', async (id) => {
    const env = await makeEnv(id)
    const start = (seed?: number): number[] =>
      Object.values(env.reset(seed === undefined ? {} : { seed }).observation).flatMap((group) => [...group])
    const unseeded = start()
    expect(start(0)).toEqual(unseeded)
    const first = start(1)
    const second = start()
    expect(second).not.toEqual(first)
    expect(start(2)).not.toEqual(first)
    expect(start(1)).toEqual(first)
    expect(start()).toEqual(second)
    env.close()
  })
})
