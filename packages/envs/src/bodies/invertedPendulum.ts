import type { Body } from '../mujoco/model.ts'
import { element } from '../mujoco/xml.ts'
import { cartGeom, poleGeom, rail } from './cart.ts'
import { jointGroup } from './proprioception.ts'
import { startNearRest } from './start.ts'

/** source: Gymnasium `InvertedPendulum-v5`. The motor pushes with 100 N per unit of action. */
const MAX_ACTION = 3
const GEAR = 100
/** Farthest lean of the pole that counts as balanced, rad. */
const MAX_LEAN = 0.2
const START_NOISE = 0.01

const CLASS = 'inverted-pendulum'

/** A cart on a rail of 2 m, with a pole on a hinge. */
export const invertedPendulum: Body = {
  name: 'inverted-pendulum',
  source: 'Gymnasium InvertedPendulum-v5',
  timing: { timestep: 0.02, frameSkip: 2 },
  physics: { integrator: 'RK4' },
  action: { low: [-MAX_ACTION], high: [MAX_ACTION] },
  surface: { contype: 0 },
  healthy: ({ qpos }) => Math.abs(qpos[1]) <= MAX_LEAN,
  fragment: {
    default: [
      element('default', { class: CLASS }, [
        element('joint', { armature: 0, damping: 1 }),
        element('geom', { contype: 0, friction: [1, 0.1, 0.1] }),
      ]),
    ],
    worldbody: [
      rail(CLASS),
      element('body', { name: 'cart', childclass: CLASS }, [
        element('joint', { name: 'slider', type: 'slide', axis: [1, 0, 0], range: [-1, 1] }),
        cartGeom(),
        element('body', { name: 'pole' }, [
          element('joint', {
            name: 'hinge',
            type: 'hinge',
            axis: [0, 1, 0],
            range: [-Math.PI / 2, Math.PI / 2],
          }),
          poleGeom('pole', 0.049, [0.001, 0, 0.6]),
        ]),
      ]),
    ],
    actuator: [
      element('motor', { name: 'slide', joint: 'slider', gear: GEAR, ctrlrange: [-MAX_ACTION, MAX_ACTION] }),
    ],
  },
  proprioception: { proprio: jointGroup({ positions: 2, velocities: 2, skip: 0 }) },
  start: startNearRest({ positions: START_NOISE, velocities: START_NOISE, law: 'uniform' }),
}
