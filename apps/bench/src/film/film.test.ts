import { envId, makeEnv } from '@maxent/envs'
import { createTrot } from '@maxent/envs/witnesses'
import { describe, expect, it } from 'vitest'
import { recordEpisode } from '../run/recordEpisode.ts'
import type { Film } from './film.ts'
import { cameras } from './index.ts'
import { halfCheetahPose } from './halfCheetah.ts'
import { minitaurNote, minitaurPose } from './minitaur.ts'
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

describe('the minitaur', () => {
  /** At a height and a pitch, with all motors at rest. */
  const note = (x: number, z: number, pitch: number): number[] => [
    x,
    z,
    pitch,
    0,
    ...Array<number>(8).fill(0),
  ]
  /** The lower end of the second link of every leg, ahead. */
  const toes = (pose: ReturnType<typeof minitaurPose>): (readonly [number, number])[] =>
    [0, 1, 2, 3].map((leg) => {
      const [, , x, z] = pose[4 + 4 * leg + 1]
      return [x, z]
    })

  it('stands at rest on toes straight below its hips', () => {
    const pose = minitaurPose(note(1, 0.22, 0))
    expect(pose).toHaveLength(4 + 16)
    // Knees 0.1046 ahead and 0.0479 below the hip, toes 0.1705 below the knees.
    const reach = 0.115 * Math.cos(Math.PI - 2) + Math.sqrt(0.2 ** 2 - (0.115 * Math.sin(Math.PI - 2)) ** 2)
    for (const [i, [x, z]] of toes(pose).entries()) {
      expect(x).toBeCloseTo(1 + (i % 2 === 0 ? 0.21 : -0.21))
      expect(z).toBeCloseTo(0.22 - reach * Math.cos(0.0872665))
    }
  })

  it('closes every leg in one toe, whatever its motors do', () => {
    const pose = minitaurPose([0, 0.2, 0.1, 0, 0.3, -0.1, 0.2, 0.4, -0.3, 0, 0.1, 0.5])
    for (let leg = 0; leg < 4; leg++) {
      const [first, second, third, fourth] = pose.slice(4 + 4 * leg)
      expect(second.slice(2)).toEqual(fourth.slice(2))
      const lengths = [first, second, third, fourth].map(([x1, y1, x2, y2]) => Math.hypot(x2 - x1, y2 - y1))
      expect(lengths).toEqual([0.115, 0.2, 0.115, 0.2].map((length) => expect.closeTo(length) as number))
    }
  })

  it('lowers its nose at a positive pitch, and swings a leg ahead at positive angles of both motors', () => {
    const [[, front, , bottom], , [, , , back]] = minitaurPose(note(0, 0.2, 0.3))
    expect(front).toBeLessThan(back)
    expect(bottom).toBeLessThan(front)
    const [[x]] = toes(minitaurPose([0, 0.2, 0, 0, 0.2, 0.2, 0, 0, 0, 0, 0, 0]))
    expect(x).toBeGreaterThan(0.22)
  })

  it('has its left legs higher than its right ones at a positive roll', () => {
    const [[, frontLeft], , [, frontRight]] = toes(
      minitaurPose([0, 0.2, 0, 0.1, ...Array<number>(8).fill(0)]),
    )
    expect(frontLeft - frontRight).toBeGreaterThan(2 * 0.1 * Math.sin(0.1))
  })

  const height = ({ ground, terrain = [] }: Film, x: number): number => {
    const next = terrain.findIndex(([at]) => at > x)
    if (terrain.length === 0) return ground
    if (next <= 0) return terrain[next === 0 ? 0 : terrain.length - 1][1]
    const [[x0, y0], [x1, y1]] = [terrain[next - 1], terrain[next]]
    return y0 + ((x - x0) / (x1 - x0)) * (y1 - y0)
  }

  it.each(['minitaur-walk', 'minitaur-slope', 'minitaur-blocks', 'minitaur-stairs'])(
    'trots on the ground of %s, and never through it',
    async (id) => {
      const env = await makeEnv(envId(id))
      const { low, high } = env.spec.action
      const [trot, action] = [createTrot(), new Float32Array(8)]
      const recording = await recordEpisode({
        env,
        policy: (observation) => {
          trot(observation, action)
          return action.map((value, i) => Math.min(Math.max(value, low[i]), high[i]))
        },
        seed: 1,
        steps: 500,
      })
      const blocks = id === 'minitaur-blocks' ? 7 : 0
      const { physics } = env.snapshot()
      expect(minitaurNote(physics, blocks).every(Number.isFinite)).toBe(true)
      env.close()
      expect(recording.observations).toHaveLength(Math.ceil(500 / 3))
      for (const [i, [x]] of recording.observations.entries())
        expect(x).toBeCloseTo(recording.info[i].xPosition, 3)
      const film = cameras[id].film([{ label: 'trot', recording }])
      const { poses } = film.lanes[0]
      expect(poses[0]).toHaveLength(4 + 16 + blocks)
      // The links are 5 mm thick on either side.
      const above = poses.flatMap((pose) => toes(pose).map(([x, z]) => z - height(film, x)))
      expect(Math.min(...above)).toBeGreaterThan(-0.01)
      const lowest = poses.map((pose) => Math.min(...toes(pose).map(([x, z]) => z - height(film, x))))
      expect(lowest.filter((gap) => gap < 0.02).length).toBeGreaterThan(0.7 * poses.length)
      const last = (i: number): number => recording.observations[recording.observations.length - 1][i]
      expect(last(0)).toBeGreaterThan(2)
      if (blocks > 0) {
        // Some block was pushed ahead, or over.
        const moved = Array.from({ length: blocks }, (_, i) =>
          Math.abs(last(12 + 4 * i) - recording.observations[0][12 + 4 * i]),
        )
        expect(Math.max(...moved)).toBeGreaterThan(0.02)
      }
    },
  )
})
