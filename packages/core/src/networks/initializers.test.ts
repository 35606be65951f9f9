import { describe, expect, it } from 'vitest'
import { key } from '../keys/index.ts'
import {
  constant,
  fanInUniform,
  heUniform,
  uniformWithin,
  xavierUniform,
  zeros,
  type Initializer,
} from './index.ts'

const fan = { in: 30, out: 20 }

describe('initializers', () => {
  const laws: [string, Initializer, number][] = [
    ['xavierUniform', xavierUniform(), Math.sqrt(6 / 50)],
    ['fanInUniform', fanInUniform(), 1 / Math.sqrt(30)],
    ['heUniform', heUniform(), Math.sqrt(6 / 30)],
    ['uniformWithin', uniformWithin(0.003), 0.003],
  ]
  it.each(laws)('%s is uniform within its bound', (_, initializer, bound) => {
    const n = 20_000
    const values = Array.from(initializer(key(1), n, fan)).sort((a, b) => a - b)
    expect(values[0]).toBeGreaterThanOrEqual(-bound)
    expect(values[n - 1]).toBeLessThanOrEqual(bound)
    // Kolmogorov-Smirnov: 1.95 / sqrt(n) is passed once in a thousand.
    const distance = Math.max(...values.map((x, i) => Math.abs((x / bound + 1) / 2 - (i + 0.5) / n)))
    expect(distance).toBeLessThan(1.95 / Math.sqrt(n))
  })

  it('draw the same for the same key and other numbers for another', () => {
    const draw = (seed: number): Float32Array => xavierUniform()(key(seed), 10, fan)
    expect(draw(1)).toEqual(draw(1))
    expect(draw(1)).not.toEqual(draw(2))
  })

  it('zeros and constant are the same everywhere', () => {
    expect(Array.from(zeros()(key(1), 3, fan))).toEqual([0, 0, 0])
    expect(Array.from(constant(-0.5)(key(1), 2, fan))).toEqual([-0.5, -0.5])
  })

  it('refuse bounds and values that make no sense', () => {
    expect(() => uniformWithin(-1)).toThrow(
      'uniformWithin: bound must be a finite number of at least 0, got -1',
    )
    expect(() => uniformWithin(Infinity)).toThrow(
      'uniformWithin: bound must be a finite number of at least 0, got Infinity',
    )
    expect(() => constant(NaN)).toThrow('constant: value must be finite, got NaN')
  })
})
