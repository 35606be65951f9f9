import { describe, expect, it } from 'vitest'
import { exp, log, sqrt } from './arithmetic.ts'
import { AREA, TAIL, tables } from './ziggurat.ts'

describe('engine-independent arithmetic', () => {
  it('agrees with Math to 1e-15 over the range that the ziggurat needs', () => {
    for (let i = 0; i <= 4000; i++) {
      const x = -40 + i / 50
      expect(Math.abs(exp(x) / Math.exp(x) - 1)).toBeLessThan(1e-15 * Math.max(2, Math.abs(x)))
      const y = 2 ** (-40 + i / 50)
      expect(Math.abs(log(y) - Math.log(y))).toBeLessThan(1e-15 * Math.max(1, Math.abs(Math.log(y))))
      const z = (i / 1000) ** 3
      expect(Math.abs(sqrt(z) - Math.sqrt(z))).toBeLessThanOrEqual(2.3e-16 * Math.sqrt(z))
    }
  })
})

describe('the tables of the ziggurat', () => {
  it('cut the bell curve into layers of equal area', () => {
    const { edge, height } = tables
    for (let i = 1; i < 256; i++) {
      const area = edge[i] * (height[i + 1] - height[i])
      expect(Math.abs(area - AREA)).toBeLessThan(1e-14)
    }
    expect(edge[0] * height[1]).toBeCloseTo(AREA, 15)
    expect(edge[1]).toBe(TAIL)
    expect(edge[256]).toBe(0)
  })

  it('hold the curve at every edge', () => {
    for (let i = 1; i < 256; i++) {
      expect(Math.abs(tables.height[i] - Math.exp(-0.5 * tables.edge[i] ** 2))).toBeLessThan(1e-15)
    }
  })
})
