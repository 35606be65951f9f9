import type { Body, ModelFragment } from '../mujoco/model.ts'
import type { Attributes } from '../mujoco/xml.ts'
import { element } from '../mujoco/xml.ts'
import { jointGroup } from './proprioception.ts'
import { uprightRoot } from './root.ts'
import { startNearRest } from './start.ts'

/** source: Gymnasium `Swimmer-v5`: three links of 1 m in a fluid. */
const RADIUS = 0.1
const BEND = (100 * Math.PI) / 180
const GEAR = 150
export const MEDIUM: Attributes = { density: 4000, viscosity: 0.1 }
const START_NOISE = 0.1

const MOTORS = ['front', 'back']
/** x, y and heading of the first link, and the two joints. */
export const COORDINATES: number = 3 + MOTORS.length

/** A link from `front` to `back` along its x axis. */
const link = (name: string, front: number, back: number): string =>
  element('geom', { name, type: 'capsule', size: RADIUS, fromto: [front, 0, 0, back, 0, 0] })

const bend = (name: string): string =>
  element('joint', { name, type: 'hinge', axis: [0, 0, 1], range: [-BEND, BEND] })

/** What differs between Gymnasium's snake and rllab's. */
interface Snake {
  readonly name: string
  /** Torque in N m at the action 1. */
  readonly gear: number
  readonly armature: number
}

/** Three links that nothing touches. */
export function snake({ name, gear, armature }: Snake): ModelFragment {
  // source: the same.
  return {
    default: [
      element('default', { class: name }, [
        element('joint', { armature }),
        element('geom', { contype: 0, conaffinity: 0, condim: 1, density: 1000 }),
      ]),
    ],
    worldbody: [
      element('body', { name: 'front', childclass: name }, [
        element('joint', { name: 'x', type: 'slide', axis: [1, 0, 0] }),
        element('joint', { name: 'y', type: 'slide', axis: [0, 1, 0] }),
        element('joint', { name: 'heading', type: 'hinge', axis: [0, 0, 1] }),
        link('front', 1.5, 0.5),
        element('body', { name: 'middle', pos: [0.5, 0, 0] }, [
          bend('front'),
          link('middle', 0, -1),
          element('body', { name: 'back', pos: [-1, 0, 0] }, [bend('back'), link('back', 0, -1)]),
        ]),
      ]),
    ],
    actuator: MOTORS.map((joint) => element('motor', { name: joint, joint, gear, ctrlrange: [-1, 1] })),
  }
}

/** What snakes have in common; source: the same. */
export const snakeBody: Pick<Body, 'action' | 'surface' | 'forward' | 'root'> = {
  action: { low: MOTORS.map(() => -1), high: MOTORS.map(() => 1) },
  surface: { contype: 0, conaffinity: 0, pos: [0, 0, -0.1], size: [40, 40, 0.1] },
  forward: ({ qpos }) => qpos[0],
  root: uprightRoot({ x: 0, y: 1, height: 0, yaw: 2 }),
}

/** A snake of three links that swims in a plane; nothing touches it but the fluid. */
export const swimmer: Body = {
  name: 'swimmer',
  source: 'Gymnasium Swimmer-v5',
  timing: { timestep: 0.01, frameSkip: 4 },
  physics: { integrator: 'RK4', ...MEDIUM },
  ...snakeBody,
  fragment: snake({ name: 'swimmer', gear: GEAR, armature: 0.1 }),
  /** Every position but x and y, then every velocity. */
  proprioception: { proprio: jointGroup({ positions: COORDINATES, velocities: COORDINATES, skip: 2 }) },
  start: startNearRest({ positions: START_NOISE, velocities: START_NOISE, law: 'uniform' }),
}
