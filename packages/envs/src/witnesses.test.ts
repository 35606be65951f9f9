import { globSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { placedStates, witnesses } from '../witnesses/index.ts'
import type { Rates } from '../witnesses/measure.ts'
import { runEpisode } from '../witnesses/measure.ts'
import { listEnvs, makeEnv } from './index.ts'

const folder = new URL('../witnesses/', import.meta.url)
const rates = JSON.parse(readFileSync(new URL('rates.json', folder), 'utf8')) as Readonly<
  Record<string, Rates>
>

const acting = witnesses.flatMap((witness) => witness.ids.map((id) => [id, witness] as const))
/** Those whose witness says why it fails in more than one of ten episodes. */
const rarely = new Set<string>(acting.flatMap(([id, witness]) => (witness.rarely === undefined ? [] : [id])))
const placed = placedStates.flatMap((state) => state.ids.map((id) => [id, state] as const))

describe('every environment can be done', () => {
  it('by exactly one witness, or in a placed state', () => {
    const shown = [...acting, ...placed].map(([id]) => id)
    expect([...shown].sort()).toEqual(
      listEnvs()
        .map(({ id }) => id)
        .sort(),
    )
  })

  it('and witnesses did so in most of 100 episodes, more often than uniform actions: run scripts/witnesses.ts', () => {
    expect(Object.keys(rates).sort()).toEqual(acting.map(([id]) => id).sort())
    for (const [id, { witness, random, seeds }] of Object.entries(rates)) {
      expect(seeds, id).toBe(100)
      expect(witness, id).toBeGreaterThanOrEqual(rarely.has(id) ? 0.5 : 0.9)
      expect(random, id).toBeLessThanOrEqual(rarely.has(id) ? 0.05 : 0.5)
    }
  })

  it.each(acting)('%s by its witness', async (id, witness) => {
    const env = await makeEnv(id)
    // Of three episodes two, where rates are 0.9 and more; else one of twelve.
    const [episodes, enough] = rarely.has(id) ? [12, 1] : [3, 2]
    let done = 0
    for (let seed = 0; seed < episodes && done < enough; seed++) {
      if (witness.done(await runEpisode(env, seed, await witness.begin(env.spec)), env.spec)) done++
    }
    env.close()
    expect(done).toBe(enough)
  })

  it.each(placed)('%s in a placed state, and not in another', async (id, state) => {
    const env = await makeEnv(id)
    for (const seed of [0, 1, 2]) {
      env.reset({ seed })
      expect(state.succeeds(env)).toBe(true)
      env.reset({ seed })
      expect(state.fails(env)).toBe(false)
    }
    env.close()
  })

  it.each(globSync('*.ts', { cwd: folder }))('and %s has less than 100 lines', (file) => {
    expect(readFileSync(new URL(file, folder), 'utf8').trimEnd().split('\n').length).toBeLessThan(100)
  })
})
