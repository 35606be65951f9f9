import { expect, it } from 'vitest'
import { actionScale } from './actionScale.ts'
import { choicesOf } from './choicesOf.ts'

it('gives the number of choices', () => {
  expect(choicesOf('test', { low: [0], high: [3], choices: 4 })).toBe(4)
})

it('refuses a box, one choice and bounds that say something else; and a scale refuses choices', () => {
  expect(() => choicesOf('test', { low: [-1, -1], high: [1, 1] })).toThrow(
    'test: actions must be choices, got a box of 2 dimensions',
  )
  expect(() => choicesOf('test', { low: [0], high: [0], choices: 1 })).toThrow('test: action.choices must be')
  expect(() => choicesOf('test', { low: [0], high: [4], choices: 4 })).toThrow(
    'test: action bounds must be [0] and [3] for 4 choices, got [0] and [4]',
  )
  expect(() => actionScale({ low: [0], high: [3], choices: 4 })).toThrow(
    'actionScale: actions must come from a box, got 4 choices',
  )
})
