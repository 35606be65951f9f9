import type { Chosen } from '../chosen.ts'
import { chosen } from '../chosen.ts'
import type { Attributes } from '../mujoco/xml.ts'
import { element } from '../mujoco/xml.ts'

/** source: Lego's Duplo, two by two studs: sides of a brick and of its grid, height without studs, radius of a stud, m. */
const BRICK = { side: 0.0318, height: 0.0192 }
const PITCH = 0.016
const RADIUS = 0.0047

/** Height of a stud, m. */
const STUD = chosen(
  'studs of a brick: height, m',
  0.01,
  "twice a Duplo's, with rounded heads: the friction acts over half a centimetre, and heads lead a brick on",
)
const TIGHT = chosen(
  'bricks: how much too small the inside is on each side, m',
  5e-5,
  'a tight fit, as of real bricks: pushing one on takes more than 10 N, and a second at 20 N',
)
const PRESSED = chosen(
  'bricks: friction, and how far the rim of one stays above the other, m',
  [0.2, 2e-4],
  'smooth plastic on the same; so that the studs touch the inside before the rims touch',
)

/** What is chosen about bricks. */
export const bricksChosen: readonly Chosen[] = [STUD, TIGHT, PRESSED]

/** Where the studs of a brick stand, along x and y from its middle, m. */
export const STUDS: readonly (readonly [number, number])[] = [
  [PITCH / 2, PITCH / 2],
  [-PITCH / 2, PITCH / 2],
  [PITCH / 2, -PITCH / 2],
  [-PITCH / 2, -PITCH / 2],
]

/** Height of the inside of a brick that sits on one on the table, m. */
export const SEATED: number = BRICK.height + STUD.value

/** Height of a held brick above its inside, m. */
export const HELD: number = BRICK.height

const [FRICTION, RIM] = PRESSED.value
/** source: none, colours have no part in the physics. */
const COLORS = { held: [0.2, 0.45, 0.8, 1], lying: [0.85, 0.25, 0.2, 1] }

const box = (
  name: string,
  middle: readonly number[],
  { half, ...more }: Attributes & { readonly half: readonly number[] },
): string => element('geom', { name, type: 'box', pos: middle, size: half, friction: [FRICTION], ...more })

/** The name of the geom that the studs of another brick touch when a held one sits on them. */
export const INSIDE = 'inside'

/** A hollow brick: a lid above the origin, and four walls below, which studs fit between. */
export function heldBrick(): string[] {
  const half = BRICK.side / 2
  const inner = PITCH / 2 + RADIUS - TIGHT.value
  const [thick, deep] = [(half - inner) / 2, (STUD.value - RIM) / 2]
  const rgba = COLORS.held
  const wall = (name: string, x: number, y: number): string =>
    box(`wall_${name}`, [x * (inner + thick), y * (inner + thick), -deep], {
      half: x === 0 ? [half, thick, deep] : [thick, half, deep],
      rgba,
    })
  return [
    box(INSIDE, [0, 0, BRICK.height / 2], { half: [half, half, BRICK.height / 2], rgba }),
    wall('ahead', 1, 0),
    wall('behind', -1, 0),
    wall('left', 0, 1),
    wall('right', 0, -1),
  ]
}

/** The name of a stud, and of the sensor that tells whether it touches the inside of a held brick. */
export const studName = (stud: number): string => `stud${stud}`

/** A brick that lies fast on the table, with its studs. */
export function lyingBrick(x: number, y: number): string[] {
  const half = BRICK.side / 2
  const more = { rgba: COLORS.lying, contype: 1, conaffinity: 0 }
  return [
    box('brick', [x, y, BRICK.height / 2], { half: [half, half, BRICK.height / 2], ...more }),
    ...STUDS.map(([along, across], stud) =>
      element('geom', {
        name: studName(stud),
        type: 'capsule',
        // From the foot of the stud, where the other end of the capsule is inside the brick.
        fromto: [x + along, y + across, BRICK.height, x + along, y + across, SEATED - RADIUS],
        size: RADIUS,
        friction: [FRICTION],
        ...more,
      }),
    ),
  ]
}

/** Sensors that tell of each stud whether it touches a geom. */
export function studSensors(inside: string): string[] {
  return STUDS.map((_, stud) =>
    element('contact', { name: studName(stud), geom1: studName(stud), geom2: inside, data: 'found', num: 1 }),
  )
}
