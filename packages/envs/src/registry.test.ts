import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import type { EnvId } from './index.ts'
import { envId, listEnvs, makeEnv } from './index.ts'

const run = promisify(execFile)

/** Prints a hash of 300 steps with actions that depend on the step alone. */
const TRAJECTORY = `
  import { createHash } from 'node:crypto'
  import { makeEnv } from '@maxent/envs'
  const env = await makeEnv(process.argv[1])
  const hash = createHash('sha256')
  env.reset({ seed: 11 })
  for (let t = 0; t < 300; t++) {
    const action = Float32Array.from(env.spec.action.high, (h, i) => h * (((t * 7 + i * 5) % 11) / 5 - 1))
    const { observation, reward, truncated } = env.step(action)
    hash.update(observation.proprio).update(Float64Array.of(reward))
    if (truncated) hash.update(env.reset().observation.proprio)
  }
  for (const part of Object.values(env.snapshot())) hash.update(part)
  console.log(hash.digest('hex'))`

describe('the registry', () => {
  it('lists what the environments are, as they are', async () => {
    expect(listEnvs().map(({ id }) => id)).toEqual(['pendulum', 'half-cheetah'])
    for (const info of listEnvs()) {
      const env = await makeEnv(info.id)
      expect(env.spec.id).toBe(info.id)
      expect(env.spec.observation).toEqual(info.observation)
      expect(env.spec.action.high).toHaveLength(info.actionSize)
      expect(env.spec.maxEpisodeSteps).toBe(info.maxEpisodeSteps)
      expect(info.rewardSource).toMatch(/^Gymnasium /)
      const { observation } = env.reset({ seed: 0 })
      expect(
        Object.fromEntries(Object.entries(observation).map(([name, { length }]) => [name, length])),
      ).toEqual(info.observation)
      env.close()
    }
  })

  it('tells the nearest known name of an unknown one', async () => {
    expect(envId('pendulum')).toBe('pendulum')
    const message =
      'envId: name must be one of pendulum, half-cheetah, got "half-chetah", did you mean "half-cheetah"?'
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

  it.each(['pendulum', 'half-cheetah'] as const)('%s repeats itself in another process', async (id) => {
    const hashes = await Promise.all(
      [1, 2].map(async () => {
        const flags = ['--conditions=@maxent/source', '--input-type=module', '--eval', TRAJECTORY, id]
        const { stdout } = await run(process.execPath, flags, { cwd: new URL('..', import.meta.url) })
        return stdout.trim()
      }),
    )
    expect(hashes[0]).toMatch(/^[0-9a-f]{64}$/)
    expect(hashes[1]).toBe(hashes[0])
  })

  it.each(['pendulum', 'half-cheetah'] as const)(
    '%s starts as its seed says, and elsewhere in the next episode',
    async (id) => {
      const env = await makeEnv(id)
      const start = (seed?: number): Float32Array =>
        env.reset(seed === undefined ? {} : { seed }).observation.proprio.slice()
      const unseeded = start()
      expect(start(0)).toEqual(unseeded)
      const first = start(1)
      const second = start()
      expect(second).not.toEqual(first)
      expect(start(2)).not.toEqual(first)
      expect(start(1)).toEqual(first)
      expect(start()).toEqual(second)
      env.close()
    },
  )
})
