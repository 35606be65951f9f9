import { expect, it } from 'vitest'
import { uniformPolicy, zeroPolicy } from './baseline.ts'

const box = { low: [-2, 0], high: [2, 10] }

it('draws actions within the bounds, filling them, and the same ones from the same seed', async () => {
  const draw = async (seed: number): Promise<number[][]> => {
    const policy = uniformPolicy(box, seed)
    const actions: number[][] = []
    for (let i = 0; i < 500; i++) actions.push([...(await policy({}))])
    return actions
  }
  const actions = await draw(1)
  for (const [i, [low, high]] of [
    [-2, 2],
    [0, 10],
  ].entries()) {
    const values = actions.map((action) => action[i])
    expect(Math.min(...values)).toBeGreaterThanOrEqual(low)
    expect(Math.max(...values)).toBeLessThanOrEqual(high)
    expect(Math.min(...values)).toBeLessThan(low + 0.05 * (high - low))
    expect(Math.max(...values)).toBeGreaterThan(high - 0.05 * (high - low))
  }
  expect(await draw(1)).toEqual(actions)
  expect(await draw(2)).not.toEqual(actions)
})

it('stands still, as far as the bounds let it', async () => {
  expect([...(await zeroPolicy({ low: [-2, 1, -5], high: [2, 10, -3] })({}))]).toEqual([0, 1, -3])
})
