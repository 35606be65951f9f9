import { expect, it } from 'vitest'
import type { Policy } from '../../run/baseline.ts'
import { rollOut } from './rollouts.ts'

const right = (): Float32Array => Float32Array.of(1, 0)
const request = { count: 50, horizon: 20, seed: 3 }

it('goes one way from one place, and ends within 1 of the goal', async () => {
  const { scalars, samples } = await rollOut({ ...request, policy: right, start: 'origin' })
  expect(scalars).toEqual({ reached: 1, most: 1, least: 0, split: 0 })
  // From 0 in steps of 1 to the first place nearer than 1 to (5, 0).
  expect(samples['path.lengths']).toEqual(Array(40).fill(6))
  expect(samples['path.x'].slice(0, 7)).toEqual([0, 1, 2, 3, 4, 5, 0])
  expect(new Set(samples['path.y'])).toEqual(new Set([0]))
})

it('starts around the middle where it is asked to, with paths of their own', async () => {
  const { samples } = await rollOut({ ...request, policy: right, start: 'around' })
  expect(new Set(samples['path.y']).size).toBe(40)
  expect(Math.max(...samples['path.y'].map(Math.abs))).toBeLessThan(0.5)
})

it('counts the goal that is nearest to each end, and episodes that reach none', async () => {
  const nearest: Policy = ({ proprio: [x, y] }) =>
    Math.abs(x) > Math.abs(y) ? Float32Array.of(Math.sign(x), 0) : Float32Array.of(0, Math.sign(y))
  const found = await rollOut({ ...request, count: 400, policy: nearest, start: 'around' })
  expect(found.scalars.reached).toBe(1)
  expect(found.scalars.split).toBeGreaterThan(1.37)
  const idle = await rollOut({ ...request, policy: () => Float32Array.of(0, 0), start: 'origin' })
  expect(idle.scalars).toEqual({ reached: 0, most: 0, least: 0, split: 0 })
  expect(idle.samples['path.lengths']).toEqual(Array(40).fill(21))
})
