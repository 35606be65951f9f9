import { describe, expect, it } from 'vitest'
import { ball, jumpingBall } from './bodies/ball.ts'
import { halfCheetahV1, hopperV1, walker2dV1 } from './bodies/gymV1.ts'
import type { Body } from './mujoco/model.ts'
import { composeModel } from './mujoco/model.ts'
import { createSimulation } from './mujoco/simulation.ts'
import { halfCheetahRun } from './tasks/gymnasium.ts'

const DEGREE = Math.PI / 180

/** Mass of a capsule of a radius and a length between the middles of its caps, in kg at the density of water. */
const capsule = (radius: number, length: number): number =>
  1000 * Math.PI * (radius ** 2 * length + (4 / 3) * radius ** 3)

/** Arrays of a compiled body, without the world and the floor. */
interface Compiled {
  readonly masses: number[]
  /** Of each joint: its least and its largest position. */
  readonly ranges: number[]
  readonly stiffness: number[]
  readonly armature: number[]
  readonly damping: number[]
  readonly gears: number[]
  /** Start of the joints' coordinates. */
  readonly rest: number[]
  /** Radius, then half length where it has one, of each geom. */
  readonly sizes: number[]
  readonly inertia: number[]
  readonly condim: number[]
  /** Of each geom: sliding, twisting, rolling. */
  readonly friction: number[]
}

async function compile(body: Body): Promise<Compiled> {
  const simulation = await createSimulation(composeModel(body, halfCheetahRun))
  const { model } = simulation.native
  const array = (name: string): number[] =>
    Array.from((model as unknown as Record<string, ArrayLike<number>>)[name])
  const owners = array('geom_bodyid')
  const geoms = (name: string, width: number): number[] =>
    array(name).filter((_, i) => owners[Math.floor(i / width)] > 0)
  const compiled = {
    masses: array('body_mass').slice(1),
    ranges: array('jnt_range'),
    stiffness: array('jnt_stiffness'),
    armature: array('dof_armature'),
    damping: array('dof_damping'),
    gears: array('actuator_gear').filter((_, i) => i % 6 === 0),
    rest: array('qpos0'),
    sizes: geoms('geom_size', 3),
    inertia: array('body_inertia').slice(3),
    condim: geoms('geom_condim', 1),
    friction: geoms('geom_friction', 3),
  }
  simulation.close()
  return compiled
}

/** Numbers that must agree to nine decimals. */
function close(actual: readonly number[], expected: readonly number[]): void {
  expect(actual).toHaveLength(expected.length)
  expected.forEach((y, i) => expect(actual[i], `entry ${i}`).toBeCloseTo(y, 9))
}

const sliding = ({ friction }: Compiled): number[] => friction.filter((_, i) => i % 3 === 0)
const times = (count: number, value: number): number[] => Array.from({ length: count }, () => value)

/** Model assets of OpenAI Gym 0.7.4, worked out by hand. */
describe('OpenAI Gym’s planar bodies have the published numbers:', () => {
  const trunk = capsule(0.05, 0.4)
  const [thigh, shin] = [capsule(0.05, 0.45), capsule(0.04, 0.5)]
  const leg = [-150, 0, -150, 0, -45, 45].map((angle) => angle * DEGREE)

  it('hopper-v1', async () => {
    const model = await compile(hopperV1)
    close(model.masses, [trunk, thigh, shin, capsule(0.06, 0.39)])
    close(
      model.masses.map((mass) => Math.round(100 * mass) / 100),
      [3.67, 4.06, 2.78, 5.32],
    )
    close(sliding(model), [0.9, 0.9, 0.9, 2])
    close(model.ranges.slice(6), leg)
    close(model.gears, times(3, 200))
    close(model.armature, [...times(3, 0), ...times(3, 1)])
    close(model.damping, [...times(3, 0), ...times(3, 1)])
    close(model.rest, [0, 1.25, 0, 0, 0, 0])
    expect(hopperV1.timing).toEqual({ timestep: 0.002, frameSkip: 4 })
  })

  it('walker2d-v1, whose right foot slips more than the left', async () => {
    const model = await compile(walker2dV1)
    const foot = capsule(0.06, 0.2)
    close(model.masses, [trunk, thigh, shin, foot, thigh, shin, foot])
    expect(foot).toBeCloseTo(3.17, 2)
    close(sliding(model), [0.9, 0.9, 0.9, 0.9, 0.9, 0.9, 1.9])
    close(model.ranges.slice(6), [...leg, ...leg])
    close(model.gears, times(6, 100))
    close(model.armature, [...times(3, 0), ...times(6, 0.01)])
    close(model.damping, [...times(3, 0), ...times(6, 0.1)])
    close(model.rest, [0, 1.25, ...times(7, 0)])
    expect(walker2dV1.timing).toEqual({ timestep: 0.002, frameSkip: 4 })
  })

  it('half-cheetah-v1', async () => {
    const model = await compile(halfCheetahV1)
    // Torso and head, then thigh, shin and foot of the back leg and of the front one, scaled to 14 kg in all.
    const lengths = [0.29, 0.3, 0.188, 0.266, 0.212, 0.14]
    const volumes = [capsule(0.046, 1) + capsule(0.046, 0.3), ...lengths.map((l) => capsule(0.046, l))]
    const whole = volumes.reduce((sum, volume) => sum + volume, 0)
    close(
      model.masses,
      volumes.map((volume) => (14 * volume) / whole),
    )
    close(sliding(model), times(8, 0.4))
    close(model.ranges.slice(6), [-0.52, 1.05, -0.785, 0.785, -0.4, 0.785, -1, 0.7, -1.2, 0.87, -0.5, 0.5])
    close(model.gears, [120, 90, 60, 120, 60, 30])
    close(model.stiffness, [...times(3, 0), 240, 180, 120, 180, 120, 60])
    close(model.damping, [...times(3, 0), 6, 4.5, 3, 4.5, 3, 1.5])
    close(model.armature, [...times(3, 0), ...times(6, 0.1)])
    expect(halfCheetahV1.timing).toEqual({ timestep: 0.01, frameSkip: 5 })
  })
})

/** dm_control, locomotion: the ball with a head. */
describe('balls have the published numbers:', () => {
  it.each([
    ['ball', ball, 0],
    ['jumping-ball', jumpingBall, 1],
  ] as const)('%s', async (_, body, kicks) => {
    const model = await compile(body)
    // Head, camera, wheel.
    close(model.masses, [20, 1, 1])
    const head = model.inertia.slice(0, 3).toSorted((a, b) => a - b)
    for (const [i, moment] of [0.11, 0.11, 0.147].entries()) expect(head[i]).toBeCloseTo(moment, 3)
    close(model.inertia.slice(-3), times(3, 0.4 * 0.2 ** 2))
    close(model.sizes.slice(-3, -2), [0.2])
    close(model.damping, [0, 0, 0, 4, ...times(kicks, 100), 2])
    close(model.gears, [50, 30, ...times(kicks, 1000)])
    close(model.ranges.slice(8, 8 + 2 * kicks), kicks === 0 ? [] : [0, 0.4])
    close(model.condim, times(4, 4))
    close(model.friction, Array.from({ length: 4 }, () => [0.5, 0.02, 0.02]).flat())
    expect(body.action.low).toHaveLength(2 + kicks)
  })
})
