import type { Body } from '../mujoco/model.ts'
import type { Simulation } from '../mujoco/simulation.ts'

/** How far the origin of a part is from a point, m. */
export function apart(simulation: Simulation, part: number, point: ArrayLike<number>): number {
  const places = simulation.derived('xpos')
  const x = places[3 * part] - point[0]
  const y = places[3 * part + 1] - point[1]
  const z = places[3 * part + 2] - point[2]
  return Math.sqrt(x * x + y * y + z * z)
}

/** What actions cost: a weight times the sum of their squares, each as a share of its bound. Actions beyond the bounds count as given. */
export function costOf({ action: { high } }: Body, weight: number): (action: Float32Array) => number {
  return (action) => {
    let sum = 0
    for (let i = 0; i < high.length; i++) sum += (action[i] / high[i]) ** 2
    return weight * sum
  }
}
