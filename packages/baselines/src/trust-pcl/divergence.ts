import * as tf from '@tensorflow/tfjs'
import type { Scalar, Tensor, Tensor1D } from '@tensorflow/tfjs'
import { checkShapes, tidy } from '@maxent/core'
import type { EpisodesBatch } from '@maxent/core'

/** Arguments of {@link optimalDivergence}. */
export interface OptimalDivergenceArgs extends EpisodesBatch {
  /** λ > 0, [K]. */
  readonly lambda: Tensor
}

/**
 * How far the optimal policy under a weight λ is from the policy whose episodes these are, in nats per episode, estimated from what they returned.
 * Nachum et al. 2018 (arXiv:1707.01891), automatic tuning of λ:
 *
 *     KL(π* ‖ π̃) ≈ Σₙ wₙ·Rₙ/λ − log Z,     wₙ = exp(Rₙ/λ) / (N Z),   Z = 1/N Σₙ exp(Rₙ/λ)
 *
 * It falls with λ, from at most log N to 0. The largest return is taken out before the division, so that nothing overflows. Entries of length 0
 * are no episodes.
 *
 * Shapes: N episodes, K weights; the result is [K]. No gradient is meant to flow.
 * @throws RangeError when a shape differs.
 */
export function optimalDivergence({ returns, lengths, lambda }: OptimalDivergenceArgs): Tensor1D {
  checkShapes(
    'optimalDivergence',
    { returns: ['N'], lengths: ['N'], lambda: ['K'] },
    { returns, lengths, lambda },
  )
  return tidy(() => {
    const counted = tf.cast(tf.greater(lengths, 0), 'float32')
    const most = tf.max(tf.sub(tf.mul(returns, counted), tf.mul(1e30, tf.sub(1, counted))))
    const x = tf.div(tf.mul(counted, tf.sub(returns, most)), tf.expandDims(lambda, 1))
    const weights = tf.mul(counted, tf.exp(x))
    // The best episode weighs 1: only where there is none the sum is 0.
    const sum = tf.maximum(tf.sum(weights, 1), 1e-30)
    const mean = tf.div(sum, tf.maximum(tf.sum(counted), 1))
    return tf.sub<Tensor1D>(tf.div(tf.sum(tf.mul(weights, x), 1), sum), tf.log(mean))
  })
}

/** Arguments of {@link lambdaOfDivergence}. */
export interface LambdaOfDivergenceArgs extends EpisodesBatch {
  /** ε, in nats per step. */
  readonly epsilon: number
  /** Bounds of λ, low first, above 0. */
  readonly range: readonly [number, number]
}

/** Parts that an interval is cut into in each round, and rounds: in the logarithm, λ is found to 1/65,536 of the range. */
const PARTS = 16
const ROUNDS = 4

/**
 * The weight λ under which the optimal policy is as far from the lagged one as is allowed: ε per step, so that {@link optimalDivergence} is ε times
 * the mean length. Nachum et al. 2018 (arXiv:1707.01891), automatic tuning of λ. A bisection of log λ that tries 17 places at a time. Where no
 * λ of the range will do, its nearer end.
 *
 * Shapes: N episodes; the result is a scalar. No gradient is meant to flow.
 * @throws RangeError when a shape differs.
 */
export function lambdaOfDivergence(args: LambdaOfDivergenceArgs): Scalar {
  const { returns, lengths, epsilon, range } = args
  checkShapes('lambdaOfDivergence', { returns: ['N'], lengths: ['N'] }, { returns, lengths })
  return tidy(() => {
    const episodes = tf.maximum(episodesOf(args), 1)
    const wanted = tf.mul(epsilon, tf.div(tf.sum(lengths), episodes))
    const [low, high] = range.map(Math.log)
    const places = tf.range(0, PARTS + 1)
    let start: Tensor = tf.scalar(low)
    let step = (high - low) / PARTS
    for (let round = 0; round < ROUNDS; round++) {
      const lambda = tf.exp(tf.add(start, tf.mul(step, places)))
      const beyond = tf.cast(tf.greater(optimalDivergence({ returns, lengths, lambda }), wanted), 'float32')
      start = tf.add(start, tf.mul(step, tf.clipByValue(tf.sub(tf.sum(beyond), 1), 0, PARTS - 1)))
      step /= PARTS
    }
    return tf.exp<Scalar>(tf.add(start, (step * PARTS) / 2))
  })
}

/** How many episodes there are. */
export function episodesOf({ lengths }: Pick<EpisodesBatch, 'lengths'>): Scalar {
  return tidy(() => tf.sum<Scalar>(tf.cast(tf.greater(lengths, 0), 'float32')))
}
