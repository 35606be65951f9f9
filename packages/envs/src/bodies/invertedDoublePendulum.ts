import type { Body } from '../mujoco/model.ts'
import { element } from '../mujoco/xml.ts'
import { cartGeom, poleGeom, rail } from './cart.ts'
import { derivedGroup } from './proprioception.ts'
import { startNearRest } from './start.ts'

/** source: Gymnasium `InvertedDoublePendulum-v5`. Two poles on a cart. The motor pushes with 500 N per unit of action. */
const LINKS = 2
const COORDINATES = 1 + LINKS
const GEAR = 500
const POLE = [0, 0, 0.6]
const POLE_RADIUS = 0.045
const START_NOISE = 0.1
/** Largest velocity and force of the observation. */
const CLIP = 10

const CLASS = 'inverted-double-pendulum'

const clip = (x: number): number => Math.min(Math.max(x, -CLIP), CLIP)

/** A cart on a rail of 2 m, with a pole on a hinge and another pole on top of it. */
export const invertedDoublePendulum: Body = {
  name: 'inverted-double-pendulum',
  source: 'Gymnasium InvertedDoublePendulum-v5',
  timing: { timestep: 0.01, frameSkip: 5 },
  // A hint of gravity along x, as published: the poles do not stay upright by themselves.
  physics: { integrator: 'RK4', gravity: [1e-5, 0, -9.81] },
  action: { low: [-1], high: [1] },
  surface: { contype: 0, friction: [1, 0.1, 0.1], pos: [0, 0, -3] },
  tip: (simulation, out) => {
    const sites = simulation.derived('site_xpos')
    out[0] = sites[0]
    out[1] = sites[2]
  },
  fragment: {
    default: [
      element('default', { class: CLASS }, [
        element('joint', { damping: 0.05 }),
        element('geom', { contype: 0, friction: [1, 0.1, 0.1] }),
      ]),
    ],
    worldbody: [
      rail(CLASS),
      element('body', { name: 'cart', childclass: CLASS }, [
        element('joint', { name: 'slider', type: 'slide', axis: [1, 0, 0], range: [-1, 1], margin: 0.01 }),
        cartGeom(),
        element('body', { name: 'pole' }, [
          element('joint', { name: 'hinge', type: 'hinge', axis: [0, 1, 0] }),
          poleGeom('pole', POLE_RADIUS, POLE),
          element('body', { name: 'pole2', pos: POLE }, [
            element('joint', { name: 'hinge2', type: 'hinge', axis: [0, 1, 0] }),
            poleGeom('pole2', POLE_RADIUS, POLE),
            element('site', { name: 'tip', pos: POLE, size: 0.01 }),
          ]),
        ]),
      ]),
    ],
    actuator: [element('motor', { name: 'slide', joint: 'slider', gear: GEAR, ctrlrange: [-1, 1] })],
  },
  proprioception: {
    /** The cart's position, sines and then cosines of the hinges, and the velocities. */
    proprio: {
      size: 1 + 2 * LINKS + COORDINATES,
      write: ({ qpos, qvel }, out) => {
        out[0] = qpos[0]
        for (let i = 1; i <= LINKS; i++) {
          out[i] = Math.sin(qpos[i])
          out[LINKS + i] = Math.cos(qpos[i])
        }
        for (let i = 0; i < COORDINATES; i++) out[1 + 2 * LINKS + i] = clip(qvel[i])
      },
    },
    /** The force with which the end of the rail holds the cart. */
    constraint: derivedGroup({ name: 'qfrc_constraint', from: 0, size: 1, clip: CLIP }),
  },
  start: startNearRest({ positions: START_NOISE, velocities: START_NOISE, law: 'normal' }),
}
