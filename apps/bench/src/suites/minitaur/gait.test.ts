import { describe, expect, it } from 'vitest'
import type { ComputeArm } from '../suite.ts'
import { comparators, grounds, shortName, walkOn, type Trials } from './gait.ts'

const trials: Trials = { grounds: ['minitaur-walk'], episodes: 2 }

/** What a comparator comes to on its trials. */
function walk(
  arm: ComputeArm | undefined,
  seed: number,
  on: Trials = trials,
): ReturnType<ComputeArm['compute']> {
  if (arm === undefined) throw new Error('walk: arm must be one of the comparators, got none')
  const request = {
    folder: '',
    signal: new AbortController().signal,
    onProgress: () => undefined,
    onNotice: () => undefined,
  }
  return arm.compute({ ...request, settings: { ...on }, seed })
}

const [trot, random] = comparators(trials)

describe('walkers', () => {
  it('that stand still come nowhere, and do not succeed', async () => {
    const still = new Float32Array(8)
    const { scalars, samples } = await walkOn(trials, () => () => still, 1)
    expect(Math.abs(scalars['speed.walk'])).toBeLessThan(0.01)
    expect(scalars['success.walk']).toBe(0)
    expect(scalars['falls.walk']).toBe(0)
    expect(samples['distance.walk']).toHaveLength(2)
  })

  it('that trot come ahead, on every ground', async () => {
    const { scalars } = await walk(trot, 1, { grounds, episodes: 1 })
    for (const ground of grounds) {
      expect(scalars?.[`success.${shortName(ground)}`], ground).toBe(1)
      expect(scalars?.[`speed.${shortName(ground)}`], ground).toBeGreaterThan(0.3)
    }
  })

  it('that pull in their legs fall, which is another end than running out of time', async () => {
    const drawnIn = new Float32Array(8).fill(-0.5)
    const { scalars } = await walkOn(trials, () => () => drawnIn, 1)
    expect(scalars['success.walk']).toBe(0)
    expect(scalars['falls.walk']).toBe(1)
  })

  it('are recorded once on every ground with seed 1, as they walked there', async () => {
    const { samples, recordings } = await walk(trot, 1, {
      grounds: ['minitaur-walk', 'minitaur-blocks'],
      episodes: 1,
    })
    for (const [name, bodies] of [
      ['walk', 0],
      ['blocks', 7],
    ] as const) {
      const { observations } = recordings?.[name] ?? { observations: [] }
      expect(observations).toHaveLength(167)
      expect(observations[0]).toHaveLength(12 + 4 * bodies)
      // The last picture is taken two steps before the end.
      const ahead = observations[166][0] - observations[0][0]
      expect(Math.abs(ahead - (samples?.[`distance.${name}`]?.[0] ?? NaN)), name).toBeLessThan(0.1)
    }
    const other = await walk(trot, 2, { grounds: ['minitaur-walk'], episodes: 1 })
    expect(other.recordings).toEqual({})
  })

  it('that act at random do not, and do otherwise in every trial and for every seed, the same for the same', async () => {
    const [first, same, other] = [await walk(random, 1), await walk(random, 1), await walk(random, 2)]
    expect(first.scalars?.['success.walk']).toBe(0)
    expect(Math.abs(first.scalars?.['speed.walk'] ?? NaN)).toBeLessThan(0.15)
    const [a, b] = first.samples?.['distance.walk'] ?? []
    expect(a).not.toBe(b)
    expect(same).toEqual(first)
    expect(other).not.toEqual(first)
  })

  it('have trials of grounds that there are, one at least', async () => {
    await expect(async () => walk(trot, 1, { grounds, episodes: 0 })).rejects.toThrow()
    const nowhere = { grounds: ['minitaur-moon'], episodes: 1 } as unknown as Trials
    await expect(async () => walk(trot, 1, nowhere)).rejects.toThrow()
  })
})
