import { expect, it } from 'vitest'
import { createEstimate } from './remaining.ts'

const cell = (name: string, kind = 'a', steps = 100) => ({ name, kind, steps })

it('knows nothing before a tenth of a cell is done', () => {
  const estimate = createEstimate([cell('1'), cell('2')], 1)
  expect(estimate.remaining(0)).toBeUndefined()
  estimate.at('1', 0, 0)
  estimate.at('1', 9, 100)
  expect(estimate.remaining(100)).toBeUndefined()
  estimate.at('1', 10, 1000)
  expect(estimate.remaining(1000)).toEqual({ seconds: 19, atLeast: false })
})

it('counts down between two reports', () => {
  const estimate = createEstimate([cell('1')], 1)
  estimate.at('1', 0, 0)
  estimate.at('1', 50, 5000)
  expect(estimate.remaining(7000)).toEqual({ seconds: 3, atLeast: false })
})

it('shares what waits among the workers, and ends with the last', () => {
  const estimate = createEstimate([cell('1'), cell('2'), cell('3')], 2)
  estimate.at('1', 0, 0)
  estimate.at('2', 0, 0)
  estimate.at('1', 50, 5000)
  estimate.at('2', 50, 5000)
  // 5 s left of both, then 10 s of the third, alone.
  expect(estimate.remaining(5000)).toEqual({ seconds: 15, atLeast: false })
  estimate.done('1', 10_000)
  estimate.done('2', 10_000)
  expect(estimate.remaining(10_000)).toEqual({ seconds: 10, atLeast: false })
  estimate.at('3', 0, 10_000)
  estimate.done('3', 20_000)
  expect(estimate.remaining(20_000)).toEqual({ seconds: 0, atLeast: false })
})

it('takes the pace of a cell that is taken up from the steps of this sitting', () => {
  const estimate = createEstimate([cell('1')], 1)
  estimate.at('1', 60, 0)
  estimate.at('1', 80, 2000)
  expect(estimate.remaining(2000)).toEqual({ seconds: 2, atLeast: false })
})

it('gives a lower bound while a kind of cell has not been seen', () => {
  const estimate = createEstimate([cell('1'), cell('2', 'slow')], 1)
  estimate.at('1', 0, 0)
  estimate.done('1', 10_000)
  expect(estimate.remaining(10_000)).toEqual({ seconds: 10, atLeast: true })
  estimate.at('2', 0, 10_000)
  estimate.at('2', 20, 20_000)
  expect(estimate.remaining(20_000)).toEqual({ seconds: 40, atLeast: false })
})

it('leaves out what has failed', () => {
  const estimate = createEstimate([cell('1'), cell('2')], 1)
  estimate.at('1', 0, 0)
  estimate.at('1', 50, 5000)
  estimate.failed('1')
  expect(estimate.remaining(5000)).toBeUndefined()
  estimate.at('2', 0, 5000)
  estimate.at('2', 50, 10_000)
  expect(estimate.remaining(10_000)).toEqual({ seconds: 5, atLeast: false })
})
