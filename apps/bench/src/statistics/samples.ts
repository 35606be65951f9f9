/** Plain statistics of one sample. */

export function meanOf(sample: ArrayLike<number>): number {
  let sum = 0
  for (let i = 0; i < sample.length; i++) sum += sample[i]
  return sum / sample.length
}

/** The variance with divisor n - 1; NaN for a single value. */
export function varianceOf(sample: ArrayLike<number>): number {
  const mean = meanOf(sample)
  let sum = 0
  for (let i = 0; i < sample.length; i++) sum += (sample[i] - mean) ** 2
  return sum / (sample.length - 1)
}

/** A copy in ascending order. */
export function sorted(sample: ArrayLike<number>): Float64Array {
  const copy = Float64Array.from(sample)
  // Bootstraps sort a few values very often; below some thirty of them insertion is several times faster than the method of the array.
  if (copy.length > 32) return copy.sort()
  for (let i = 1; i < copy.length; i++) {
    const value = copy[i]
    let j = i
    for (; j > 0 && copy[j - 1] > value; j--) copy[j] = copy[j - 1]
    copy[j] = value
  }
  return copy
}

/** The middle of a sample in any order: the mean of the two in the middle where their number is even. */
export function medianOf(sample: ArrayLike<number>): number {
  return quantile(sorted(sample), 0.5)
}

/** The value that a share of an ascending sample lies below, linear between neighbours (type 7 of Hyndman & Fan, NumPy's default). */
export function quantile(ascending: ArrayLike<number>, share: number): number {
  const at = share * (ascending.length - 1)
  const below = Math.floor(at)
  const above = Math.min(below + 1, ascending.length - 1)
  return ascending[below] + (at - below) * (ascending[above] - ascending[below])
}
