import { chosen } from '../chosen.ts'
import type { Chosen } from '../chosen.ts'
import type { Arena } from '../mujoco/model.ts'
import type { Attributes } from '../mujoco/xml.ts'
import { element } from '../mujoco/xml.ts'
import { floor } from '../tasks/arena.ts'

/** Ground to walk on along x, from x = 0. */
export interface Terrain {
  readonly name: string
  readonly arena: Arena
  /** Height of the ground under a place along x, m. */
  height(x: number): number
  /** Where it has been crossed, m along x. */
  readonly end: number
  readonly chosen: readonly Chosen[]
}

const WIDTH = chosen(
  'width of slope and stairs, m',
  4,
  'far more than a robot strays to a side in an episode',
)
const BEGIN = chosen(
  'where terrains begin, m from the start',
  0.8,
  'the robot is about 0.6 m long, and walks when it arrives',
)
const SLOPE = chosen(
  'slope: steepness, rad, and metres along x up, level and down',
  [0.15, 0.8, 0.4, 0.8],
  'the thesis gives none; 8.6°, a quarter of the tilt that counts as a fall',
)
const BLOCKS = chosen(
  'blocks: sides of each, m, density, kg/m³, and how many lie beside each other below and on top',
  [0.04, 0.15, 0.04, 600, 4, 3],
  'the thesis shows wooden blocks without numbers; a wall of pine as high as a third of the robot',
)
const STAIRS = chosen(
  'stairs: how many steps down, height and depth of each, m',
  [3, 0.03, 0.3],
  'the thesis gives none; a seventh of the length of a leg, half the length of the robot',
)
const PAST = chosen('metres past a terrain where it has been crossed', 0.5, 'the hind legs have left it, too')
const FAR = chosen(
  'flat ground: metres that count as walking',
  2,
  'far more than falling forward or sliding takes a robot',
)

/** Boxes are so thick, m, and the stairs begin so far behind the start; source: none, nothing touches the bottom or the back. */
const THICKNESS = 0.2
const BEHIND = 3
/** The floor below the stairs is drawn as large as others; source: Gymnasium's model assets. */
const DRAWN = [40, 40, 40]
/** source: none, colours have no part in the physics. */
const GROUND = [0.55, 0.5, 0.45, 1]
const WOOD = [0.8, 0.65, 0.42, 1]

/** A box whose upper face goes from one place along x and z to another. */
function slab(name: string, [x0, z0, x1, z1]: readonly number[], contact: Attributes): string {
  const pitch = Math.atan2(z1 - z0, x1 - x0)
  const middle = [(x0 + x1) / 2, (z0 + z1) / 2]
  return element('geom', {
    name,
    type: 'box',
    pos: [middle[0] + (Math.sin(pitch) * THICKNESS) / 2, 0, middle[1] - (Math.cos(pitch) * THICKNESS) / 2],
    axisangle: [0, 1, 0, -pitch],
    size: [Math.hypot(x1 - x0, z1 - z0) / 2, WIDTH.value / 2, THICKNESS / 2],
    rgba: GROUND,
    contype: 1,
    conaffinity: 1,
    ...contact,
  })
}

/** A plane without end: what gaits are learned on. */
export const flat: Terrain = {
  name: 'walk',
  arena: floor,
  height: () => 0,
  end: FAR.value,
  chosen: [FAR],
}

const [STEEPNESS, UP, LEVEL, DOWN] = SLOPE.value
const RISE = UP * Math.tan(STEEPNESS)
const TOP = BEGIN.value + UP
const EDGE = TOP + LEVEL
const FOOT = EDGE + DOWN

/** A slope up, a level top and a slope down. */
export const slope: Terrain = {
  name: 'slope',
  arena: (surface) => {
    const { ground = [], worldbody = [] } = floor(surface)
    const slabs = [
      slab('up', [BEGIN.value, 0, TOP, RISE], surface),
      slab('top', [TOP, RISE, EDGE, RISE], surface),
      slab('down', [EDGE, RISE, FOOT, 0], surface),
    ]
    return { ground: [...ground, 'up', 'top', 'down'], worldbody: [...worldbody, ...slabs] }
  },
  height: (x) => {
    if (x < BEGIN.value || x > FOOT) return 0
    if (x < TOP) return (RISE * (x - BEGIN.value)) / UP
    return x < EDGE ? RISE : (RISE * (FOOT - x)) / DOWN
  },
  end: FOOT + PAST.value,
  chosen: [WIDTH, BEGIN, SLOPE, PAST],
}

const [DEPTH, LENGTH, HEIGHT, DENSITY, BELOW, ABOVE] = BLOCKS.value

/** Blocks beside each other across the way, at rest on what is below. */
const layer = (name: string, { count, z }: { count: number; z: number }, contact: Attributes): string[] =>
  Array.from({ length: count }, (_, i) =>
    element('body', { name: `${name}${i}`, pos: [BEGIN.value, LENGTH * (i - (count - 1) / 2), z] }, [
      element('freejoint', { name: `${name}${i}` }),
      element('geom', {
        name: `${name}${i}`,
        type: 'box',
        size: [DEPTH / 2, LENGTH / 2, HEIGHT / 2],
        density: DENSITY,
        rgba: WOOD,
        contype: 1,
        conaffinity: 1,
        ...contact,
      }),
    ]),
  )

/** A low wall of loose wooden blocks across the way. */
export const blocks: Terrain = {
  name: 'blocks',
  arena: (surface) => ({
    ...floor(surface),
    objects: [
      ...layer('below', { count: BELOW, z: HEIGHT / 2 }, surface),
      ...layer('above', { count: ABOVE, z: HEIGHT + HEIGHT / 2 }, surface),
    ],
  }),
  height: () => 0,
  end: BEGIN.value + DEPTH + PAST.value,
  chosen: [BEGIN, BLOCKS, PAST],
}

const [STEPS, STEP, TREAD] = STAIRS.value

/** Stairs down from the level of the start. */
export const stairs: Terrain = {
  name: 'stairs',
  arena: (surface) => {
    const names = Array.from({ length: STEPS }, (_, i) => `step${i}`)
    return {
      ground: ['floor', ...names],
      worldbody: [
        element('geom', {
          name: 'floor',
          type: 'plane',
          pos: [0, 0, -STEPS * STEP],
          size: DRAWN,
          contype: 1,
          conaffinity: 1,
          ...surface,
        }),
        ...names.map((name, i) => {
          const from = i === 0 ? -BEHIND : BEGIN.value + TREAD * (i - 1)
          return slab(name, [from, -i * STEP, BEGIN.value + TREAD * i, -i * STEP], surface)
        }),
      ],
    }
  },
  height: (x) => -STEP * Math.min(Math.max(Math.ceil((x - BEGIN.value) / TREAD), 0), STEPS),
  end: BEGIN.value + TREAD * (STEPS - 1) + PAST.value,
  chosen: [WIDTH, BEGIN, STAIRS, PAST],
}
