/** source: Gymnasium `InvertedPendulum-v5` and `InvertedDoublePendulum-v5`, their model assets. */
import { element } from '../mujoco/xml.ts'

/** A capsule along x in a body whose capsules lie along z. */
const ALONG_X = [Math.SQRT1_2, 0, Math.SQRT1_2, 0]

/** The rail of the carts with poles, fixed in the world. */
export const rail = (childClass: string): string =>
  element('geom', { name: 'rail', class: childClass, type: 'capsule', size: [0.02, 1], quat: ALONG_X })

/** The body of a cart. */
export const cartGeom = (): string =>
  element('geom', { name: 'cart', type: 'capsule', size: [0.1, 0.1], quat: ALONG_X })

/** A pole from its hinge to `to`. */
export const poleGeom = (name: string, radius: number, to: readonly number[]): string =>
  element('geom', { name, type: 'capsule', fromto: [0, 0, 0, ...to], size: radius })
