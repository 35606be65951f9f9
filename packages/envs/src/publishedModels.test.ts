import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { antV1, humanoidV1 } from './bodies/gymV1.ts'
import { quadruped } from './bodies/quadruped.ts'
import { antRllab, humanoidRllab, swimmerRllab } from './bodies/rllab.ts'
import { simpleHumanoid } from './bodies/simpleHumanoid.ts'
import { walkingAnt } from './bodies/walkingAnt.ts'
import { composeModel } from './mujoco/model.ts'
import { createSimulation } from './mujoco/simulation.ts'
import { halfCheetahRun } from './tasks/gymnasium.ts'

/** What MuJoCo makes of a published model. */
interface Published {
  readonly arrays: Record<string, number[]>
  /** Body, type, dimensions of contact, who touches whom, margin; size, place, friction and softness of each geom. */
  readonly geoms: readonly (readonly number[])[]
  readonly options: Record<string, number>
  /** What each motor gives at the most. */
  readonly most: number[]
}

const published = JSON.parse(
  readFileSync(new URL('../fixtures/published-models.json', import.meta.url), 'utf8'),
) as Record<string, Published>

const bodies = [
  swimmerRllab,
  antRllab,
  humanoidRllab,
  antV1,
  humanoidV1,
  simpleHumanoid,
  quadruped,
  walkingAnt,
]
const NUMBERS = ['geom_bodyid', 'geom_type', 'geom_condim', 'geom_contype', 'geom_conaffinity', 'geom_margin']
const LISTS = [
  ['geom_size', 3],
  ['geom_pos', 3],
  ['geom_friction', 3],
  ['geom_solref', 2],
  ['geom_solimp', 5],
] as const

/** Whether two lists agree to the ten digits of the fixture. */
const agree = (actual: ArrayLike<number>, expected: readonly number[]): boolean =>
  actual.length === expected.length &&
  expected.every((y, i) => Math.abs(actual[i] - y) <= 1e-9 + 1e-9 * Math.abs(y))

it.each(bodies)('$name compiles to the published model', async (body) => {
  const expected = published[body.name]
  const simulation = await createSimulation(composeModel(body, halfCheetahRun))
  const { model } = simulation.native
  const compiled = model as unknown as Record<string, ArrayLike<number>>
  const differing = Object.keys(expected.arrays).filter((name) => {
    const [own, theirs] = [Array.from(compiled[name]), [...expected.arrays[name]]]
    // The height of a start is our choice for this one.
    if (name === 'body_pos' && body === simpleHumanoid) own[5] = theirs[5]
    return !agree(own, theirs)
  })
  expect(differing).toEqual([])

  const geoms = Array.from({ length: model.ngeom }, (_, geom) => [
    ...NUMBERS.map((name) => compiled[name][geom]),
    ...LISTS.flatMap(([name, width]) =>
      Array.from({ length: width }, (__, i) => compiled[name][geom * width + i]),
    ),
  ]).filter(([owner]) => owner > 0)
  expect(geoms).toHaveLength(expected.geoms.length)
  // In whatever order within a body.
  for (const geom of geoms) expect(expected.geoms.some((theirs) => agree(geom, theirs))).toBe(true)
  for (const theirs of expected.geoms) expect(geoms.some((geom) => agree(geom, theirs))).toBe(true)

  const option = model.opt as unknown as Record<string, number>
  expect(
    Object.keys(expected.options).filter((name) => !agree([option[name]], [expected.options[name]])),
  ).toEqual([])
  const [gear, range] = [compiled.actuator_gear, compiled.actuator_ctrlrange]
  expect(
    agree(
      expected.most.map((_, i) => gear[6 * i] * range[2 * i + 1]),
      expected.most,
    ),
  ).toBe(true)
  simulation.close()
})
