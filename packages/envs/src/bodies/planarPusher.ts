import { foldIn, uniform } from '@maxent/core/keys'
import { chosen } from '../chosen.ts'
import type { Body } from '../mujoco/model.ts'
import type { Attributes } from '../mujoco/xml.ts'
import { element } from '../mujoco/xml.ts'
import { joinGroups, stateGroup } from './egocentric.ts'
import { derivedGroup } from './proprioception.ts'

/** source: released code of Haarnoja et al. 2017, its pusher. Metres, radians, N m; how the links are mounted, shoulder first. */
const LINK = { length: 0.4, radius: 0.06, height: -0.075 }
const MOUNTS = [0.785, -0.785, -1.57]
const RANGES = [
  [-2.5, 2.5],
  [-2.3213, 2.3],
  [-2.3213, 2.3],
]
const TORQUE = 3
const POST = { radius: 0.12, half: 0.1 }
/** source: the same. Half the width of the fork at the end of the arm, the length of its prongs, and their radius. */
const FORK = { half: 0.2, length: 0.2, radius: 0.04 }
/** source: the same. A cylinder on two slides. */
const PUCK = { radius: 0.1, half: 0.1, height: -0.1 }
const SLIDE: Attributes = { type: 'slide', range: [-10.3213, 10.3], damping: 0.5 }
const JOINT: Attributes = { armature: 0.04, damping: 1 }
const GEOM: Attributes = { friction: [0.8, 0.1, 0.1], density: 300, margin: 0.002, condim: 1 }
/** source: the same. The arm starts within this of rest, the puck in a rectangle and no nearer to a corner of it. */
const NOISE = 0.1
const START = { x: [0.3, 1], y: [-1, -0.4], corner: [1, -1], least: 0.45 } as const

const DENSITY = chosen(
  'density of the puck, kg/m³',
  1,
  'the published 1e-5 has so little mass that arms pass through it since MuJoCo 3; 6 g add little to the 40 g of armature of its slides',
)

const CLASS = 'planar-pusher'
/** layout: joints of the arm; and bodies by number, after the world, the post and the links. */
const ARM = 3
const HAND = 5
const PUCK_BODY = 6

const bar = (fromto: readonly number[], size: number): string =>
  element('geom', { type: 'capsule', fromto, size })

/** The links from one on, each hanging on the one before, with the fork at the end. */
function linksFrom(index: number): string {
  const { length, radius, height } = LINK
  if (index === ARM) {
    const { half, length: prong, radius: thin } = FORK
    return element('body', { name: 'fork', pos: [length, 0, 0] }, [
      bar([0, -half, 0, 0, half, 0], thin),
      bar([0, -half, 0, prong, -half, 0], thin),
      bar([0, half, 0, prong, half, 0], thin),
    ])
  }
  const half = MOUNTS[index] / 2
  const pos = index === 0 ? [0, 0, height] : [length, 0, 0]
  return element('body', { name: `link${index}`, pos, quat: [Math.cos(half), 0, 0, Math.sin(half)] }, [
    element('joint', { name: `joint${index}`, type: 'hinge', axis: [0, 0, 1], range: RANGES[index] }),
    bar([0, 0, 0, length, 0, 0], radius),
    linksFrom(index + 1),
  ])
}

/** Where the puck begins, x and y. */
function drawPuck(key: Parameters<Body['start']>[1]): [number, number] {
  for (let attempt = 0; ; attempt++) {
    const [u, v] = uniform(foldIn(key, attempt), 2)
    const x = START.x[0] + (START.x[1] - START.x[0]) * u
    const y = START.y[0] + (START.y[1] - START.y[0]) * v
    if (Math.hypot(x - START.corner[0], y - START.corner[1]) > START.least) return [x, y]
  }
}

/** An arm of three joints in a plane that ends in a fork, and a puck; no gravity. */
export const planarPusher: Body = {
  name: 'planar-pusher',
  source: 'released code of Haarnoja et al. 2017',
  chosen: [DENSITY],
  timing: { timestep: 0.01, frameSkip: 5 },
  physics: { gravity: [0, 0, 0], integrator: 'Euler' },
  action: { low: Array<number>(ARM).fill(-TORQUE), high: Array<number>(ARM).fill(TORQUE) },
  surface: {},
  feelsPose: true,
  pushes: { hand: HAND, object: PUCK_BODY },
  fragment: {
    default: [element('default', { class: CLASS }, [element('joint', JOINT), element('geom', GEOM)])],
    worldbody: [
      element('body', { name: 'post', childclass: CLASS }, [
        bar([0, 0, -POST.half, 0, 0, POST.half], POST.radius),
        linksFrom(0),
      ]),
      element('body', { name: 'puck', childclass: CLASS, pos: [0, 0, PUCK.height] }, [
        element('geom', {
          name: 'puck',
          type: 'cylinder',
          size: [PUCK.radius, PUCK.half],
          density: DENSITY.value,
        }),
        element('joint', { name: 'puck_x', axis: [1, 0, 0], ...SLIDE }),
        element('joint', { name: 'puck_y', axis: [0, 1, 0], ...SLIDE }),
      ]),
    ],
    contact: [element('exclude', { body1: 'post', body2: 'link0' })],
    actuator: RANGES.map((_, i) =>
      element('motor', { name: `joint${i}`, joint: `joint${i}`, ctrlrange: [-TORQUE, TORQUE] }),
    ),
  },
  proprioception: {
    /** Angles of the joints, then their velocities. */
    proprio: joinGroups(stateGroup('qpos', 0, ARM), stateGroup('qvel', 0, ARM)),
    /** The fork's centre of mass. */
    hand: derivedGroup({ name: 'subtree_com', from: 3 * HAND, size: 3 }),
    /** The puck's centre of mass. */
    object: derivedGroup({ name: 'xpos', from: 3 * PUCK_BODY, size: 3 }),
  },
  start: ({ qpos }, key) => {
    const shifts = uniform(foldIn(key, 'positions'), ARM)
    for (let i = 0; i < ARM; i++) qpos[i] += NOISE * (2 * shifts[i] - 1)
    qpos.set(drawPuck(foldIn(key, 'puck')), ARM)
  },
}
