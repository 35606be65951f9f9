/** The distribution proportional to exp(reward / α) on an interval, and the soft value it attains. */
export interface Gibbs {
  /** α log ∫ exp(r(a) / α) da */
  readonly value: number
  /** E[a]. */
  readonly mean: number
  /** Standard deviation of a. */
  readonly std: number
  /** Of the action, per unit of action. */
  readonly density: (action: number) => number
}

/**
 * The soft-optimal policy of a one-step task on [−1, 1]: π(a) ∝ exp(r(a) / α), with the value α log ∫ exp(r(a) / α) da.
 * Haarnoja 2018 (thesis), Eqs. 3.6 and 3.7, with the next state's value left out. Integrals by Simpson's rule on 20,001 points.
 * @throws RangeError when `alpha` is not positive.
 */
export function boxGibbs(reward: (action: number) => number, alpha: number): Gibbs {
  if (!(alpha > 0)) throw new RangeError(`boxGibbs: alpha must be positive, got ${alpha}`)
  const points = Array.from({ length: 20_001 }, (_, i) => i / 10_000 - 1)
  const best = points.reduce((max, a) => Math.max(max, reward(a)), -Infinity)
  const weight = (a: number): number => Math.exp((reward(a) - best) / alpha)
  const integral = (f: (a: number) => number): number =>
    points.reduce((sum, a, i) => sum + f(a) * (i === 0 || i === 20_000 ? 1 : i % 2 === 1 ? 4 : 2), 0) / 30_000
  const mass = integral(weight)
  const mean = integral((a) => a * weight(a)) / mass
  const variance = integral((a) => (a - mean) ** 2 * weight(a)) / mass
  return {
    value: best + alpha * Math.log(mass),
    mean,
    std: Math.sqrt(variance),
    density: (a) => (Math.abs(a) <= 1 ? weight(a) / mass : 0),
  }
}
