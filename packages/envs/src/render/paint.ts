import type { Simulation } from '../mujoco/simulation.ts'
import type { Color } from './image.ts'

/** Parts of the body by how far from its root they are, in turn, where the model gives them no colour. */
const PARTS: readonly Color[] = [
  [0.87, 0.52, 0.16],
  [0.25, 0.5, 0.77],
  [0.38, 0.68, 0.38],
  [0.78, 0.34, 0.34],
  [0.56, 0.42, 0.72],
]
/** What stands in the world, and what moves in it besides the body. */
const FIXED: Color = [0.62, 0.59, 0.54]
const OBJECT: Color = [0.8, 0.75, 0.3]
/** What MuJoCo gives to a geom without a colour. */
const UNPAINTED = 0.5
/** The first body after the world is the root of the creature. */
export const ROOT = 1

/** The colour of every geom: the model's where it has one. Planes without a colour have none: they get squares. */
export function paint({ native: { mujoco, model } }: Simulation): (Color | undefined)[] {
  const rgba = model.geom_rgba as Float32Array
  const material = model.geom_matid as Int32Array
  const materials = model.mat_rgba as Float32Array
  const type = model.geom_type as Int32Array
  const bodyOf = model.geom_bodyid as Int32Array
  const rootOf = model.body_rootid as Int32Array
  const parentOf = model.body_parentid as Int32Array
  const depth = (body: number): number => (body <= ROOT ? 0 : 1 + depth(parentOf[body]))
  return Array.from({ length: model.ngeom }, (_, geom): Color | undefined => {
    const own: Color = [rgba[4 * geom], rgba[4 * geom + 1], rgba[4 * geom + 2]]
    if (own.some((channel) => channel !== UNPAINTED)) return own
    if (material[geom] >= 0) {
      const at = 4 * material[geom]
      return [materials[at], materials[at + 1], materials[at + 2]]
    }
    if (type[geom] === mujoco.mjtGeom.mjGEOM_PLANE.value) return undefined
    const body = bodyOf[geom]
    if (body === 0) return FIXED
    return rootOf[body] === ROOT ? PARTS[depth(body) % PARTS.length] : OBJECT
  })
}

/** A ball around the creature as the model stands: its middle, seen from the root, and its radius, m. */
export interface Ball {
  readonly middle: readonly [number, number, number]
  readonly radius: number
}

/** The ball around the creature; 1 m at the root where it has no parts to see. Moves the simulation to the model's initial state. */
export function ballAround({ native: { mujoco, model, data } }: Simulation): Ball {
  mujoco.mj_resetData(model, data)
  mujoco.mj_kinematics(model, data)
  const places = data.geom_xpos as Float64Array
  const root = (data.xpos as Float64Array).slice(3 * ROOT, 3 * ROOT + 3)
  const radius = model.geom_rbound as Float64Array
  const bodyOf = model.geom_bodyid as Int32Array
  const rootOf = model.body_rootid as Int32Array
  const geoms = Array.from({ length: model.ngeom }, (_, geom) => geom).filter(
    (geom) => rootOf[bodyOf[geom]] === ROOT,
  )
  if (geoms.length === 0) return { middle: [0, 0, 0], radius: 1 }
  const middleAlong = (axis: number): number => {
    const low = Math.min(...geoms.map((geom) => places[3 * geom + axis] - radius[geom]))
    const high = Math.max(...geoms.map((geom) => places[3 * geom + axis] + radius[geom]))
    return (low + high) / 2
  }
  const middle = [middleAlong(0), middleAlong(1), middleAlong(2)] as const
  const reach = (geom: number): number =>
    radius[geom] + Math.hypot(...middle.map((m, axis) => places[3 * geom + axis] - m))
  return {
    middle: [middle[0] - root[0], middle[1] - root[1], middle[2] - root[2]],
    radius: Math.max(...geoms.map(reach)),
  }
}
