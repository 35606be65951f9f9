/** A function of two actions at the middles of equal cells of the box [−1, 1]²; the second action is the fastest. */
export interface Landscape {
  /** Cells per axis. */
  readonly side: number
  readonly values: ArrayLike<number>
}

export type Place = readonly [number, number]

/** The middles of all cells, so many per axis, in the order of {@link Landscape}. */
export function middles(side: number): readonly Place[] {
  const at = (i: number): number => -1 + (2 * i + 1) / side
  return Array.from({ length: side * side }, (_, k): Place => [at(Math.floor(k / side)), at(k % side)])
}

/**
 * The places higher than all others within `radius`: its maxima at that resolution. Ripples of a network that are narrower do not count.
 */
export function maxima({ side, values }: Landscape, radius: number): readonly Place[] {
  const points = middles(side)
  const reach = Math.floor((radius * side) / 2)
  return points.filter((point, k) => {
    const [row, column] = [Math.floor(k / side), k % side]
    for (let i = Math.max(0, row - reach); i <= Math.min(side - 1, row + reach); i++) {
      for (let j = Math.max(0, column - reach); j <= Math.min(side - 1, column + reach); j++) {
        const other = i * side + j
        const isNear = Math.hypot(points[other][0] - point[0], points[other][1] - point[1]) <= radius + 1e-9
        if (other !== k && isNear && values[other] >= values[k]) return false
      }
    }
    return true
  })
}

/** The largest distance from a wanted place to a found one, each found one taken once; infinite where their numbers differ. */
export function displacement(found: readonly Place[], wanted: readonly Place[]): number {
  if (found.length !== wanted.length) return Infinity
  const left = [...found]
  let largest = 0
  for (const [x, y] of wanted) {
    const distances = left.map(([u, v]) => Math.hypot(u - x, v - y))
    const nearest = distances.indexOf(Math.min(...distances))
    largest = Math.max(largest, distances[nearest])
    left.splice(nearest, 1)
  }
  return largest
}

/** Masses of `bins` x `bins` equal squares of the box under a density proportional to exp of a landscape of a multiple of so many cells. */
export function binMasses(logDensity: Landscape, bins: number): Float64Array {
  const masses = cellMasses(logDensity)
  const sums = new Float64Array(bins * bins)
  for (const [k, middle] of middles(logDensity.side).entries()) sums[binOf(middle, bins)] += masses[k]
  return sums
}

/** The mass of every cell under a density proportional to exp of a landscape. */
export function cellMasses({ values }: Landscape): Float64Array {
  let peak = -Infinity
  for (let k = 0; k < values.length; k++) peak = Math.max(peak, values[k])
  const masses = Float64Array.from(values, (value) => Math.exp(value - peak))
  const total = masses.reduce((sum, mass) => sum + mass, 0)
  return masses.map((mass) => mass / total)
}

/** Shares of samples in the same squares. */
export function binShares(samples: readonly Place[], bins: number): Float64Array {
  const shares = new Float64Array(bins * bins)
  for (const sample of samples) shares[binOf(sample, bins)] += 1 / samples.length
  return shares
}

function binOf([x, y]: Place, bins: number): number {
  const along = (u: number): number => Math.min(Math.floor(((u + 1) / 2) * bins), bins - 1)
  return along(x) * bins + along(y)
}

/** Half the sum of absolute differences, between 0 and 1. */
export function totalVariation(p: ArrayLike<number>, q: ArrayLike<number>): number {
  let sum = 0
  for (let i = 0; i < p.length; i++) sum += Math.abs(p[i] - q[i])
  return sum / 2
}
