import { expect, it } from 'vitest'
import { coreTime, duration, rounded, significant, thousands } from './numbers.ts'

it('groups thousands and writes a true minus sign', () => {
  expect(thousands(12345.6)).toBe('12,346')
  expect(thousands(-0.2)).toBe('0')
  expect(rounded(-149.6)).toBe('\u2212150')
  expect(rounded(12.345)).toBe('12.3')
})

it('writes durations in the units that a reader thinks in', () => {
  expect([duration(48.4), duration(250), duration(7500)]).toEqual(['48 s', '4 min 10 s', '2 h 5 min'])
})

it('writes hours of one core where they are more than two', () => {
  expect([0.5, 54, 120, 600, 450_000].map(coreTime)).toEqual([
    '0.5 min',
    '54 min',
    '120 min',
    '10 h',
    '7,500 h',
  ])
})

it('keeps three digits of small numbers', () => {
  expect([0, 0.012345, -1.2345, 1234.5, -0.00001234].map(significant)).toEqual([
    '0',
    '0.0123',
    '\u22121.23',
    '1,235',
    '\u22121.23\u00a0×\u00a010⁻⁵',
  ])
})
