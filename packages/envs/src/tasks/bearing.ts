import type { Body } from '../mujoco/model.ts'
import { ability } from '../mujoco/model.ts'
import type { Simulation } from '../mujoco/simulation.ts'
import { planeLength } from '../planeLength.ts'

/** Where a body is and heads, read once per step. Nothing is allocated in a step. */
export interface Bearing {
  /** x, y, and the cosine and sine of the heading: a group of observations. */
  readonly pose: Float32Array
  /** x, y and z of the root, m. */
  readonly position: Float64Array
  /** Reads them. */
  take(): void
  distance(x: number, y: number): number
  /** Writes places, each an x and a y, as the body sees them: how far ahead and how far to the left. */
  see(places: ArrayLike<number>, out: Float32Array): void
}

/** layout: length of {@link Bearing.pose}. */
export const POSE = 4

/**
 * Takes bearings of a body.
 *
 * @throws RangeError when the body has no place in the plane.
 */
export function takeBearings(body: Body, simulation: Simulation, task: string): Bearing {
  const root = ability(body, task, 'root')
  const pose = new Float32Array(POSE)
  const position = new Float64Array(3)
  let cosine = 1
  let sine = 0
  return {
    pose,
    position,
    take: () => {
      root.position(simulation, position)
      const yaw = root.yaw(simulation)
      cosine = Math.cos(yaw)
      sine = Math.sin(yaw)
      pose[0] = position[0]
      pose[1] = position[1]
      pose[2] = cosine
      pose[3] = sine
    },
    distance: (x, y) => planeLength(x - position[0], y - position[1]),
    see: (places, out) => {
      for (let i = 0; i < out.length; i += 2) {
        const dx = places[i] - position[0]
        const dy = places[i + 1] - position[1]
        out[i] = cosine * dx + sine * dy
        out[i + 1] = cosine * dy - sine * dx
      }
    },
  }
}
