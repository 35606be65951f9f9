import type { Witness } from './witness.ts'

/** Energy per mass and length² of a rod of 1 m that stands still upright, in the units of `Pendulum-v1`: g / 2. */
const UPRIGHT = 5

/** Pumps energy into the swing, and holds the rod where the torque suffices. */
export const swingUp: Witness = {
  ids: ['pendulum'],
  claim: 'at the end the rod is upright within 0.1 rad, slower than 0.5 rad/s',
  begin: () => {
    return ({ proprio: [cosine, sine, speed] }, action) => {
      const angle = Math.atan2(sine, cosine)
      const energy = speed ** 2 / 6 + UPRIGHT * cosine
      const holds = Math.abs(angle) < 0.35 && Math.abs(speed) < 3
      action[0] = holds ? -10 * angle - 2.5 * speed : 10 * Math.sign(speed || 1) * (UPRIGHT - energy)
    }
  },
  done: ({ observation: { proprio } }) => Math.acos(proprio[0]) < 0.1 && Math.abs(proprio[2]) < 0.5,
}

/** Gains on positions and then velocities of linear-quadratic regulators at the upright state, with a unit cost of the action. */
const POLE_GAINS = [-0.722, -6.83, -0.923, -1.084]
const TWO_POLES_GAINS = [0.213, 1.813, 5.569, 0.315, 0.902, 0.848]

/** Linear feedback on cart and pole. */
export const balancePole: Witness = {
  ids: ['inverted-pendulum'],
  claim: 'the pole is within 0.2 rad for 1,000 steps',
  begin: () => {
    return ({ proprio }, action) => {
      action[0] = -POLE_GAINS.reduce((sum, gain, i) => sum + gain * proprio[i], 0)
    }
  },
  done: ({ steps, terminated }) => steps === 1000 && !terminated,
}

/** The same for two poles; sines stand for angles. */
export const balanceTwoPoles: Witness = {
  ids: ['inverted-double-pendulum'],
  claim: 'the tip is above 1 m for 1,000 steps',
  begin: () => {
    return ({ proprio: [x, sine1, sine2, , , speed, speed1, speed2] }, action) => {
      const state = [x, sine1, sine2, speed, speed1, speed2]
      action[0] = -TWO_POLES_GAINS.reduce((sum, gain, i) => sum + gain * state[i], 0)
    }
  },
  done: ({ steps, terminated }) => steps === 1000 && !terminated,
}
