import { expect, it } from 'vitest'
import { crossingShare, line, lookAtCrossing } from './crossing.ts'
import type { Rollout } from './rollouts.ts'

/** An episode that got so far, and ended there or at the start. */
const rollout = (most: number, last = most): Rollout =>
  ({ info: { xPosition: { least: 0, most, last } }, discountedReturn: most }) as unknown as Rollout

it('counts the episodes that got beyond the line, and keeps the most of an evaluation so far', () => {
  const first = lookAtCrossing(
    [rollout(line), rollout(line - 0.01), rollout(2, 0), rollout(0)],
    undefined,
  ).numbers
  expect(first).toMatchObject({ crossing: 0.5, farthest: 2, least: 0, most: line })
  expect(first.crossing).toBeGreaterThanOrEqual(crossingShare)
  const second = lookAtCrossing([rollout(line), rollout(0), rollout(-3), rollout(0)], first).numbers
  expect(second).toMatchObject({ crossing: 0.5, farthest: 2, least: -3 })
  expect(lookAtCrossing([rollout(line)], second).numbers.crossing).toBe(1)
})
