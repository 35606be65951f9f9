import { createHandles } from '../mujoco/module.ts'
import { createIntegerOutput, createOutput } from '../mujoco/output.ts'
import type { Simulation } from '../mujoco/simulation.ts'
import type { Camera, Lens, Point3 } from './camera.ts'
import { aim, rays } from './camera.ts'
import type { Image } from './image.ts'
import { AMBIENT, HEADLIGHT, HORIZON, SIDE, SQUARES, SUN, SUNLIGHT, ZENITH } from './look.ts'
import type { RenderOptions } from './options.ts'
import { frame, resolve } from './options.ts'
import { ballAround, paint, ROOT } from './paint.ts'

/** Squares of the floor where the camera is near: their side in metres. */
const SMALL_SIDE = 0.1
const NEAR = 2
/** How far away the sun stands, in lengths of the view. */
const SUN_DISTANCE = 100
/** What stands in the world fades to the horizon's colour within so many lengths of the view. */
const FOG = 8
/** The default camera stands so many radii of the creature away. */
const USUAL_DISTANCE = 3
/** Farthest that a ray goes, m: beyond this MuJoCo takes a coordinate for divergence. */
const FARTHEST = 1e10

/** Takes a picture of a simulation. */
export type Renderer = (options: RenderOptions) => Image

/** What rays from one place hit: the geom or −1, how far away it is, and where its surface faces. */
interface Hits {
  readonly geoms: Int32Array
  readonly distances: Float64Array
  readonly normals: Float64Array
}

/**
 * A renderer of a simulation that has not moved yet. It casts rays and needs no display: one per sample for what is seen, one for
 * whether the sun sees it. Pictures depend on the state alone, and taking them changes nothing that the future depends on.
 *
 * Calls of the renderer throw a RangeError for options that are none, and for a part that the model does not have.
 */
export function createRenderer(simulation: Simulation): Renderer {
  const { mujoco, model, data } = simulation.native
  const bodyOf = (model.geom_bodyid as Int32Array).slice()
  const colors = paint(simulation)
  const { middle, radius } = ballAround(simulation)

  const place = (camera: Camera): Lens => {
    const distance = USUAL_DISTANCE * radius
    if (camera.kind === 'free') return aim(camera, camera.lookAt, distance)
    const at = data.xpos as Float64Array
    const part = (body: number, axis: number): number => at[3 * body + axis]
    if (camera.body !== undefined) {
      const body = simulation.address('body', camera.body)
      return aim(camera, [part(body, 0), part(body, 1), part(body, 2)], distance)
    }
    return aim(
      camera,
      middle.map((shift, axis) => part(ROOT, axis) + shift) as [number, number, number],
      distance,
    )
  }

  const cast = (from: Point3, directions: Float64Array): Hits => {
    const count = directions.length / 3
    const handles = createHandles()
    try {
      const geoms = createIntegerOutput(mujoco, handles, count)
      const distances = createOutput(mujoco, handles, count)
      const normals = createOutput(mujoco, handles, 3 * count)
      // The binding takes typed arrays and null where its declaration has lists.
      const along = directions as unknown as number[]
      const everyGroup = null as unknown as number[]
      const outputs = [geoms.buffer, distances.buffer, normals.buffer] as const
      mujoco.mj_multiRay(model, data, [...from], along, everyGroup, true, -1, ...outputs, count, FARTHEST)
      return { geoms: geoms.read(), distances: distances.read(), normals: normals.read() }
    } finally {
      handles.release()
    }
  }

  return (options) => {
    const target = frame(options)
    // What derives from the state lags behind it, or is missing after a restore.
    mujoco.mj_kinematics(model, data)
    const lens = place(options.camera ?? { kind: 'track' })
    const side = lens.distance < NEAR ? SMALL_SIDE : SIDE
    const directions = rays(lens, target.width * target.samples, target.height * target.samples)
    const seen = cast(lens.origin, directions)
    const count = seen.geoms.length

    // One far sun, and from it a ray to every place that is seen: what it hits on the way throws a shadow.
    const far = SUN_DISTANCE * lens.distance
    const sun = SUN.map((part, c) => lens.origin[c] + far * part) as [number, number, number]
    const places = new Float64Array(3 * count)
    const sunward = new Float64Array(3 * count)
    const way = new Float64Array(count)
    for (let i = 0; i < count; i++) {
      const depth = seen.geoms[i] < 0 ? 0 : seen.distances[i]
      for (let c = 0; c < 3; c++) {
        places[3 * i + c] = lens.origin[c] + depth * directions[3 * i + c]
        sunward[3 * i + c] = places[3 * i + c] - sun[c]
      }
      way[i] = Math.hypot(sunward[3 * i], sunward[3 * i + 1], sunward[3 * i + 2])
      for (let c = 0; c < 3; c++) sunward[3 * i + c] /= way[i]
    }
    const lit = cast(sun, sunward)

    const samples = new Float32Array(3 * count)
    for (let i = 0; i < count; i++) {
      const geom = seen.geoms[i]
      const k = 3 * i
      if (geom < 0) {
        const height = Math.min(Math.max(2 * directions[k + 2], 0), 1)
        for (let c = 0; c < 3; c++) samples[k + c] = HORIZON[c] + height * (ZENITH[c] - HORIZON[c])
        continue
      }
      let toSun = 0
      let toCamera = 0
      for (let c = 0; c < 3; c++) {
        toSun += seen.normals[k + c] * SUN[c]
        toCamera -= seen.normals[k + c] * directions[k + c]
      }
      const shadow = lit.geoms[i] >= 0 && lit.distances[i] < way[i] - 1e-3 * radius
      const light = AMBIENT + HEADLIGHT * Math.max(toCamera, 0) + (shadow ? 0 : SUNLIGHT * Math.max(toSun, 0))
      const square = (Math.floor(places[k] / side) + Math.floor(places[k + 1] / side)) & 1
      const color = colors[geom] ?? SQUARES[square]
      const fog = bodyOf[geom] === 0 ? Math.min(seen.distances[i] / (FOG * lens.distance), 1) ** 2 : 0
      for (let c = 0; c < 3; c++) {
        const shade = Math.min(light * color[c], 1)
        samples[k + c] = shade + fog * (HORIZON[c] - shade)
      }
    }
    return { width: target.width, height: target.height, data: resolve(samples, target) }
  }
}
