import type { Witness } from './witness.ts'

const clip = (x: number): number => Math.min(Math.max(x, -1), 1)

/** A wave along the snake, the back joint behind the front one, which a turn of the first link bends a little. */
export const swimPast: Witness = {
  ids: ['swimmer-finish-line'],
  claim: 'at the end the snake is beyond the line, 0.75 m from the start',
  begin: () => {
    let t = 0
    return ({ proprio }, action) => {
      for (let joint = 0; joint < 2; joint++) {
        const bend = 0.932 * Math.sin(0.0997 * t - 0.846 * joint) - 0.098 * clip(proprio[2])
        action[joint] = 2.23 * (bend - proprio[3 + joint])
      }
      t++
    }
  },
  done: ({ info }) => info.success === 1,
}

/** Rolls along the corridor and kicks itself off just before the gap. */
export const jumpOver: Witness = {
  ids: ['jumping-ball-gap'],
  claim: 'the ball reaches the end of the corridor',
  begin: () => {
    return ({ proprio: [, , , rate], gap: [middle, length] }, action) => {
      const edge = middle - length / 2
      action[0] = 1
      action[1] = -rate
      action[2] = edge < 0.8 && edge > -2 ? 1 : -1
    }
  },
  done: ({ info }) => info.success === 1,
}

/** Rolls straight ahead. */
export const rollAhead: Witness = {
  ids: ['ball-speed'],
  claim: 'the speeds add up to 500 m/s',
  begin: () => (_, action) => {
    action[0] = 1
    action[1] = 0
  },
  done: ({ return: total }) => total >= 500,
}
