/** Divergences between two finite distributions. */

/** KL(p‖q) = Σ p·log(p/q): infinite where p has mass that q lacks. */
export function klDivergence(p: Float64Array, q: Float64Array): number {
  let sum = 0
  for (let i = 0; i < p.length; i++) if (p[i] > 0) sum += p[i] * Math.log(p[i] / q[i])
  return sum
}

/** Rényi's divergence of order one half, D_½(p‖q) = −2·log Σ √(p·q), as in thesis 6.4. */
export function renyiHalf(p: Float64Array, q: Float64Array): number {
  let sum = 0
  for (let i = 0; i < p.length; i++) sum += Math.sqrt(p[i] * q[i])
  return -2 * Math.log(sum)
}
