import type { EnvId } from '@maxent/envs'
import { createGait } from './gait.ts'
import { policy } from './learned.ts'
import { walkAntRllab } from './legs.ts'
import type { Witness } from './witness.ts'

const DEGREE = Math.PI / 180

/** The walk of the ant of rllab, in the larger steps of Gymnasium's ant, whose observation has no x and y. */
const antStep = (): ReturnType<typeof createGait> =>
  createGait({
    angles: [45, 135, 225, 315].map((angle) => angle * DEGREE),
    period: 20,
    swing: 0.5,
    lead: -0.95,
    move: (leg, { hip, lift }, { observation: { proprio }, action }) => {
      const motor = 2 * ((leg + 1) % 4)
      const side = leg === 0 || leg === 3 ? 1 : -1
      const ankle = side * (40.9 - 30.9 * lift) * DEGREE
      action[motor] = 0.7 * (hip - proprio[5 + 2 * leg]) - 0.1 * proprio[19 + 2 * leg]
      action[motor + 1] = 0.7 * (ankle - proprio[6 + 2 * leg]) - 0.1 * proprio[20 + 2 * leg]
    },
  })

const walkForward: Witness = {
  ids: ['ant', 'ant-v1'],
  claim: 'at the end the ant is 10 m ahead and has not fallen',
  begin: () => {
    const step = antStep()
    return (observation, action) => step({ direction: 0 }, { observation, action })
  },
  done: ({ info, terminated }) => info.xPosition >= 10 && !terminated,
}

/** Walks along the world's x axis: the group `orientation` tells the heading. */
const walkAlong = (ids: readonly EnvId[], claim: string, least: number): Witness => ({
  ids,
  claim,
  begin: () => {
    const drive = walkAntRllab()
    return (observation, action) => {
      const { orientation } = observation
      const yaw = Math.atan2(orientation[3], orientation[0])
      drive(observation, { ahead: Math.cos(yaw), left: -Math.sin(yaw) }, action)
    }
  },
  done: ({ return: total }) => total >= least,
})

/** A wave that runs along rllab's snake, whatever it feels: rad/s, by how much the rear lags, and seconds per action. */
const FREQUENCY = 2.5
const LAG = -1
const INTERVAL = 0.05

const wave: Witness = {
  ids: ['swimmer-rllab', 'swimmer-any-direction'],
  claim: 'the velocities that pay add up to 40 m/s, which are 2 m',
  begin: () => {
    let time = 0
    return (_, action) => {
      action[0] = Math.sin(FREQUENCY * time)
      action[1] = Math.sin(FREQUENCY * time + LAG)
      time += INTERVAL
    }
  },
  done: ({ return: total }) => total >= 40,
}

/** Runs as it was taught, with less effort the faster it is than it should be, and stands where it should hardly move. */
const keepVelocity: Witness = {
  ids: ['half-cheetah-velocity'],
  claim: 'the velocity is off by less than 1 m/s in the mean, costs of the action included',
  begin: async () => {
    const run = await policy('half-cheetah')
    let past = 0
    return async (observation, action) => {
      await run(observation, action)
      const wanted = observation.task[0]
      const error = wanted - observation.proprio[8]
      past = Math.min(Math.max(past + 0.005 * error, -0.4), 0.6)
      const effort = wanted < 0.3 ? 0 : Math.min(Math.max(0.4 + 0.4 * error + past, 0), 1)
      for (let i = 0; i < action.length; i++) action[i] *= effort
    }
  },
  done: ({ return: total, steps }) => total / steps >= -1,
}

export const locomotionWitnesses: readonly Witness[] = [
  walkForward,
  walkAlong(['ant-rllab'], 'the velocities along x add up to 500 m/s, which are 10 m', 500),
  walkAlong(['ant-any-direction'], 'the speeds add up to 1,000 m/s, which are 20 m', 1000),
  walkAlong(['ant-speed'], 'the speeds add up to 500 m/s, which are 10 m', 500),
  wave,
  keepVelocity,
]
