import type { Task } from '../mujoco/model.ts'
import { createHandles } from '../mujoco/module.ts'
import { createIntegerOutput, createOutput } from '../mujoco/output.ts'
import type { Simulation } from '../mujoco/simulation.ts'
import { aim, rays } from './camera.ts'
import { AMBIENT, HEADLIGHT, HORIZON, SIDE, SQUARES, SUN, SUNLIGHT, ZENITH } from './look.ts'
import { ballAround, paint, ROOT } from './paint.ts'

/** Pixels along each side of what a body sees; source: Tirumala et al. 2019, E.2.1. */
const PIXELS = 64
const COUNT = PIXELS * PIXELS
/** The camera of a body that has one. */
const CAMERA = 'egocentric'
/** Where another body has its camera: above the ball around the creature, but at least so far above its root; it looks along its x axis. */
const ABOVE = 0.5
const FIELD_OF_VIEW = 80
/** The floor takes on the horizon's colour within so many metres, and nothing is seen beyond the farthest. */
const FOG = 30
const FARTHEST = 1000

/** What a body sees. */
interface Eye {
  /** Red, green and blue from 0 to 1 of each pixel, row after row from the top. */
  readonly picture: Float32Array
  /** Takes the picture anew, from where MuJoCo's derived arrays have the bodies. */
  look(): void
  /** Frees its room on the WASM heap. */
  close(): void
}

