import { describe, expect, it } from 'vitest'
import { limitTime, makeEnv, rescaleActions, selectGroups, vectorEnv } from './index.ts'
import type { EnvId, VectorEnv } from './index.ts'

const make = async (id: EnvId, size: number): Promise<VectorEnv> =>
  vectorEnv(await Promise.all(Array.from({ length: size }, () => makeEnv(id))))

const actionsAt = (t: number, length: number): Float32Array =>
  Float32Array.from({ length }, (_, i) => Math.sin(1 + i + t))

describe('a vector of environments', () => {
  it.each(['hopper', 'grid-diagonal', 'multi-goal'] as const)(
    'steps each %s as it runs alone, through ends of episodes',
    async (id) => {
      const alone = await Promise.all([makeEnv(id), makeEnv(id), makeEnv(id)])
      const together = await make(id, 3)
      const size = together.spec.action.low.length
      together.reset({ seed: 5 })
      const start = together.snapshot()
      for (const [i, env] of alone.entries()) {
        const own = Object.entries(start).filter(([name]) => name.startsWith(`${i}.`))
        env.restore(Object.fromEntries(own.map(([name, values]) => [name.slice(2), values])))
      }
      let ends = 0
      for (let t = 0; t < 250; t++) {
        const actions = actionsAt(t, 3 * size)
        const batch = together.step(actions)
        for (const [i, env] of alone.entries()) {
          const step = env.step(actions.subarray(i * size, (i + 1) * size))
          expect([batch.reward[i], batch.terminated[i], batch.truncated[i]]).toEqual([
            step.reward,
            Number(step.terminated),
            Number(step.truncated),
          ])
          const width = step.features?.length ?? 0
          expect(batch.features?.slice(i * width, (i + 1) * width)).toEqual(step.features)
          const rowOf = (values: Float32Array, length: number): Float32Array =>
            values.slice(i * length, (i + 1) * length)
          for (const [name, length] of Object.entries(env.spec.observation))
            expect(rowOf(batch.nextObservation[name], length)).toEqual(step.observation[name])
          const ended = step.terminated || step.truncated
          if (ended) ends++
          const now = ended ? env.reset().observation : step.observation
          for (const [name, length] of Object.entries(env.spec.observation))
            expect(rowOf(batch.observation[name], length)).toEqual(now[name])
        }
      }
      expect(ends).toBeGreaterThan(2)
      together.close()
      for (const env of alone) env.close()
    },
  )

  it('gives every environment a seed of its own, the same each time', async () => {
    const env = await make('pendulum', 4)
    const first = env.reset({ seed: 1 }).observation.proprio.slice()
    expect(new Set([0, 1, 2, 3].map((i) => first[3 * i])).size).toBe(4)
    const others = env.reset({ seed: 2 }).observation.proprio.slice()
    expect(others.filter((x) => first.includes(x))).toHaveLength(0)
    expect(env.reset().observation.proprio).not.toEqual(others)
    expect(env.reset({ seed: 1 }).observation.proprio).toEqual(first)
    env.close()
  })

  it('starts every environment elsewhere without a seed too, as with the seed 0', async () => {
    const [env, seeded] = [await make('pendulum', 3), await make('pendulum', 3)]
    const first = env.reset().observation.proprio.slice()
    expect(first).toEqual(seeded.reset({ seed: 0 }).observation.proprio)
    expect(new Set([0, 1, 2].map((i) => first[3 * i])).size).toBe(3)
    expect(env.reset().observation.proprio).toEqual(seeded.reset().observation.proprio)
    // What was restored goes on where it stood.
    const other = await make('pendulum', 3)
    other.restore(seeded.snapshot())
    expect(other.reset().observation.proprio).toEqual(seeded.reset().observation.proprio)
    for (const one of [env, seeded, other]) one.close()
  })

  it('continues bit for bit from a snapshot, with more than ten environments', async () => {
    const [env, other] = [await make('multi-goal', 12), await make('multi-goal', 12)]
    const run = (from: VectorEnv): number[] =>
      Array.from({ length: 60 }, (_, t) => [...from.step(actionsAt(t, 24)).reward]).flat()
    env.reset({ seed: 3 })
    run(env)
    const snapshot = env.snapshot()
    const first = run(env)
    env.restore(snapshot)
    expect(run(env)).toEqual(first)
    other.restore(snapshot)
    expect(run(other)).toEqual(first)
    env.close()
    other.close()
  })

  it('gives the same record and arrays each step, of which every row is written', async () => {
    const env = await make('pendulum', 2)
    env.reset({ seed: 1 })
    const first = env.step(Float32Array.of(1, -1))
    const [reward, proprio] = [first.reward, first.observation.proprio]
    const second = env.step(Float32Array.of(1, -1))
    expect([second, second.reward, second.observation.proprio]).toEqual([first, reward, proprio])
    expect(second).toBe(first)
    expect(second.reward).toBe(reward)
    env.close()
  })

  it('refuses actions that do not fit before any environment moves', async () => {
    const env = await make('multi-goal', 2)
    env.reset({ seed: 1 })
    const before = env.snapshot()
    expect(() => env.step(new Float32Array(3))).toThrow(
      new RangeError('step: actions must have the length 4 (2 rows of 2), got 3'),
    )
    expect(() => env.step(Float32Array.of(0, 0, 0, NaN))).toThrow(
      new RangeError('step: actions must be finite, got NaN at index 1 of row 1'),
    )
    expect(env.snapshot()).toEqual(before)
    env.close()
    expect(() => env.step(new Float32Array(4))).toThrow('got a closed environment')
  })

  it('refuses seeds that are none before any environment is reset', async () => {
    const env = await make('pendulum', 2)
    env.reset({ seed: 1 })
    const before = env.snapshot()
    for (const seed of [-1, 0.5, NaN]) expect(() => env.reset({ seed })).toThrow(RangeError)
    expect(env.snapshot()).toEqual(before)
    env.close()
  })

  it('refuses snapshots of more or fewer environments, and changes nothing then', async () => {
    const [two, three] = [await make('multi-goal', 2), await make('multi-goal', 3)]
    two.reset({ seed: 1 })
    three.reset({ seed: 2 })
    for (const [env, other, counts] of [
      [two, three, 'of 2 environments, got one of 3'],
      [three, two, 'of 3 environments, got one of 2'],
    ] as const) {
      const before = env.snapshot()
      expect(() => env.restore(other.snapshot())).toThrow(
        new RangeError(`restore: snapshot must be ${counts}, take it from a vector of as many`),
      )
      expect(env.snapshot()).toEqual(before)
    }
    expect(() => two.restore({ key: new Float64Array(2) })).toThrow('must be of 2 environments, got one of 0')
    two.close()
    three.close()
  })

  it.each(['reset', 'step'] as const)(
    'names environment, group and lengths of a row that does not fit in %s',
    async (call) => {
      for (const length of [2, 4]) {
        const [first, second, third] = await Promise.all([1, 2, 3].map(() => makeEnv('pendulum')))
        const observation = { proprio: new Float32Array(length) }
        const wrong = {
          ...second,
          ...(call === 'reset'
            ? { reset: () => ({ observation, info: {} }) }
            : { step: (action: Float32Array) => ({ ...second.step(action), observation }) }),
        }
        const env = vectorEnv([first, wrong, third])
        const run = (): unknown => {
          env.reset({ seed: 1 })
          return env.step(new Float32Array(3))
        }
        expect(run).toThrow(
          new RangeError(
            `${call}: environment 1 of 3, counted from 0: observation.proprio must have the length 3 of spec.observation, got ${length}`,
          ),
        )
        env.close()
      }
    },
  )

  it('says which environment failed, with its error as the cause', async () => {
    const [first, second, third] = await Promise.all([1, 2, 3].map(() => makeEnv('pendulum')))
    const cause = new Error('the state diverged')
    const step = (): never => {
      throw cause
    }
    const env = vectorEnv([first, { ...second, step }, third])
    env.reset({ seed: 1 })
    let error: unknown
    try {
      env.step(new Float32Array(3))
    } catch (thrown) {
      error = thrown
    }
    expect(error).toEqual(new Error('step: environment 1 of 3, counted from 0: the state diverged'))
    expect((error as Error).cause).toBe(cause)
    env.close()
  })

  it('refuses to be made of nothing, of one twice, and of different ones', async () => {
    const pendulum = await makeEnv('pendulum')
    const other = await makeEnv('pendulum')
    const navigation = await makeEnv('sparse-navigation')
    expect(() => vectorEnv([])).toThrow(new RangeError('vectorEnv: envs must have an environment, got none'))
    expect(() => vectorEnv([pendulum, other, pendulum])).toThrow(
      new RangeError('vectorEnv: envs must be distinct, got one at 0 and 2, make another'),
    )
    expect(() => vectorEnv([pendulum, rescaleActions(other)])).toThrow(
      new RangeError(
        'vectorEnv: envs must have the same spec.action as envs[0], {"low":[-2],"high":[2]}, got {"low":[-1],"high":[1]} at index 1',
      ),
    )
    expect(() => vectorEnv([navigation, selectGroups(navigation, ['proprio'])])).toThrow('spec.observation')
    expect(() =>
      vectorEnv([{ ...navigation, spec: { ...navigation.spec, features: ['x'] } }, navigation]),
    ).toThrow('must have the same spec.features as envs[0], ["x"], got [] at index 1')
    expect(vectorEnv([pendulum, limitTime(other, { steps: 7 })]).size).toBe(2)
    for (const env of [pendulum, other, navigation]) env.close()
  })
})
