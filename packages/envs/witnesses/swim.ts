import type { Witness } from './witness.ts'

/** rad/s of the wave, and by how much the rear joint lags behind the front one; found by trying a few of each. */
const FREQUENCY = 4
const LAG = -1
/** Seconds per action of `swimmer`. */
const INTERVAL = 0.04

/** A wave that runs along the snake, whatever it feels. */
export const swimForward: Witness = {
  ids: ['swimmer'],
  claim: 'at the end the swimmer is 2 m ahead',
  begin: () => {
    let time = 0
    return (_, action) => {
      action[0] = Math.sin(FREQUENCY * time)
      action[1] = Math.sin(FREQUENCY * time + LAG)
      time += INTERVAL
    }
  },
  done: ({ info }) => info.xPosition >= 2,
}
