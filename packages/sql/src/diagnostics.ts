import * as tf from '@tensorflow/tfjs'
import type { Scalar, Tensor } from '@tensorflow/tfjs'
import { checkShapes, rbfBandwidth, squaredDistances, steinDiscrepancy } from '@maxent/core'
import type { Bandwidth } from '@maxent/core'

/** Share of the particles that makes the neighbours of one, itself apart. */
const NEIGHBOUR_SHARE = 1 / 8
/** A neighbourhood tells nothing where the other actions in it weigh so many times as much as its share of the particles. */
const MOST_WEIGHT = 2.25

/** Arguments of {@link modeCoverage}. */
export interface ModeCoverageArgs {
  /** Actions of the sampler, [B, P, A]. */
  readonly particles: Tensor
  /** Other actions, [B, K, A]. */
  readonly actions: Tensor
  /** Share of the target that each of these stands for, of sum one, [B, K]. */
  readonly weights: Tensor
}

/**
 * How much of exp(Q/α) lies where the sampler puts actions, [B], between 0 and 1: the weight of actions that are within reach of some particle,
 * with rᵢ the distance of particle i to its m-th neighbour among the P particles, m = 1 + P/8 rounded:
 *
 *     Σₖ wₖ·[∃i: ‖aₖ − xᵢ‖ ≤ rᵢ  and  Σ_{j≠k, ‖aⱼ − xᵢ‖ ≤ rᵢ} wⱼ ≤ 2.25 m/P]
 *
 * The first condition is the recall of Kynkäänniemi et al. 2019 (arXiv:1904.06991), eq. 2, with importance weights in place of samples of the
 * target. Alone it is blind to a mode with few particles: their neighbours lie in another mode, so that they reach across the gap (Naeem et al.
 * 2020, arXiv:2002.09797, on outliers). The second leaves such particles out: a ball with m neighbours should hold m/P of the target. Action k itself
 * does not count there, since with few effective samples it has most of the weight.
 *
 * There is no scale to choose. Samples of the target have 0.87 to 0.93 with 16 particles, 0.94 to 0.97 with 32, 0.98 with 64; by weights of an
 * effective sample size of 5 and more 0.79, 0.89 and 0.94 at least, of one below 3 down to 0.3. Where one of two modes, with 40 to 60 % of
 * exp(Q/α), has none, one or an eighth of the particles, it is 0.34 to 0.71; a sampler twice as wide as the target keeps 0.92 and more. Eight particles
 * are few, 0.73 to 0.84 for samples of the target; with fewer than 8 a stray particle is not told apart.
 * @throws RangeError when a shape differs.
 */
export function modeCoverage({ particles, actions, weights }: ModeCoverageArgs): Tensor {
  const { P } = checkShapes(
    'modeCoverage',
    { particles: ['B', 'P', 'A'], actions: ['B', 'K', 'A'], weights: ['B', 'K'] },
    { particles, actions, weights },
  )
  const neighbours = Math.min(1 + Math.round(NEIGHBOUR_SHARE * P), P - 1)
  const among = squaredDistances(particles, particles)
  // Of P distances the least is to the particle itself.
  const nearest = tf.topk(tf.neg(among), neighbours + 1, false).values
  const reach = tf.neg(tf.min(nearest, -1))
  const distances = squaredDistances(actions, particles)
  const isInside = tf.cast(tf.lessEqual(distances, tf.expandDims(reach, 1)), 'float32')
  const weight = tf.expandDims(weights, 2)
  const others = tf.sub(tf.sum(tf.mul(weight, isInside), 1, true), weight)
  const tells = tf.cast(tf.lessEqual(others, (MOST_WEIGHT * neighbours) / P), 'float32')
  return tf.sum(tf.mul(weights, tf.max(tf.mul(isInside, tells), -1)), -1)
}

/** Arguments of {@link samplerDiagnostics}. */
export interface SamplerDiagnosticsArgs {
  /** Where the score is taken, [B, M, A]. */
  readonly particles: Tensor
  /** α ∇ log p there, [B, M, A]. */
  readonly score: Tensor
  /** What moves, [B, K, A]. */
  readonly moved: Tensor
  /** α, a positive number or a scalar tensor. */
  readonly alpha: number | Tensor
  /** h of the kernel. */
  readonly bandwidth: Bandwidth
}

/** What a Stein variational gradient tells about the sampler, means over states. */
export interface SamplerDiagnostics {
  /** Mean h. */
  readonly bandwidth: Scalar
  /**
   * Share of states where h is at its floor, under a fixed bandwidth where the median's would be: all particles in one place, so that nothing
   * drives them apart.
   */
  readonly collapsed: Scalar
  /** Mean squared kernelised Stein discrepancy; absent for a single particle. */
  readonly steinDiscrepancy?: Scalar
}

/** The kernel and the discrepancy of the particles of one update. */
export function samplerDiagnostics(args: SamplerDiagnosticsArgs): SamplerDiagnostics {
  const { particles, score, moved, alpha, bandwidth } = args
  const centre = tf.mean(particles, 1, true)
  const distances = squaredDistances(tf.sub(particles, centre), tf.sub(moved, centre))
  const h = rbfBandwidth(distances, bandwidth)
  const isFixed = bandwidth.kind === 'fixed'
  const spread = isFixed ? rbfBandwidth(distances) : h
  const floor = (isFixed ? undefined : bandwidth.floor) ?? DEFAULT_FLOOR
  const atFloor = tf.cast(tf.lessEqual(spread, Math.fround(floor)), 'float32')
  return {
    bandwidth: tf.mean(h),
    collapsed: tf.mean(atFloor),
    ...(particles.shape[1] !== undefined &&
      particles.shape[1] > 1 && {
        steinDiscrepancy: tf.mean<Scalar>(steinDiscrepancy({ particles, score, alpha, bandwidth })),
      }),
  }
}

/** That of `rbfBandwidth`. */
const DEFAULT_FLOOR = 1e-3
