import type { Body } from '../mujoco/model.ts'
import { ability } from '../mujoco/model.ts'
import type { Simulation } from '../mujoco/simulation.ts'

/** layout: the body comes first in the model; everything that hangs on it has it as its root. */
const FIRST = 1

/** Radius of the upright cylinder about its root that holds a body at rest, m. 0 where nothing of it touches anything. */
export function bodyRadius(simulation: Simulation): number {
  simulation.resetData()
  simulation.forward()
  const { model } = simulation.native
  const [owners, roots] = [model.geom_bodyid as Int32Array, model.body_rootid as Int32Array]
  const [types, affinities] = [model.geom_contype as Int32Array, model.geom_conaffinity as Int32Array]
  const bounds = model.geom_rbound as Float64Array
  const places = simulation.derived('geom_xpos')
  const root = simulation.derived('xpos').subarray(3 * FIRST, 3 * FIRST + 2)
  let radius = 0
  for (let geom = 0; geom < owners.length; geom++) {
    if (roots[owners[geom]] !== FIRST || (types[geom] === 0 && affinities[geom] === 0)) continue
    const away = Math.hypot(places[3 * geom] - root[0], places[3 * geom + 1] - root[1])
    radius = Math.max(radius, away + bounds[geom])
  }
  return radius
}

/**
 * Checks that a body can be held by walls and fits between them.
 *
 * @throws RangeError when it passes through walls, or is larger than the room.
 */
export function checkFit(task: string, body: Body, arena: { simulation: Simulation; room: number }): void {
  const radius = bodyRadius(arena.simulation)
  if (radius === 0) {
    throw new RangeError(
      `${task}: body must touch walls, got "${body.name}", which nothing touches, take another body`,
    )
  }
  if (radius >= arena.room) {
    throw new RangeError(
      `${task}: body must be smaller than a radius of ${arena.room} m, got "${body.name}" of ${radius.toFixed(2)} m, take a smaller body`,
    )
  }
}

/** How far below the platforms are put to see whether a body falls; source: none, it has no part in episodes. */
const AWAY = 100
const TRIAL_STEPS = 50
const FALL = 0.01

/**
 * Checks that a body falls where nothing holds it up: every mocap body is taken away for a moment.
 *
 * @throws RangeError when it stays where it is.
 */
export function checkFalls(task: string, body: Body, simulation: Simulation): void {
  const root = ability(body, task, 'root')
  const position = new Float64Array(3)
  simulation.resetData()
  const places = simulation.derived('mocap_pos')
  for (let i = 2; i < places.length; i += 3) places[i] -= AWAY
  root.position(simulation, position)
  const height = position[2]
  simulation.advance(TRIAL_STEPS)
  root.position(simulation, position)
  if (position[2] > height - FALL) {
    throw new RangeError(
      `${task}: body must fall where there is no ground, got "${body.name}", which floats, take another body`,
    )
  }
}