/** Opens the eye of the first body of a model, which goes to the model's initial state. Nothing is allocated when it looks. */
function openEye(simulation: Simulation): Eye {
  const { mujoco, model, data } = simulation.native
  const colors = paint(simulation)
  const { middle, radius } = ballAround(simulation)
  const above = Math.max(ABOVE, middle[2] + radius)
  const camera = mujoco.mj_name2id(model, mujoco.mjtObj.mjOBJ_CAMERA.value, CAMERA)
  const fieldOfView = camera < 0 ? FIELD_OF_VIEW : (model.cam_fovy as Float64Array)[camera]
  const owner = camera < 0 ? ROOT : (model.cam_bodyid as Int32Array)[camera]
  // Through the middles of the pixels, ahead along x and with z above.
  const ahead = rays(aim({ azimuth: 0, elevation: 0, fieldOfView }, [0, 0, 0], 1), PIXELS, PIXELS)
  const directions = new Float64Array(3 * COUNT)
  const bodyOf = (model.geom_bodyid as Int32Array).slice()
  // The squares of a floor come last, the dark ones first.
  const floor = colors.length
  const palette = Float64Array.from([...colors.map((color) => color ?? SQUARES[0]), ...SQUARES].flat())
  const patterned = Uint8Array.from(colors, (color) => (color === undefined ? 1 : 0))
  const fading = Uint8Array.from(bodyOf, (body) => (body === 0 ? 1 : 0))

  const handles = createHandles()
  const geoms = createIntegerOutput(mujoco, handles, COUNT)
  const distances = createOutput(mujoco, handles, COUNT)
  const normals = createOutput(mujoco, handles, 3 * COUNT)
  const picture = new Float32Array(3 * COUNT)
  const origin = new Float64Array(3)
  /** Its axes in the world: ahead, to the left and up. */
  const axes = new Float64Array(9)
  // The binding takes typed arrays and null where its declaration has lists.
  const from = origin as unknown as number[]
  const along = directions as unknown as number[]
  const everyGroup = null as unknown as number[]

  const place = (): void => {
    if (camera < 0) {
      const position = data.xpos as Float64Array
      const frame = data.xmat as Float64Array
      for (let row = 0; row < 3; row++) {
        for (let axis = 0; axis < 3; axis++) axes[3 * row + axis] = frame[9 * ROOT + 3 * row + axis]
        origin[row] = position[3 * ROOT + row] + above * axes[3 * row + 2]
      }
      return
    }
    mujoco.mj_camlight(model, data)
    const position = data.cam_xpos as Float64Array
    const frame = data.cam_xmat as Float64Array
    // A camera of MuJoCo has its x axis to the right and looks against its z axis.
    for (let row = 0; row < 3; row++) {
      const at = 9 * camera + 3 * row
      axes[3 * row] = -frame[at + 2]
      axes[3 * row + 1] = -frame[at]
      axes[3 * row + 2] = frame[at + 1]
      origin[row] = position[3 * camera + row]
    }
  }

  const look = (): void => {
    place()
    const [xx, xy, xz, yx, yy, yz, zx, zy, zz] = axes
    for (let k = 0; k < 3 * COUNT; k += 3) {
      const x = ahead[k]
      const y = ahead[k + 1]
      const z = ahead[k + 2]
      directions[k] = xx * x + xy * y + xz * z
      directions[k + 1] = yx * x + yy * y + yz * z
      directions[k + 2] = zx * x + zy * y + zz * z
    }
    const outputs = [geoms.buffer, distances.buffer, normals.buffer] as const
    mujoco.mj_multiRay(model, data, from, along, everyGroup, true, owner, ...outputs, COUNT, FARTHEST)
    shade(geoms.view(), distances.view(), normals.view())
  }

  const shade = (hit: Int32Array, distance: Float64Array, normal: Float64Array): void => {
    for (let i = 0, k = 0; i < COUNT; i++, k += 3) {
      const dx = directions[k]
      const dy = directions[k + 1]
      const dz = directions[k + 2]
      const geom = hit[i]
      if (geom < 0) {
        const height = Math.min(Math.max(2 * dz, 0), 1)
        for (let c = 0; c < 3; c++) picture[k + c] = HORIZON[c] + height * (ZENITH[c] - HORIZON[c])
        continue
      }
      const toSun = normal[k] * SUN[0] + normal[k + 1] * SUN[1] + normal[k + 2] * SUN[2]
      const toEye = -(normal[k] * dx + normal[k + 1] * dy + normal[k + 2] * dz)
      const light = AMBIENT + HEADLIGHT * Math.max(toEye, 0) + SUNLIGHT * Math.max(toSun, 0)
      let color = 3 * geom
      if (patterned[geom] === 1) {
        const column = Math.floor((origin[0] + distance[i] * dx) / SIDE)
        const row = Math.floor((origin[1] + distance[i] * dy) / SIDE)
        color = 3 * (floor + ((column + row) & 1))
      }
      const share = Math.min(distance[i] / FOG, 1)
      const fog = fading[geom] === 1 ? share * share : 0
      for (let c = 0; c < 3; c++) {
        const shown = Math.min(light * palette[color + c], 1)
        picture[k + c] = shown + fog * (HORIZON[c] - shown)
      }
    }
  }

  return { picture, look, close: () => handles.release() }
}

const GROUP = 'vision'

/**
 * The task with one group more, `vision`: what the body sees, 64 rows of 64 pixels of red, green and blue from 0 to 1 (Tirumala et al.
 * 2019, E.2.1). A body whose model has a camera `egocentric` sees through it; others look along the x axis of their root from
 * above their parts, 80° high and wide. The part that carries the camera is not seen, and nothing throws a shadow. Poses are those that
 * observations read: without `Body.feelsPose` they lag by a part of a time step.
 *
 * @throws RangeError when the task has such a group already.
 */
export function withVision(task: Task): Task {
  if (Object.hasOwn(task.observation ?? {}, GROUP)) {
    throw new RangeError(
      `withVision: task must have no group "${GROUP}", got "${task.name}" with one, leave withVision out`,
    )
  }
  return {
    ...task,
    observation: { ...task.observation, [GROUP]: 3 * COUNT },
    bind: (body, simulation) => {
      const run = task.bind(body, simulation)
      const eye = openEye(simulation)
      return {
        ...run,
        observation: { ...run.observation, [GROUP]: eye.picture },
        start: (key) => {
          run.start(key)
          eye.look()
        },
        after: (action) => {
          run.after(action)
          eye.look()
        },
        close: () => {
          eye.close()
          run.close?.()
        },
      }
    },
  }
}
