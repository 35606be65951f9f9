/**
 * Student's t distribution, whose degrees of freedom may be fractional, as Welch's test has them. Accurate to 1e-12 relative down to
 * probabilities of 1e-12; checked against SciPy.
 */

/** P(T <= t) for `degrees` > 0. */
export function studentTCdf(t: number, degrees: number): number {
  checkDegrees('studentTCdf', degrees)
  const tail = upperTail(Math.abs(t), degrees)
  return t > 0 ? 1 - tail : tail
}

/** P(|T| >= |t|). */
export function studentTTwoSided(t: number, degrees: number): number {
  checkDegrees('studentTTwoSided', degrees)
  return 2 * upperTail(Math.abs(t), degrees)
}

/** The t with P(T <= t) = `probability`, 0 < probability < 1. */
export function studentTQuantile(probability: number, degrees: number): number {
  checkDegrees('studentTQuantile', degrees)
  if (!(probability > 0 && probability < 1))
    throw new RangeError(`studentTQuantile: probability must lie between 0 and 1, got ${probability}`)
  if (probability < 0.5) return -studentTQuantile(1 - probability, degrees)
  let high = 1
  while (upperTail(high, degrees) > 1 - probability) high *= 2
  let low = 0
  // Each round halves the interval; it ends when no number lies between its ends.
  for (;;) {
    const middle = (low + high) / 2
    if (middle <= low || middle >= high) return middle
    if (upperTail(middle, degrees) > 1 - probability) low = middle
    else high = middle
  }
}

/** P(T >= t) for t >= 0, half the regularised incomplete beta function at degrees / (degrees + t^2). */
function upperTail(t: number, degrees: number): number {
  if (t === Infinity) return 0
  const x = degrees / (degrees + t * t)
  return incompleteBeta(x, (t * t) / (degrees + t * t), [degrees / 2, 0.5]) / 2
}

/** I_x(a, b) with y = 1 - x given on its own, as it may be small. */
function incompleteBeta(x: number, y: number, [a, b]: readonly [number, number]): number {
  if (x === 0) return 0
  if (y === 0) return 1
  const front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log(y))
  // The fraction converges fast on this side of the mean; on the other the complement does.
  return x < (a + 1) / (a + b + 2)
    ? (front * betaFraction(x, a, b)) / a
    : 1 - (front * betaFraction(y, b, a)) / b
}

/** The continued fraction of the incomplete beta function (DLMF 8.17.22) by Lentz's method. */
function betaFraction(x: number, a: number, b: number): number {
  let c = 1
  let d = 1 / (1 - ((a + b) * x) / (a + 1))
  let value = d
  for (let m = 1; m < 1_000; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m))
    d = 1 / (1 + even * d)
    c = 1 + even / c
    value *= c * d
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1))
    d = 1 / (1 + odd * d)
    c = 1 + odd / c
    value *= c * d
    if (Math.abs(c * d - 1) <= 4 * Number.EPSILON) break
  }
  return value
}

/** ln Gamma(x) for x > 0: Stirling's series (DLMF 5.11.1) above 10, and the recurrence below. */
function logGamma(x: number): number {
  let product = 1
  let z = x
  for (; z < 10; z++) product *= z
  const inverse = 1 / (z * z)
  const series =
    (1 / 12 -
      inverse *
        (1 / 360 -
          inverse *
            (1 / 1260 -
              inverse * (1 / 1680 - inverse * (1 / 1188 - inverse * (691 / 360360 - inverse / 156)))))) /
    z
  return (z - 0.5) * Math.log(z) - z + 0.5 * Math.log(2 * Math.PI) + series - Math.log(product)
}

function checkDegrees(caller: string, degrees: number): void {
  if (!(degrees > 0 && degrees < Infinity))
    throw new RangeError(`${caller}: degrees must be positive and finite, got ${degrees}`)
}
