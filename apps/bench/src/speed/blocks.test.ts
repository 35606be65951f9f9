import { describe, expect, it } from 'vitest'
import { alternate, median, pairedRatio } from './blocks.ts'

describe('median', () => {
  it('is the middle of an odd number and the mean of the middle two of an even number', () => {
    expect(median([3, 1, 2])).toBe(2)
    expect(median([4, 1, 3, 2])).toBe(2.5)
  })

  it('refuses an empty list', () => {
    expect(() => median([])).toThrow('median: values must have at least one entry, got none')
  })
})

describe('alternate', () => {
  it('runs the contestants in turn and throws the first block of each away', async () => {
    const order: string[] = []
    const contestant = (name: string): { runs: number; run(count: number): void } => ({
      runs: 3,
      run: (count) => order.push(`${name}${count}`),
    })
    const times = await alternate({ a: contestant('a'), b: contestant('b') }, 2)
    expect(order).toEqual(['a3', 'b3', 'a3', 'b3', 'a3', 'b3'])
    expect(times.a).toHaveLength(2)
    expect(times.b.every((ms) => ms >= 0)).toBe(true)
  })
})

it('compares each block with its neighbour in time', () => {
  expect(pairedRatio([1, 20, 3], [2, 10, 6])).toBe(0.5)
})
