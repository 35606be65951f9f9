/**
 * Error bounds from the contraction (thesis B.1): if ‖T x − y‖ <= δ for computed x, y, and T contracts by c, then
 * ‖y − x*‖ <= (δ + c·‖x − y‖)/(1 − c), in the largest absolute entry. Rounding in T is part of δ.
 */
import { contraction, widestRow, type FiniteMdp } from './mdp.ts'
import type { SoftProblem } from './problem.ts'

/** A solution with how far any entry of it may be from the exact one. */
export interface Certified {
  /** Upper bound on the largest absolute error of every table beside it. */
  readonly error: number
}

const UNIT = Number.EPSILON / 2

/** The rounding of one backup whose terms are at most `magnitude`: each entry is a sum over a row and then over the actions. */
export function roundingOf(mdp: FiniteMdp, magnitude: number): number {
  return 2 * UNIT * (widestRow(mdp) + mdp.actions + 16) * magnitude
}

/**
 * The bound from the change δ that one more backup made, seen from the newer iterate. Infinite where the backup is not known to
 * contract.
 */
export function contractionBound(mdp: FiniteMdp, change: number, rounding: number): number {
  return residualBound(mdp, contraction(mdp) * change + rounding)
}

/** The bound from how far, rounding included, one backup of x is from x itself: residual/(1 − c), infinite for c >= 1. */
export function residualBound(mdp: FiniteMdp, residual: number): number {
  const c = contraction(mdp)
  return c < 1 ? residual / (1 - c) : Infinity
}

/** A bound on the terms that a soft backup of values V adds up: rewards, values and α times the logarithms. */
export function magnitudeOf(problem: SoftProblem, v: Float64Array): number {
  return fixedMagnitude(problem) + 2 * supNorm(v)
}

/** What of `magnitudeOf` does not change with the values. */
export function fixedMagnitude({ mdp, reward, alpha, logMeasure }: SoftProblem): number {
  const logs = logMeasure === undefined ? 0 : supNorm(logMeasure.filter(Number.isFinite))
  return supNorm(reward) + alpha * (Math.log(mdp.actions + 1) + logs)
}

/** Largest absolute entry. */
export function supNorm(table: Float64Array): number {
  let most = 0
  for (const x of table) most = Math.max(most, Math.abs(x))
  return most
}

/** Largest absolute difference. */
export function supDistance(a: Float64Array, b: Float64Array): number {
  let most = 0
  for (let i = 0; i < a.length; i++) most = Math.max(most, Math.abs(a[i] - b[i]))
  return most
}
