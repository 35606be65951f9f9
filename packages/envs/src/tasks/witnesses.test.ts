import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { makeEnv } from '../index.ts'
import { navigation } from '../navigation.ts'
import { runEpisode } from '../../witnesses/measure.ts'
import { navigationWitnesses } from '../../witnesses/navigation.ts'
import { standAtTarget, standBeyondGap } from '../../witnesses/placed.ts'
import { jumpOver, swimPast } from '../../witnesses/specialists.ts'

const folder = new URL('../../witnesses/', import.meta.url)
const witnesses = [swimPast, jumpOver, ...navigationWitnesses]
const placed = [standAtTarget, standBeyondGap]

describe('every task that sends a body somewhere', () => {
  it('has a witness or a placed state', () => {
    const shown = [...witnesses, ...placed].flatMap(({ ids }) => ids)
    expect([...shown].sort()).toEqual(Object.keys(navigation).sort())
  })

  it.each(witnesses.flatMap((witness) => witness.ids.map((id) => [id, witness] as const)))(
    '%s is done through the actuators',
    async (id, { begin, done }) => {
      const env = await makeEnv(id)
      const outcomes: boolean[] = []
      for (const seed of [1, 2])
        outcomes.push(done(await runEpisode(env, seed, await begin(env.spec)), env.spec))
      expect(outcomes).toContain(true)
      env.close()
    },
  )

  it.each(placed.flatMap((state) => state.ids.map((id) => [id, state] as const)))(
    '%s is done in one placed state and not in another',
    async (id, { succeeds, fails }) => {
      const env = await makeEnv(id)
      for (const seed of [1, 2, 3]) {
        env.reset({ seed })
        expect(succeeds(env)).toBe(true)
        env.reset({ seed })
        expect(fails(env)).toBe(false)
      }
      env.close()
    },
  )

  it('was done far more often by its witness than at random, over 100 seeds: run scripts/witnesses.ts', () => {
    const rates = JSON.parse(readFileSync(new URL('rates.json', folder), 'utf8')) as Readonly<
      Record<string, { readonly witness: number; readonly random: number; readonly seeds: number }>
    >
    for (const id of witnesses.flatMap(({ ids }) => ids)) {
      const { witness, random, seeds } = rates[id]
      expect(seeds, id).toBe(100)
      expect(witness, id).toBeGreaterThanOrEqual(0.8)
      expect(random, id).toBeLessThan(0.5)
    }
  })

  it('has controllers of less than 100 lines', () => {
    for (const name of ['drivers', 'gait', 'legs', 'routes', 'navigation', 'ways', 'specialists']) {
      const lines = readFileSync(new URL(`${name}.ts`, folder), 'utf8').split('\n').length
      expect(lines, name).toBeLessThan(100)
    }
  })
})
