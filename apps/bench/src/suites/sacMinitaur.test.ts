import { describe, expect, it } from 'vitest'
import type { SummaryEntry } from '../report/summary.ts'
import { cellsOf, outcome, without } from './foundCells.testData.ts'
import { suite as sacMinitaur } from './sacMinitaur.suite.ts'
import { suite as sacMinitaurTerrain } from './sacMinitaurTerrain.suite.ts'

describe('the rule of sac-minitaur', () => {
  const speeds = (learned: readonly number[]): SummaryEntry =>
    outcome(
      sacMinitaur,
      cellsOf(sacMinitaur, (arm, i) => ({
        scalars: {
          'speed.walk': arm === 'learned' ? learned[i] : arm === 'trot' ? 0.5 : 0.01,
          'success.walk': 0,
        },
      })),
    )

  it('holds at the bar on four of five seeds, and names trot and random actions beside', () => {
    const { verdict: found, control, reason } = speeds([0.3, 0.3, 0.4, 0, 0.3])
    expect({ found, control }).toEqual({ found: 'holds', control: 'fails' })
    expect(reason).toContain('the scripted trot 0.50, random actions 0.01 m/s')
  })

  it('fails where two seeds are slower', () => {
    expect(speeds([0.29, 0.29, 0.9, 0.9, 0.9]).verdict).toBe('fails')
  })

  it('is inconclusive without its reference cells', () => {
    const all = cellsOf(sacMinitaur, () => ({ scalars: { 'speed.walk': 1 } }))
    const { verdict: found, reason } = outcome(
      sacMinitaur,
      without(all, ({ arm }) => arm === 'trot'),
    )
    expect(found).toBe('inconclusive')
    expect(reason).toContain('trot lacks seeds 1, 2, 3, 4, 5')
  })
})

describe('the rule of sac-minitaur-terrain', () => {
  const grounds = ['walk', 'slope', 'blocks', 'stairs']
  const all = (name: string, value: number): Readonly<Record<string, number>> =>
    Object.fromEntries(grounds.map((ground) => [`${name}.${ground}`, value]))
  const met = { ...all('success', 0.5), ...all('falls', 0.2), 'success.walk': 1, 'falls.walk': 0 }
  const rates = (of: (seed: number) => Readonly<Record<string, number>>): SummaryEntry =>
    outcome(
      sacMinitaurTerrain,
      cellsOf(sacMinitaurTerrain, (arm, i) => ({
        scalars:
          arm === 'random'
            ? { ...all('success', 0), ...all('falls', 0) }
            : { ...met, ...(arm === 'learned' ? of(i) : {}) },
      })),
    )

  it('holds where four of five seeds cross every terrain in half of their trials', () => {
    expect(rates(() => ({}))).toMatchObject({ verdict: 'holds', control: 'fails' })
    expect(rates((i) => (i === 2 ? { 'success.slope': 0 } : {})).verdict).toBe('holds')
  })

  it.each(['slope', 'blocks', 'stairs'])('fails where two seeds do not cross the %s', (terrain) => {
    expect(rates((i) => (i < 2 ? { [`success.${terrain}`]: 0.45 } : {})).verdict).toBe('fails')
  })

  it('tells falls from what runs out of time', () => {
    const { reason, metrics } = rates(() => ({}))
    expect(reason).toContain(
      'slope: 5 of 5 seeds cross (of all trials 50 % succeed, 20 % fall and 30 % run out of time)',
    )
    expect(metrics['slope.falls'].value).toBeCloseTo(0.2)
  })

  it('does not judge flat ground', () => {
    expect(rates(() => ({ 'success.walk': 0 })).verdict).toBe('holds')
  })
})
