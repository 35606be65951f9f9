import { describe, expect, it } from 'vitest'
import { key, uniform } from '../keys/index.ts'
import { uniformAction } from './uniformAction.ts'

describe('uniformAction', () => {
  it('maps uniform numbers to the box', () => {
    const out = new Float32Array(2)
    const [first, second] = uniform(key(3), 2)
    expect(uniformAction(key(3), { low: [-2, 0], high: [2, 6] }, out)).toBe(out)
    expect([...out]).toEqual([Math.fround(-2 + 4 * first), Math.fround(6 * second)])
  })

  it('draws choices as indices, each as often', () => {
    const counts = [0, 0, 0]
    const out = new Float32Array(1)
    const spec = { low: [0], high: [2], choices: 3 }
    for (let i = 0; i < 3_000; i++) counts[uniformAction(key(i), spec, out)[0]]++
    for (const count of counts) expect(Math.abs(count - 1_000)).toBeLessThan(100)
  })

  it('refuses an array of another length', () => {
    expect(() => uniformAction(key(3), { low: [-2], high: [2] }, new Float32Array(2))).toThrow(
      'uniformAction: out must have length 1, got 2',
    )
  })
})
