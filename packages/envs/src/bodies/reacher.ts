import { foldIn, uniform } from '@maxent/core/keys'
import type { Body } from '../mujoco/model.ts'
import type { Simulation } from '../mujoco/simulation.ts'
import { element } from '../mujoco/xml.ts'

/** source: Gymnasium `Reacher-v5`. Lengths in metres; it lies in a plane at this height. */
const HEIGHT = 0.01
const LINK = 0.1
const LINK_RADIUS = 0.01
const TIP = 0.11
const GEAR = 200
/** Half the side of the table, and how far the target's slides go. */
const TABLE = 0.3
const SLIDE = 0.27
/** Where the target is placed in the model. */
const TARGET = [0.1, -0.1]
/** Targets lie within this distance of the shoulder. */
const REACH = 0.2
const LINKS = 2
/** Bodies by number: the world, two links, the fingertip, the target. */
const FINGERTIP = 3
const BODY_TARGET = 4
const START = { positions: 0.1, velocities: 0.005 }

const CLASS = 'reacher'

/** From the target to the fingertip along one axis. */
function gap(simulation: Simulation, axis: number): number {
  const places = simulation.derived('xpos')
  return places[3 * FINGERTIP + axis] - places[3 * BODY_TARGET + axis]
}

/** What is only seen. */
const SEEN = { class: CLASS, conaffinity: 0 }

/** A wall of the table; source: Gymnasium, model asset. */
const edge = (name: string, [x0, y0]: readonly number[], [x1, y1]: readonly number[]): string =>
  element('geom', {
    ...SEEN,
    name,
    type: 'capsule',
    size: 0.02,
    fromto: [x0 * TABLE, y0 * TABLE, HEIGHT, x1 * TABLE, y1 * TABLE, HEIGHT],
  })

const link = (name: string): string =>
  element('geom', { name, type: 'capsule', size: LINK_RADIUS, fromto: [0, 0, 0, LINK, 0, 0] })

const targetSlide = (name: string, axis: readonly number[], ref: number): string =>
  element('joint', { name, type: 'slide', axis, range: [-SLIDE, SLIDE], ref, armature: 0, damping: 0 })

/** A point uniform in the disc of the targets. */
function drawTarget(key: Parameters<Body['start']>[1]): [number, number] {
  for (let attempt = 0; ; attempt++) {
    const [a, b] = uniform(foldIn(key, attempt), 2)
    const target: [number, number] = [REACH * (2 * a - 1), REACH * (2 * b - 1)]
    if (Math.hypot(...target) < REACH) return target
  }
}

/** An arm of two links in a plane, and a target on two slides that no motor moves. */
export const reacher: Body = {
  name: 'reacher',
  source: 'Gymnasium Reacher-v5',
  timing: { timestep: 0.01, frameSkip: 2 },
  physics: { integrator: 'RK4' },
  action: { low: [-1, -1], high: [1, 1] },
  surface: {},
  distance: (simulation) => {
    const places = simulation.derived('xpos')
    let square = 0
    for (let i = 0; i < 3; i++) square += (places[3 * FINGERTIP + i] - places[3 * BODY_TARGET + i]) ** 2
    return Math.sqrt(square)
  },
  fragment: {
    default: [
      element('default', { class: CLASS }, [
        element('joint', { armature: 1, damping: 1 }),
        element('geom', { contype: 0, friction: [1, 0.1, 0.1] }),
      ]),
    ],
    worldbody: [
      element('geom', { ...SEEN, name: 'ground', type: 'plane', size: [1, 1, 10] }),
      edge('south', [-1, -1], [1, -1]),
      edge('east', [1, -1], [1, 1]),
      edge('north', [-1, 1], [1, 1]),
      edge('west', [-1, -1], [-1, 1]),
      element('geom', {
        ...SEEN,
        name: 'root',
        type: 'cylinder',
        size: 0.011,
        fromto: [0, 0, 0, 0, 0, 2 * HEIGHT],
      }),
      element('body', { name: 'upper', childclass: CLASS, pos: [0, 0, HEIGHT] }, [
        element('joint', { name: 'shoulder', type: 'hinge', axis: [0, 0, 1] }),
        link('upper'),
        element('body', { name: 'lower', pos: [LINK, 0, 0] }, [
          element('joint', { name: 'elbow', type: 'hinge', axis: [0, 0, 1], range: [-3, 3] }),
          link('lower'),
          element('body', { name: 'fingertip', pos: [TIP, 0, 0] }, [
            element('geom', { name: 'fingertip', type: 'sphere', size: LINK_RADIUS }),
          ]),
        ]),
      ]),
      element('body', { name: 'target', childclass: CLASS, pos: [...TARGET, HEIGHT] }, [
        targetSlide('targetx', [1, 0, 0], TARGET[0]),
        targetSlide('targety', [0, 1, 0], TARGET[1]),
        element('geom', { ...SEEN, name: 'target', type: 'sphere', size: 0.009 }),
      ]),
    ],
    actuator: ['shoulder', 'elbow'].map((joint) =>
      element('motor', { name: joint, joint, gear: GEAR, ctrlrange: [-1, 1] }),
    ),
  },
  proprioception: {
    /** Cosines and then sines of the joints. */
    proprio: {
      size: 2 * LINKS,
      write: ({ qpos }, out) => {
        for (let i = 0; i < LINKS; i++) {
          out[i] = Math.cos(qpos[i])
          out[LINKS + i] = Math.sin(qpos[i])
        }
      },
    },
    /** Where the target is. */
    target: {
      size: 2,
      write: ({ qpos }, out) => {
        for (let i = 0; i < 2; i++) out[i] = qpos[LINKS + i]
      },
    },
    /** Velocities of the joints. */
    velocity: {
      size: LINKS,
      write: ({ qvel }, out) => {
        for (let i = 0; i < LINKS; i++) out[i] = qvel[i]
      },
    },
    /** From the target to the fingertip. */
    gap: {
      size: 2,
      write: (simulation, out) => {
        for (let i = 0; i < 2; i++) out[i] = gap(simulation, i)
      },
    },
  },
  start: ({ qpos, qvel }, key) => {
    const shifts = uniform(foldIn(key, 'positions'), LINKS)
    const pushes = uniform(foldIn(key, 'velocities'), LINKS)
    for (let i = 0; i < LINKS; i++) {
      qpos[i] += START.positions * (2 * shifts[i] - 1)
      qvel[i] += START.velocities * (2 * pushes[i] - 1)
    }
    qpos.set(drawTarget(foldIn(key, 'target')), LINKS)
  },
}
