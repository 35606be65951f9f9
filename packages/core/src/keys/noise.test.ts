import { describe, expect, it } from 'vitest'
import type { NoiseSpec } from '../contracts.ts'
import { createNoise, drawNoise, foldIn, key, normal, uniform } from './index.ts'

const gaussian: NoiseSpec = { shape: [3, 2], law: 'normal' }
const flat: NoiseSpec = { shape: [], law: 'uniform' }

describe('noise', () => {
  it('follows the law and the size of each leaf, under a key of its path', () => {
    const noise = drawNoise(key(1), { policy: gaussian, gates: [flat] as const })
    expect(noise.policy).toEqual(normal(foldIn(key(1), 'policy'), 6))
    expect(noise.gates[0]).toEqual(uniform(foldIn(key(1), 'gates/0'), 1))
  })

  it('leaves a leaf as it is when others come, go or change places', () => {
    const alone = drawNoise(key(1), { policy: gaussian })
    const among = drawNoise(key(1), { gates: flat, policy: gaussian })
    expect(among.policy).toEqual(alone.policy)
  })

  it('refills the same arrays', () => {
    const { arrays, fill } = createNoise({ policy: gaussian })
    const array = arrays.policy
    fill(key(2))
    const first = array.slice()
    fill(key(3))
    expect(array).not.toEqual(first)
    fill(key(2))
    expect(array).toEqual(first)
    expect(arrays.policy).toBe(array)
  })

  it('takes a bare specification and an empty tree', () => {
    expect(drawNoise(key(1), flat)).toEqual(uniform(foldIn(key(1), ''), 1))
    expect(drawNoise(key(1), {})).toEqual({})
  })
})
