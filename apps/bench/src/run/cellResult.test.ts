import { expect, it } from 'vitest'
import { parseCellResult } from './cellResult.ts'
import { cellResult } from './cellResult.testData.ts'

const whole = cellResult({
  curves: { return: { steps: [10, 20], values: [-1.5, 2] } },
  scalars: { return: 2 },
  samples: { returns: [1, 3] },
  recordings: { final: { observations: [[0, 1]], info: [{ x: 1 }] } },
})

it('reads what was written', () => {
  expect(parseCellResult(JSON.stringify(whole))).toEqual(whole)
})

it.each([
  ['source must be JSON', JSON.stringify(whole).slice(0, -9)],
  ['source must be JSON', ''],
  ['source must be as', 'null'],
  ['seed must be as', JSON.stringify({ ...whole, seed: -1 })],
  ['format must be as', JSON.stringify({ ...whole, format: 2 })],
  ['curves.return must be as', JSON.stringify({ ...whole, curves: { return: { steps: [1], values: [] } } })],
  ['scalars.return must be as', JSON.stringify({ ...whole, scalars: { return: null } })],
  ['source must be as', JSON.stringify({ ...whole, extra: 1 })],
])('says that %s it must be', (message, text) => {
  expect(() => parseCellResult(text)).toThrow(RangeError)
  expect(() => parseCellResult(text)).toThrow(`parseCellResult: ${message}`)
})
