import type { Simulation } from './simulation.ts'
import { element } from './xml.ts'

const sensorName = (part: string, ground: string): string => `fall ${part} ${ground}`

/** Sensors that count the contacts between each frail part of a body and each geom of the ground. */
export function fallSensors(frail: readonly string[], ground: readonly string[]): string[] {
  return frail.flatMap((part) =>
    ground.map((geom) =>
      element('contact', { name: sensorName(part, geom), body1: part, geom2: geom, data: 'found', num: 1 }),
    ),
  )
}

/**
 * Tells whether a body lies on the ground: whether a part touches it that should not. Like all sensors of MuJoCo it tells of the
 * state at the beginning of the last time step.
 *
 * @throws RangeError when the model was not composed for a task that watches falls.
 */
export function watchFall(
  frail: readonly string[],
  simulation: Simulation,
  ground: readonly string[],
): () => boolean {
  const addresses = frail.flatMap((part) =>
    ground.map((geom) => simulation.address('sensor', sensorName(part, geom))),
  )
  return () => {
    const values = simulation.derived('sensordata')
    for (let i = 0; i < addresses.length; i++) if (values[addresses[i]] > 0) return true
    return false
  }
}
