import type { Observation, ObservationSpec } from '@maxent/core/contracts'

/**
 * Checks that an observation has the groups and lengths of its spec.
 * @throws RangeError that names the group.
 */
export function checkObservation(caller: string, spec: ObservationSpec, observation: Observation): void {
  for (const name in spec) {
    const values = observation[name]
    if (values !== undefined && values.length === spec[name]) continue
    throw new RangeError(
      `${caller}: observation group "${name}" must have length ${spec[name]}, got ` +
        `${values === undefined ? 'no such group' : `length ${values.length}`}; the environment's spec and its observations must agree`,
    )
  }
  for (const name in observation) {
    if (name in spec) continue
    throw new RangeError(
      `${caller}: observation groups must be ${Object.keys(spec).join(', ')}, got a group "${name}" beside them; ` +
        `the environment's spec and its observations must agree`,
    )
  }
}
