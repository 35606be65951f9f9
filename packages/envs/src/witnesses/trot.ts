import type { Observation } from '@maxent/core/contracts'

/** A trot of the minitaur: seconds per action, cycles per second, swing and extension about their middles, rad, and the lead of one. */
const INTERVAL = 0.02
const FREQUENCY = 2.61
const SWING = { middle: 0.042, size: 0.547 }
const EXTENSION = { middle: 0.097, size: 0.281, lead: 3.765 }
/** What pitch and roll, with some of their rates, add to swing and extension. */
const BALANCE = { pitch: 0.515, roll: 0.813, swing: 0.305, rate: 0.041 }
/** The legs: ahead and to the left count positive. Those across from each other move together. */
const LEGS = [
  { x: 1, y: 1, phase: 0 },
  { x: -1, y: 1, phase: Math.PI },
  { x: 1, y: -1, phase: Math.PI },
  { x: -1, y: -1, phase: 0 },
]
/** Where roll, pitch and their rates stand in what it senses. */
const ROLL = 2 * LEGS.length

/**
 * A trot for one episode of `minitaur-walk`, `minitaur-slope`, `minitaur-blocks` or `minitaur-stairs`: it trots ahead, and stretches the
 * legs on the side to which it leans. Parameters are searched, none is of a publication.
 *
 * @returns Reads the group `proprio` of an observation and writes the eight entries of an action, some beyond the bounds: whoever steps an
 * environment with it clips them. Call it once per step, from the first: it counts time.
 */
export function createTrot(): (observation: Observation, action: Float32Array) => void {
  let time = 0
  return ({ proprio }, action) => {
    const [roll, pitch, rollRate, pitchRate] = proprio.subarray(ROLL, ROLL + 4)
    for (const [leg, { x, y, phase }] of LEGS.entries()) {
      const angle = 2 * Math.PI * FREQUENCY * time + phase
      action[leg] = SWING.middle + BALANCE.swing * pitch + SWING.size * Math.sin(angle)
      action[LEGS.length + leg] =
        EXTENSION.middle +
        x * BALANCE.pitch * (pitch + BALANCE.rate * pitchRate) -
        y * BALANCE.roll * (roll + BALANCE.rate * rollRate) +
        EXTENSION.size * Math.sin(angle + EXTENSION.lead)
    }
    time += INTERVAL
  }
}
