import * as tf from '@tensorflow/tfjs'
import type { Tensor } from '@tensorflow/tfjs'
import { checkShapes } from '../check.ts'
import { clampSafe } from '../stable/clampSafe.ts'
import { log1mExp } from '../stable/log1mExp.ts'
import { logAddExp } from '../stable/logAddExp.ts'
import { logNormalCdf } from '../stable/logNormalCdf.ts'
import { stopGradient } from '../stopGradient.ts'
import { tidy } from '../tidy.ts'
import { checkParams, type GaussianParams } from './diagonalGaussian.ts'

const LOG_ROOT_TWO_PI = 0.5 * Math.log(2 * Math.PI)

export interface TruncatedGaussianParams<T extends Tensor = Tensor> extends GaussianParams<T> {
  /** Bounds of every component. */
  readonly low: number
  readonly high: number
}

/** A normal distribution with independent components, cut to a box. The last axis is one event. */
export interface TruncatedGaussian<T extends Tensor = Tensor> {
  /** The sample whose share of the mass below it is `uniform`, component by component, for uniform numbers in [0, 1) of the shape of `mean`. Gradients flow to `mean` and `logStd`. */
  sample(uniform: Tensor): T
  /** The sample and its log density. */
  sampleWithLogProb(uniform: Tensor): { readonly sample: T; readonly logProb: Tensor }
  /** The log density at `x`: −∞ outside the box. [...] */
  logProb(x: Tensor): Tensor
  /** log of the mass that the uncut distribution has in the box. [...] */
  logMass(): Tensor
  /** Differential entropy in nats. [...] */
  entropy(): Tensor
  mode(): T
  /** KL(this ‖ other) in nats, of another one on the same box. [...] */
  kl(other: GaussianParams): Tensor
}

/**
 * The truncated normal distribution: N(x; μ, σ²) / Z on [low, high], with Z = Φ(b) − Φ(a), a = (low − μ)/σ, b = (high − μ)/σ. What Hunt et al. 2018,
 * appendix B.1, build proposals from. With z = (x − μ)/σ:
 *
 *     H       = Σᵢ ( log σ + ½ log 2π + log Z + ½ E[z²] ),        E[z] = (φ(a) − φ(b))/Z,   E[z²] = 1 + (a φ(a) − b φ(b))/Z
 *     KL(p‖q) = −H(p) + Σᵢ ( log σ' + ½ log 2π + log Z' + ½ E[((x − μ')/σ')²] )
 *
 * Entropy and divergence are differences of terms of the size of a², ((μ − μ')/σ')² and (σ/σ')², of which float32 keeps six digits.
 * Logarithms of Φ keep their digits in the tails, so that a mean far outside the box is no trouble. In float32 the bounds lie on the grid of numbers
 * around them: with σ much below the spacing of that grid, samples pile up on a bound.
 * @throws RangeError when `logStd` does not fit `mean`, or the bounds are not finite and in order.
 */
export function truncatedGaussian<T extends Tensor>(
  params: TruncatedGaussianParams<T>,
): TruncatedGaussian<T> {
  checkParams('truncatedGaussian', params)
  const { mean, logStd, low, high } = params
  if (!(low < high && Number.isFinite(high - low)))
    throw new RangeError(
      `truncatedGaussian: low must be below high, both finite, got low=${low} and high=${high}`,
    )
  const scaled = (bound: number): Tensor => tf.mul(tf.sub(bound, mean), tf.exp(tf.neg(logStd)))

  const sample = (uniform: Tensor): T => {
    checkShapes('sample', { uniform: mean.shape }, { uniform })
    return tidy<T>(() => {
      const [a, b] = [scaled(low), scaled(high)]
      const logBelow = tf.log(uniform)
      const logAbove = tf.log1p(tf.neg(uniform))
      // log of the mass to the left and to the right of the sample: the smaller one keeps its digits.
      const left = logAddExp(tf.add(logNormalCdf(a), logAbove), tf.add(logNormalCdf(b), logBelow))
      const right = logAddExp(
        tf.add(logNormalCdf(tf.neg(a)), logAbove),
        tf.add(logNormalCdf(tf.neg(b)), logBelow),
      )
      const isLeft = tf.less(stopGradient(left), stopGradient(right))
      const quantile = inverseLeft(tf.where(isLeft, left, right))
      const z = tf.where(isLeft, quantile, tf.neg(quantile))
      return clampSafe(tf.add<T>(mean, tf.mul(z, tf.exp(logStd))), low, high)
    })
  }
  const perComponent = (): Tensor => logInterval(scaled(low), scaled(high))
  /** −E[log q(x)] of each component for x from this distribution and q another one on the box. */
  const crossEntropies = (of: GaussianParams): Tensor => {
    const [a, b] = [scaled(low), scaled(high)]
    const scale = tf.exp(tf.neg(of.logStd))
    const [otherA, otherB] = [low, high].map((bound) => tf.mul(tf.sub(bound, of.mean), scale))
    const ratio = tf.exp(tf.sub(logStd, of.logStd))
    const square = secondMoment({ a, b, ratio, shift: tf.mul(tf.sub(mean, of.mean), scale) })
    const logScale = tf.add(tf.add(of.logStd, LOG_ROOT_TWO_PI), logInterval(otherA, otherB))
    return tf.add(logScale, tf.mul(square, 0.5))
  }
  const entropies = (): Tensor => crossEntropies(params)
  const logProb = (x: Tensor): Tensor =>
    tidy(() => {
      const z = tf.mul(tf.sub(x, mean), tf.exp(tf.neg(logStd)))
      const logDensity = tf.sub(tf.mul(tf.square(z), -0.5), tf.add(logStd, LOG_ROOT_TWO_PI))
      const isInside = tf.logicalAnd(tf.greaterEqual(x, low), tf.lessEqual(x, high))
      const inside = tf.sub(logDensity, perComponent())
      return tf.sum(tf.where(isInside, inside, tf.fill(inside.shape, -Infinity)), -1)
    })
  return {
    sample,
    sampleWithLogProb: (uniform) => {
      const drawn = sample(uniform)
      return { sample: drawn, logProb: logProb(drawn) }
    },
    logProb,
    logMass: () => tidy(() => tf.sum(perComponent(), -1)),
    entropy: () => tidy(() => tf.sum(entropies(), -1)),
    mode: () => tf.clipByValue(mean, low, high),
    kl: (other) => {
      checkParams('kl', other)
      checkShapes('kl', { mean: mean.shape }, { mean: other.mean })
      return tidy(() => tf.sum(tf.sub(crossEntropies(other), entropies()), -1))
    },
  }
}

