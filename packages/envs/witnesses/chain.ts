import type { Chain, Link } from '../src/bodies/link.ts'

/** Three numbers along x, y and z. */
export type Vector = readonly number[]
/** Where something is, and the directions of its x, y and z axes. */
interface Frame {
  readonly at: Vector
  readonly axes: readonly Vector[]
}

const plus = (a: Vector, b: Vector, scale = 1): Vector => a.map((x, i) => x + scale * b[i])
export const minus = (a: Vector, b: Vector): Vector => plus(a, b, -1)
export const cross = (a: Vector, b: Vector): Vector => [
  a[1] * b[2] - a[2] * b[1],
  a[2] * b[0] - a[0] * b[2],
  a[0] * b[1] - a[1] * b[0],
]

/** A frame that is joined to another as a link says, and turned about its z axis. */
function follow({ at, axes }: Frame, { pos, quat }: Link, angle: number): Frame {
  const out = (v: Vector): Vector =>
    plus(
      plus(
        axes[0].map((x) => x * v[0]),
        axes[1],
        v[1],
      ),
      axes[2],
      v[2],
    )
  const [w, x, y, z] = quat.map((part) => part / Math.hypot(...quat))
  const along = out([1 - 2 * (y * y + z * z), 2 * (x * y + w * z), 2 * (x * z - w * y)])
  const across = out([2 * (x * y - w * z), 1 - 2 * (x * x + z * z), 2 * (y * z + w * x)])
  const [c, s] = [Math.cos(angle), Math.sin(angle)]
  return {
    at: plus(at, out(pos)),
    axes: [
      plus(
        along.map((a) => c * a),
        across,
        s,
      ),
      plus(
        across.map((a) => c * a),
        along,
        -s,
      ),
      cross(along, across),
    ],
  }
}

/** Where hinges and hand of an arm are. */
export function frames(
  chain: Chain,
  angles: ArrayLike<number>,
): { readonly hinges: readonly Frame[]; readonly hand: Frame } {
  let frame: Frame = {
    at: chain.base,
    axes: [
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ],
  }
  const hinges = chain.links.map((link, i) => (frame = follow(frame, link, angles[i])))
  return { hinges, hand: follow(frame, chain.hand, 0) }
}
