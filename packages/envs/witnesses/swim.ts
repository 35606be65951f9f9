import type { Witness } from './witness.ts'

/** rad/s of the wave, and by how much the rear joint lags behind the front one; found by trying a few of each. */
const FREQUENCY = 3
const LAG = -1
/** Both joints bend against the heading by this much per rad. */
const STEERING = 0.3
/** Seconds per action of `swimmer`. */
const INTERVAL = 0.04

/** A wave that runs along the snake, which steers by its heading. */
export const swimForward: Witness = {
  ids: ['swimmer'],
  claim: 'at the end the swimmer is 3 m ahead',
  begin: () => {
    let time = 0
    return ({ proprio: [heading] }, action) => {
      action[0] = Math.sin(FREQUENCY * time) + STEERING * heading
      action[1] = Math.sin(FREQUENCY * time + LAG) + STEERING * heading
      time += INTERVAL
    }
  },
  done: ({ info }) => info.xPosition >= 3,
}
