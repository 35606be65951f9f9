import type { Root } from '../mujoco/model.ts'

/** The root of a body on a free joint: position (3) and quaternion (4), linear velocity in the world, angular in its own frame. */
export const freeRoot: Root = {
  position: ({ qpos }, out) => {
    for (let i = 0; i < 3; i++) out[i] = qpos[i]
  },
  yaw: ({ qpos }) =>
    Math.atan2(2 * (qpos[3] * qpos[6] + qpos[4] * qpos[5]), 1 - 2 * (qpos[5] ** 2 + qpos[6] ** 2)),
  upright: ({ qpos }) => 1 - 2 * (qpos[4] ** 2 + qpos[5] ** 2),
  place: ({ qpos, qvel }, { x, y, yaw }) => {
    qpos[0] = x
    qpos[1] = y
    const [c, s] = [Math.cos(yaw / 2), Math.sin(yaw / 2)]
    const [w, i, j, k] = qpos.subarray(3, 7)
    qpos.set([c * w - s * k, c * i - s * j, c * j + s * i, c * k + s * w], 3)
    const [u, v] = qvel
    qvel[0] = Math.cos(yaw) * u - Math.sin(yaw) * v
    qvel[1] = Math.sin(yaw) * u + Math.cos(yaw) * v
  },
}

/** Coordinates of a body that cannot tilt, in `qpos` and `qvel` alike. */
interface UprightRoot {
  readonly x: number
  readonly y: number
  /** Default: it stays at the height 0. */
  readonly z?: number
  /** Height of its origin where the coordinate z is 0. */
  readonly height: number
  /** A hinge about z. Default: it always heads along x. */
  readonly yaw?: number
}

/** The root of a body on slides and a hinge about z. Without the hinge, `place` leaves out the turn. */
export function uprightRoot({ x, y, z, height, yaw }: UprightRoot): Root {
  return {
    position: ({ qpos }, out) => {
      out[0] = qpos[x]
      out[1] = qpos[y]
      out[2] = height + (z === undefined ? 0 : qpos[z])
    },
    yaw: ({ qpos }) => (yaw === undefined ? 0 : Math.atan2(Math.sin(qpos[yaw]), Math.cos(qpos[yaw]))),
    upright: () => 1,
    place: ({ qpos, qvel }, pose) => {
      const turn = pose.yaw
      qpos[x] = pose.x
      qpos[y] = pose.y
      if (yaw === undefined) return
      qpos[yaw] += turn
      const [u, v] = [qvel[x], qvel[y]]
      qvel[x] = Math.cos(turn) * u - Math.sin(turn) * v
      qvel[y] = Math.sin(turn) * u + Math.cos(turn) * v
    },
  }
}
