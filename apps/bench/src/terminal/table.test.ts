import { expect, it } from 'vitest'
import { textTable } from './table.ts'

it('makes every column as wide as its widest entry, without blanks at the ends of lines', () => {
  expect(
    textTable([
      ['a', 'bbb', ''],
      ['aaaa', 'b', 'c'],
    ]),
  ).toBe('a     bbb\naaaa  b    c')
})
