import { describe, expect, it } from 'vitest'
import { halfCheetahPose } from './halfCheetah.ts'
import { pendulumCamera } from './pendulum.ts'

describe('the half-cheetah', () => {
  it('stands with a level torso, both feet just above the ground, at position zero', () => {
    const [torso, , , , backFoot, , , frontFoot] = halfCheetahPose(Array<number>(9).fill(0))
    expect(torso).toEqual([-0.5, 0.7, 0.5, 0.7].map((x) => expect.closeTo(x) as number))
    for (const [, y1, , y2] of [backFoot, frontFoot]) {
      expect(Math.min(y1, y2)).toBeGreaterThan(0)
      expect(Math.min(y1, y2)).toBeLessThan(0.2)
    }
  })

  it('moves as a whole with x and z', () => {
    const at = halfCheetahPose([2, 0.1, 0, 0, 0, 0, 0, 0, 0])
    const origin = halfCheetahPose(Array<number>(9).fill(0))
    at.forEach((segment, i) => {
      expect(segment).toEqual(origin[i].map((v, j) => expect.closeTo(v + (j % 2 === 0 ? 2 : 0.1)) as number))
    })
  })

  it('lowers its nose at a positive pitch', () => {
    const [[, back, , front]] = halfCheetahPose([0, 0, 0.3, 0, 0, 0, 0, 0, 0])
    expect(front).toBeLessThan(back)
  })
})

describe('the pendulum', () => {
  it('points up at angle zero', () => {
    const { lanes } = pendulumCamera.film([
      { label: 'up', recording: { observations: [[1, 0, 0]], info: [{}] } },
      { label: 'down', recording: { observations: [[-1, 0, 0]], info: [{}] } },
    ])
    expect(lanes.map(({ label }) => label)).toEqual(['up', 'down'])
    expect(lanes[0].poses[0][0]).toEqual([0, 0, expect.closeTo(0), 1])
    expect(lanes[1].poses[0][0]).toEqual([0, 0, expect.closeTo(0), -1])
  })
})
