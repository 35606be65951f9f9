import type { Driver } from './drivers.ts'
import type { Legs } from './gait.ts'
import { createGait } from './gait.ts'

const DEGREE = Math.PI / 180
/** Goes wherever it is sent on four legs, without turning unless it is told to. */
const walk = (legs: Legs): Driver => {
  const step = createGait(legs)
  return (observation, { ahead, left, turn = 0 }, action) =>
    step({ direction: Math.atan2(left, ahead), turn }, { observation, action })
}

/** The ant of rllab: motors go round from the last leg; the ankles of the legs behind turn the other way. */
export const walkAntRllab = (): Driver =>
  walk({
    angles: [45, 135, 225, 315].map((angle) => angle * DEGREE),
    period: 0.465 / 0.02,
    swing: 0.684,
    lead: -0.95,
    move: (leg, { hip, lift }, { observation: { proprio }, action }) => {
      const motor = 2 * ((leg + 1) % 4)
      const side = leg === 0 || leg === 3 ? 1 : -1
      const ankle = side * (40.9 - 30.9 * lift) * DEGREE
      action[motor] = 3.16 * (hip - proprio[7 + 2 * leg]) - 0.16 * proprio[21 + 2 * leg]
      action[motor + 1] = 3.16 * (ankle - proprio[8 + 2 * leg]) - 0.16 * proprio[22 + 2 * leg]
    },
  })

/** The heavy ant. */
export const walkAnt = (): Driver =>
  walk({
    angles: [45, -45, -135, 135].map((angle) => angle * DEGREE),
    period: 0.556 / 0.025,
    swing: 0.835,
    lead: -1.663,
    move: (leg, { hip, lift }, { observation: { proprio }, action }) => {
      const ankle = (19.6 * lift - 10.9) * DEGREE
      action[2 * leg] = 8.59 * (hip - proprio[2 * leg]) - 0.255 * proprio[8 + 2 * leg]
      action[2 * leg + 1] = 8.59 * (ankle - proprio[2 * leg + 1]) - 0.255 * proprio[9 + 2 * leg]
    },
  })

/** How the quadruped walks: s per cycle, the lead of its feet, rad, and its servos to lift, to reach out and to stretch a leg. */
interface Walk {
  readonly period: number
  readonly lead: number
  readonly lift: number
  readonly reach: number
  readonly stretch: number
}
const ON_ITS_WAY: Walk = { period: 0.285, lead: -0.659, lift: 1.56, reach: 1.19, stretch: 0.0147 }
/** Its torso pushes, its knees stay above a box, and its feet beside it. */
const PUSHING: Walk = { period: 0.226, lead: -0.897, lift: 1.93, reach: 1.11, stretch: 0.233 }

/** The quadruped, whose servos turn, lift and stretch its legs; `interval` is the time between actions. */
const quadruped = (interval: number, { period, lead, lift: high, reach: far, stretch }: Walk): Driver =>
  walk({
    angles: [45, -45, -135, 135].map((angle) => angle * DEGREE),
    period: period / interval,
    swing: 1.33,
    lead,
    move: (leg, { hip, reach, lift }, { action }) => {
      action[3 * leg] = hip
      action[3 * leg + 1] = 0.413 - high * lift
      action[3 * leg + 2] = stretch + far * reach
    },
  })

export const walkQuadruped = (interval: number): Driver => quadruped(interval, ON_ITS_WAY)
export const pushQuadruped = (interval: number): Driver => quadruped(interval, PUSHING)
