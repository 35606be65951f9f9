import type { Rollout } from './rollouts.ts'

/** Bins of 30 degrees. */
const bins = 12

/** The entropy of headings that are all as likely: the most there is, nats. */
export const mostEntropy: number = Math.log(bins)

/** Displacements from the start in the frame of the body at the start, a list of places per episode. */
function fromStart({ path, startHeading }: Rollout): readonly (readonly [number, number])[] {
  const [[x0, y0]] = path
  const [cosine, sine] = [Math.cos(startHeading), Math.sin(startHeading)]
  return path.map(([x, y]) => {
    const [dx, dy] = [x - x0, y - y0]
    return [cosine * dx + sine * dy, cosine * dy - sine * dx] as const
  })
}

/** The entropy in nats of where episodes lead, in bins of 30 degrees about the heading at the start, of which one is around 0. */
export function headingEntropy(rollouts: readonly Rollout[]): number {
  const counts = Array<number>(bins).fill(0)
  for (const rollout of rollouts) {
    const [x, y] = fromStart(rollout)[rollout.path.length - 1]
    const turn = Math.atan2(y, x) / (2 * Math.PI)
    counts[(Math.round(turn * bins) + bins) % bins]++
  }
  return counts.reduce(
    (sum, n) => (n === 0 ? sum : sum - (n / rollouts.length) * Math.log(n / rollouts.length)),
    0,
  )
}

/** The first episodes as figures draw them: the places of all paths one after the other, and how many places each has. */
export function drawnPaths(rollouts: readonly Rollout[], count: number): Readonly<Record<string, number[]>> {
  const paths = rollouts.slice(0, count).map(fromStart)
  return {
    'path.x': paths.flatMap((path) => path.map(([x]) => x)),
    'path.y': paths.flatMap((path) => path.map(([, y]) => y)),
    'path.lengths': paths.map(({ length }) => length),
  }
}
