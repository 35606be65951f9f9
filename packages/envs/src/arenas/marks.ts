import type { Chosen } from '../chosen.ts'
import { chosen } from '../chosen.ts'
import { element } from '../mujoco/xml.ts'
import type { Simulation } from '../mujoco/simulation.ts'
import type { Point } from './walls.ts'

/** Marks are drawn so thick, and nothing touches them; source: none, they have no part in the physics. */
const HALF_THICKNESS = 0.01
const COLORS = {
  red: [0.85, 0.2, 0.15, 1],
  green: [0.2, 0.65, 0.25, 1],
  grey: [0.6, 0.6, 0.6, 1],
  black: [0, 0, 0, 1],
} as const

/** How the target that is wanted looks. */
export const PATTERN: Chosen<string> = chosen(
  'pattern of the target that is wanted',
  'black, 0.8 of it across, in a grey ring; the others are grey',
  'the paper says that the target is black for bodies that see',
)
/** source: {@link PATTERN}. */
const BLACK = 0.8

interface Mark {
  readonly name: string
  readonly middle: Point
  readonly color: keyof typeof COLORS
}

/** A rectangle of the floor, drawn only. */
export function rectangleMark({ name, middle, color, half }: Mark & { readonly half: Point }): string {
  return element('geom', {
    name: `${name}_mark`,
    type: 'box',
    pos: [...middle, 0],
    size: [...half, HALF_THICKNESS],
    rgba: COLORS[color],
    contype: 0,
    conaffinity: 0,
  })
}

/** A disc of the floor that a task may move, drawn only. */
export function discMark({
  name,
  color,
  radius,
}: Omit<Mark, 'middle'> & { readonly radius: number }): string {
  return element('body', { name: `${name}_mark`, mocap: 'true' }, [
    element('geom', {
      name: `${name}_mark`,
      type: 'cylinder',
      size: [radius, HALF_THICKNESS],
      rgba: COLORS[color],
      contype: 0,
      conaffinity: 0,
    }),
  ])
}

/** The {@link PATTERN} of the wanted one of several discs of a radius. It comes before them in the model. */
export const selectedMark = (radius: number): string =>
  discMark({ name: 'selected', color: 'black', radius: BLACK * radius })

/** Moves the mocap body of a number, in the order of the model, along the floor. */
export function moveMark(simulation: Simulation, mark: number, [x, y]: Point): void {
  const places = simulation.derived('mocap_pos')
  places[3 * mark] = x
  places[3 * mark + 1] = y
}

/** A ball that a task may move, drawn only. */
export function ballMark({
  name,
  color,
  radius,
}: Omit<Mark, 'middle'> & { readonly radius: number }): string {
  return element('body', { name: `${name}_mark`, mocap: 'true' }, [
    element('geom', {
      name: `${name}_mark`,
      type: 'sphere',
      size: radius,
      rgba: COLORS[color],
      contype: 0,
      conaffinity: 0,
    }),
  ])
}

/** Moves the mocap body of a number, in the order of the model. */
export function liftMark(simulation: Simulation, mark: number, place: ArrayLike<number>): void {
  simulation.derived('mocap_pos').set(place, 3 * mark)
}
