import { expect, it } from 'vitest'
import { lookUp } from './names.ts'

const query = (name: string): { caller: string; kind: string; name: string } => ({
  caller: 'train',
  kind: 'algorithm',
  name,
})

it('gives the entry under a known name', () => {
  expect(lookUp({ sac: 1 }, query('sac'))).toBe(1)
})

it('names the nearest known name for an unknown one', () => {
  expect(() => lookUp({ sac: 1, ddpg: 2 }, query('sca'))).toThrow(
    new RangeError('train: algorithm must be one of sac, ddpg, got "sca", did you mean "sac"?'),
  )
})

it('does not take a name from the prototype of records for a known one', () => {
  expect(() => lookUp({ sac: 1 }, query('toString'))).toThrow(RangeError)
})
