import { describe, expect, it } from 'vitest'
import { transfer, transferCell, transferSettings, type TransferSettings } from './transfer.ts'

const settings: TransferSettings = {
  task: 'left-right',
  composition: 'gpi',
  alpha: 0.1,
  gamma: 0.95,
  band: 2,
  spread: 0.2,
}
const lossOf = (change: Partial<TransferSettings>, seed = 1): number =>
  transferCell({ ...settings, ...change }, seed).scalars.loss

describe('transfer in the 8x8 world', () => {
  it.each(['left-right', 'left-up'] as const)(
    'on %s never exceeds the optimum, which loses nothing',
    (task) => {
      for (const composition of ['gpi', 'optimistic', 'first'] as const) {
        const { value, optimum, error } = transfer({ ...settings, task, composition }, 3)
        expect(error).toBeLessThan(1e-9)
        expect(value.every((x, s) => x <= optimum.v[s] + 2 * error)).toBe(true)
      }
      expect(lossOf({ task, composition: 'optimum' })).toBeLessThan(1e-9)
    },
  )

  it('by GPI is at least as good as each policy it is made of, from every start', () => {
    for (const task of ['left-right', 'left-up'] as const) {
      const gpi = transfer({ ...settings, task }, 2)
      const first = transfer({ ...settings, task, composition: 'first' }, 2)
      expect(gpi.value.every((x, s) => x >= first.value[s] - 1e-9)).toBe(true)
    }
  })

  it('by GPI wins on left-right; the optimistic policy wins marginally on left-up, over α and γ', () => {
    for (const alpha of [0.01, 0.1, 1]) {
      for (const gamma of [0.9, 0.95, 0.99]) {
        const at = { alpha, gamma }
        expect(lossOf({ ...at })).toBeLessThan(lossOf({ ...at, composition: 'optimistic' }))
        const conservative = lossOf({ ...at, task: 'left-up' })
        expect(conservative).toBeGreaterThan(lossOf({ ...at, task: 'left-up', composition: 'optimistic' }))
        const { optimum } = transferCell({ ...settings, ...at, task: 'left-up' }, 1).scalars
        expect(conservative).toBeLessThan(0.02 * optimum)
      }
    }
  })

  it('needs sides of two columns: diagonal moves keep the colour of a chessboard, so that half the starts cannot have one column and one row at once', () => {
    const narrow = { task: 'left-up', band: 1 } as const
    expect(lossOf(narrow)).toBeLessThan(lossOf({ ...narrow, composition: 'optimistic' }))
  })

  it('keeps the tables of the figure, and draws rewards anew for every seed but the first', () => {
    const { samples } = transferCell({ ...settings, task: 'left' }, 1)
    expect(samples.policy).toHaveLength(256)
    expect(samples.reward?.filter((r) => r === 1)).toHaveLength(16)
    const again = [2, 3].map((seed) => transferCell({ ...settings, task: 'left' }, seed).samples.reward)
    expect(again[0]).not.toEqual(again[1])
    expect(again[0]?.every((r) => r === 0 || (r >= 0.8 && r <= 1.2))).toBe(true)
  })

  it('refuses settings that break their rules', () => {
    expect(() => transferSettings.parse({ ...settings, band: 0 })).toThrow()
    expect(() => transferSettings.parse({ ...settings, task: 'down' })).toThrow()
  })
})
