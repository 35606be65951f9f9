/** Angles of joints, rad. */
type Angles = readonly number[]

/** The planar pusher: length of a link, m, how links are mounted, and bounds of the joints. */
const LINK = 0.4
const MOUNTS = [0.785, -0.785, -1.57]
const BOUNDS = [
  [-2.5, 2.5],
  [-2.32, 2.3],
  [-2.32, 2.3],
]
/** Hands nearer to the shoulder would fold the arm into its post, m. */
const NEAREST = 0.2
const DIRECTIONS = 72

/** A fork in the plane: where the middle of its bar is, and where its prongs point. */
interface Fork {
  readonly x: number
  readonly y: number
  readonly heading: number
}

export const wrap = (angle: number): number => Math.atan2(Math.sin(angle), Math.cos(angle))

/** The fork of an arm. */
export function forkOf(angles: ArrayLike<number>): Fork {
  const fork = { x: 0, y: 0, heading: 0 }
  MOUNTS.forEach((mount, i) => {
    fork.heading += mount + angles[i]
    fork.x += LINK * Math.cos(fork.heading)
    fork.y += LINK * Math.sin(fork.heading)
  })
  return fork
}

/** Ways to bend the arm to a fork. */
function bends({ x, y, heading }: Fork): Angles[] {
  const wrist = [x - LINK * Math.cos(heading), y - LINK * Math.sin(heading)]
  const reach = Math.hypot(...wrist)
  if (reach > 2 * LINK || reach < NEAREST) return []
  const bend = Math.acos(reach / (2 * LINK))
  return [bend, -bend].flatMap((half) => {
    const middle = Math.atan2(wrist[1], wrist[0])
    const turns = [middle + half, -2 * half, heading - middle + half].map((turn, i) => wrap(turn - MOUNTS[i]))
    return turns.every((turn, i) => turn > BOUNDS[i][0] && turn < BOUNDS[i][1]) ? [turns] : []
  })
}

/** What to hold a puck in a fork for. */
interface Hold {
  /** Where the puck should be. */
  readonly puck: readonly [number, number]
  /** How far ahead of the bar, m. */
  readonly ahead: number
  /** How much turning the fork costs against bending a joint. */
  readonly turning: number
  /** Where the puck will be moved, which must not be out of the fork; anywhere when absent. */
  readonly course?: number
}

/** The way to hold a puck that is nearest to how the arm is; none where it cannot. */
export function hold(angles: Angles, { puck, ahead, turning, course }: Hold): Angles | undefined {
  const now = forkOf(angles).heading
  let nearest: Angles | undefined
  let least = Infinity
  for (let i = 0; i < DIRECTIONS; i++) {
    const heading = (2 * Math.PI * i) / DIRECTIONS
    if (course !== undefined && Math.cos(heading - course) < -0.1) continue
    const fork = {
      x: puck[0] - ahead * Math.cos(heading),
      y: puck[1] - ahead * Math.sin(heading),
      heading,
    }
    for (const bent of bends(fork)) {
      const cost =
        Math.max(...bent.map((angle, j) => Math.abs(angle - angles[j]))) +
        turning * Math.abs(wrap(heading - now))
      if (cost < least) [nearest, least] = [bent, cost]
    }
  }
  return nearest
}
