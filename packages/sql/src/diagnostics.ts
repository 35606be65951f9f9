import * as tf from '@tensorflow/tfjs'
import type { Scalar, Tensor } from '@tensorflow/tfjs'
import { checkShapes, rbfBandwidth, squaredDistances, steinDiscrepancy } from '@maxent/core'
import type { Bandwidth } from '@maxent/core'

/** Neighbours among which a particle stands for the actions around it. */
const NEIGHBOURS = 3

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
 * How much of exp(Q/α) lies where the sampler puts actions, [B], between 0 and 1: the weight of actions that are nearer to some particle
 * than its third neighbour among the particles is.
 *
 * This is the recall of Kynkäänniemi et al. 2019 (arXiv:1904.06991), eq. 2, with importance weights in place of samples of the target. It has no
 * scale to choose and is about 0.85 to 0.95 for exact samples; a sampler that misses a mode loses the mass of it.
 * @throws RangeError when a shape differs.
 */
export function modeCoverage({ particles, actions, weights }: ModeCoverageArgs): Tensor {
  const { P } = checkShapes(
    'modeCoverage',
    { particles: ['B', 'P', 'A'], actions: ['B', 'K', 'A'], weights: ['B', 'K'] },
    { particles, actions, weights },
  )
  const among = squaredDistances(particles, particles)
  // Of P distances the least is to the particle itself.
  const nearest = tf.topk(tf.neg(among), Math.min(NEIGHBOURS + 1, P), false).values
  const reach = tf.neg(tf.min(nearest, -1))
  const distances = squaredDistances(actions, particles)
  const isInside = tf.cast(tf.lessEqual(distances, tf.expandDims(reach, 1)), 'float32')
  return tf.sum(tf.mul(weights, tf.max(isInside, -1)), -1)
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
  /** Share of states where h is at its floor: all particles in one place, so that nothing drives them apart. */
  readonly collapsed: Scalar
  /** Mean squared kernelised Stein discrepancy; absent for a single particle. */
  readonly steinDiscrepancy?: Scalar
}

/** The kernel and the discrepancy of the particles of one update. */
export function samplerDiagnostics(args: SamplerDiagnosticsArgs): SamplerDiagnostics {
  const { particles, score, moved, alpha, bandwidth } = args
  const centre = tf.mean(particles, 1, true)
  const h = rbfBandwidth(squaredDistances(tf.sub(particles, centre), tf.sub(moved, centre)), bandwidth)
  const floor = bandwidth.kind === 'fixed' ? 0 : (bandwidth.floor ?? DEFAULT_FLOOR)
  const atFloor = tf.cast(tf.lessEqual(h, Math.fround(floor)), 'float32')
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
