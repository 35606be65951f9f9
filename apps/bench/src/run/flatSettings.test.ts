import { expect, it } from 'vitest'
import { flatSettings, matchesRecorded } from './flatSettings.ts'

const recorded = {
  kind: 'train',
  config: { gamma: 0.99, hidden: [64, 64], target: { kind: 'soft', tau: 0.005 } },
}
const defaults = { kind: 'train', config: { gamma: 0.9, hidden: [256], clip: 5 } }

it('names every leaf by its path, and takes a list for one', () => {
  expect([...flatSettings(recorded)]).toEqual([
    ['kind', 'train'],
    ['config.gamma', 0.99],
    ['config.hidden', [64, 64]],
    ['config.target.kind', 'soft'],
    ['config.target.tau', 0.005],
  ])
})

it('finds a record again by equal settings, whatever the order of their fields', () => {
  const { config, kind } = recorded
  expect(matchesRecorded(recorded, { settings: { config, kind }, defaults })).toBe(true)
})

it('finds it no more once a value, an entry of a list or a kind differs, or a field is gone', () => {
  for (const change of [{ gamma: 0.98 }, { hidden: [64, 32] }, { target: { kind: 'hard', interval: 10 } }]) {
    const settings = { ...recorded, config: { ...recorded.config, ...change } }
    expect(matchesRecorded(recorded, { settings, defaults }), JSON.stringify(change)).toBe(false)
  }
  const { hidden, target } = recorded.config
  expect(
    matchesRecorded(recorded, { settings: { kind: 'train', config: { hidden, target } }, defaults }),
  ).toBe(false)
})

it('takes a field that came later for one that stood at its default', () => {
  const withField = (clip: number): boolean =>
    matchesRecorded(recorded, { settings: { ...recorded, config: { ...recorded.config, clip } }, defaults })
  expect(withField(5)).toBe(true)
  expect(withField(4)).toBe(false)
})