/**
 * log(Φ(b) − Φ(a)) for a < b. Where both are on the right they are mirrored, and where they are nearer than 0.01 the density at their middle
 * times their distance has more digits.
 */
function logInterval(a: Tensor, b: Tensor): Tensor {
  const isRight = tf.greater(tf.add(a, b), 0)
  const near = tf.where(isRight, tf.neg(b), a)
  const far = tf.where(isRight, tf.neg(a), b)
  const logFar = logNormalCdf(far)
  const difference = tf.sub(logNormalCdf(near), logFar)
  const wide = tf.add(logFar, log1mExp(tf.minimum(difference, -1e-3)))
  const width = tf.sub(b, a)
  const middle = tf.mul(tf.add(a, b), 0.5)
  const narrow = tf.sub(
    tf.log(tf.maximum(width, 1e-37)),
    tf.add(tf.mul(tf.square(middle), 0.5), LOG_ROOT_TWO_PI),
  )
  return tf.where(tf.less(width, 0.01), narrow, wide)
}

interface Moment {
  readonly a: Tensor
  readonly b: Tensor
  readonly ratio: Tensor
  readonly shift: Tensor
}

/** E[(shift + ratio · z)²] for a standard normal z cut to [a, b]. Where the bounds are nearer than 0.01, z is uniform between them up to rounding. */
function secondMoment({ a, b, ratio, shift }: Moment): Tensor {
  const logMass = logInterval(a, b)
  const density = (z: Tensor): Tensor =>
    tf.exp(tf.sub(tf.mul(tf.square(z), -0.5), tf.add(logMass, LOG_ROOT_TWO_PI)))
  const [atA, atB] = [density(a), density(b)]
  const width = tf.sub(b, a)
  const middle = tf.mul(tf.add(a, b), 0.5)
  const isNarrow = tf.less(width, 0.01)
  const first = tf.where(isNarrow, middle, tf.sub(atA, atB))
  const narrowSquare = tf.add(tf.square(middle), tf.div(tf.square(width), 12))
  const square = tf.where(isNarrow, narrowSquare, tf.add(1, tf.sub(tf.mul(a, atA), tf.mul(b, atB))))
  const mixed = tf.mul(tf.mul(shift, ratio), tf.mul(first, 2))
  return tf.add(tf.add(tf.square(shift), mixed), tf.mul(tf.square(ratio), square))
}

/**
 * z with log Φ(z) = p, for p up to log ½ and a little beyond: Abramowitz & Stegun 26.2.23, then Newton's steps on log Φ. The gradient is that of the
 * last step, Φ(z)/φ(z).
 */
function inverseLeft(p: Tensor): Tensor {
  const target = stopGradient(p)
  const t = tf.sqrt(tf.mul(tf.minimum(target, -0.5), -2))
  const numerator = tf.add(tf.mul(tf.add(tf.mul(t, 0.010328), 0.802853), t), 2.515517)
  const denominator = tf.add(tf.mul(tf.add(tf.mul(tf.add(tf.mul(t, 0.001308), 0.189269), t), 1.432788), t), 1)
  const start = tf.sub(tf.div(numerator, denominator), t)
  const step = (z: Tensor, goal: Tensor): Tensor => {
    const logCdf = logNormalCdf(z)
    const slope = tf.exp(tf.sub(logCdf, tf.sub(tf.mul(tf.square(z), -0.5), LOG_ROOT_TWO_PI)))
    return tf.sub(z, tf.mul(tf.sub(logCdf, goal), slope))
  }
  const constant = stopGradient(step(step(start, target), target))
  const logCdf = stopGradient(logNormalCdf(constant))
  const logDensity = tf.sub(tf.mul(tf.square(constant), -0.5), LOG_ROOT_TWO_PI)
  return tf.sub(constant, tf.mul(tf.sub(logCdf, p), stopGradient(tf.exp(tf.sub(logCdf, logDensity)))))
}
