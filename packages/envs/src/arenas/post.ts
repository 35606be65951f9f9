import type { Chosen } from '../chosen.ts'
import { chosen } from '../chosen.ts'
import type { Simulation } from '../mujoco/simulation.ts'
import { element } from '../mujoco/xml.ts'

const PLACE = chosen(
  'post in the way of an arm, m: ahead of the base, to the left, radius, height',
  [0.6, 0, 0.025, 0.22],
  'between start and bricks, higher than the straight way, lower than the start',
)
const SPRING = chosen(
  'post: stiffness, N m per rad, damping, N m s per rad, and mass, kg, of a rod on a hinge at its foot',
  [4, 0.4, 0.2],
  'it gives way, so that an arm that runs into it may still arrive, as in the thesis',
)
const BENT = chosen(
  'bend of the post that is a collision, rad',
  0.01,
  '2 mm at its tip: nothing but the arm can bend it',
)

/** What is chosen about the post. */
export const postChosen: readonly Chosen[] = [PLACE, SPRING, BENT]

/** source: none, colours have no part in the physics. */
const RGBA = [0.95, 0.75, 0.2, 1]

/** A rod that stands on a table and bends to every side where something runs into it. */
export function postElement(): string {
  const [x, y, radius, height] = PLACE.value
  const [stiffness, damping, mass] = SPRING.value
  const hinge = (name: string, axis: readonly number[]): string =>
    element('joint', {
      name,
      type: 'hinge',
      axis,
      stiffness,
      damping,
      range: [-Math.PI / 2, Math.PI / 2],
    })
  return element('body', { name: 'post', pos: [x, y, 0] }, [
    hinge('post_x', [1, 0, 0]),
    hinge('post_y', [0, 1, 0]),
    element('geom', {
      name: 'post',
      type: 'capsule',
      // Its foot is at the hinge, its tip at the full height.
      fromto: [0, 0, radius, 0, 0, height - radius],
      size: radius,
      mass,
      rgba: RGBA,
      contype: 1,
      conaffinity: 0,
    }),
  ])
}

/** Tells whether something runs into the post: whether it is bent. */
export function watchPost(simulation: Simulation): () => boolean {
  const [first, second] = ['post_x', 'post_y'].map((name) => simulation.address('joint', name))
  return () => {
    const { qpos } = simulation
    return Math.abs(qpos[first]) > BENT.value || Math.abs(qpos[second]) > BENT.value
  }
}
