/**
 * The Kolmogorov-Smirnov test: how likely samples of a distribution are to be at least as far from it as these are, by the limiting law with
 * the correction of Stephens 1970, "Use of the Kolmogorov-Smirnov, Cramér-von Mises and related statistics without extensive tables".
 * @throws RangeError when there is no sample.
 */
export function kolmogorovSmirnov(samples: ArrayLike<number>, cdf: (x: number) => number): number {
  const n = samples.length
  if (n === 0) throw new RangeError('kolmogorovSmirnov: samples must have at least one entry, got none')
  const sorted = Float64Array.from(samples).sort()
  let distance = 0
  sorted.forEach((x, i) => {
    const mass = cdf(x)
    distance = Math.max(distance, mass - i / n, (i + 1) / n - mass)
  })
  const root = Math.sqrt(n)
  const size = (root + 0.12 + 0.11 / root) * distance
  if (!(size > 0.2)) return Number.isNaN(size) ? NaN : 1
  let tail = 0
  for (let k = 1; k <= 100; k++) tail += (k % 2 === 1 ? 2 : -2) * Math.exp(-2 * (k * size) ** 2)
  return Math.min(1, tail)
}

/**
 * Pearson's chi-squared test: how likely counts of cells with these probabilities are to be at least as uneven as these are. By the cube root of the
 * statistic, which is about normal (Wilson & Hilferty 1931). Cells with fewer than 5 samples expected are counted as one.
 * @throws RangeError when lengths differ, or fewer than two cells are left.
 */
export function chiSquared(counts: ArrayLike<number>, probabilities: ArrayLike<number>): number {
  if (counts.length !== probabilities.length)
    throw new RangeError(
      `chiSquared: probabilities must be as many as counts, got ${probabilities.length} and ${counts.length}`,
    )
  const n = Array.from(counts).reduce((sum, count) => sum + count, 0)
  let [statistic, cells, restCount, restExpected] = [0, 0, 0, 0]
  const add = (count: number, expected: number): void => {
    statistic += (count - expected) ** 2 / expected
    cells++
  }
  for (let i = 0; i < counts.length; i++) {
    const expected = n * probabilities[i]
    if (expected >= 5) add(counts[i], expected)
    else [restCount, restExpected] = [restCount + counts[i], restExpected + expected]
  }
  if (restExpected > 0) add(restCount, restExpected)
  else if (restCount > 0) return 0
  if (cells < 2) throw new RangeError(`chiSquared: probabilities must leave at least two cells, got ${cells}`)
  const freedom = cells - 1
  const spread = 2 / (9 * freedom)
  return normalCdf((1 - spread - Math.cbrt(statistic / freedom)) / Math.sqrt(spread))
}

/**
 * The distribution function of the standard normal distribution in float64: near the middle the power series φ(x) Σₙ x²ⁿ⁺¹/(2n + 1)!!, in the tails the
 * continued fraction φ(x)/(x + 1/(x + 2/(x + …))). Abramowitz & Stegun 26.2.11 and 26.2.14.
 */
export function normalCdf(x: number): number {
  const density = Math.exp(-0.5 * x * x) / Math.sqrt(2 * Math.PI)
  if (Math.abs(x) > 3) {
    let fraction = Math.abs(x)
    for (let k = 60; k >= 1; k--) fraction = Math.abs(x) + k / fraction
    const tail = density / fraction
    return x > 0 ? 1 - tail : tail
  }
  let [term, sum] = [x, x]
  for (let n = 1; Math.abs(term) > 1e-17 * Math.abs(sum); n++) {
    term *= (x * x) / (2 * n + 1)
    sum += term
  }
  return 0.5 + density * sum
}
