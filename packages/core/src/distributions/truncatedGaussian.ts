import * as tf from '@tensorflow/tfjs'
import type { Tensor } from '@tensorflow/tfjs'
import { checkShapes } from '../check.ts'
import { clampSafe } from '../stable/clampSafe.ts'
import { log1mExp } from '../stable/log1mExp.ts'
import { logAddExp } from '../stable/logAddExp.ts'
import { logNormalCdf } from '../stable/logNormalCdf.ts'
import { stopGradient } from '../stopGradient.ts'
import { gaussLegendreRule } from '../tabular/quadratureRules.ts'
import { tidy } from '../tidy.ts'
import { checkParams, type GaussianParams } from './diagonalGaussian.ts'

const LOG_ROOT_TWO_PI = 0.5 * Math.log(2 * Math.PI)
/** Of integrals over the distance from the mode, in units of how far they reach. */
const rule = gaussLegendreRule(0, 1, 16)
/** What lies further out has less than e⁻²⁰ of the density at the mode. */
const FAR = 20

export interface TruncatedGaussianParams<T extends Tensor = Tensor> extends GaussianParams<T> {
  /** Bounds of every component. */
  readonly low: number
  /** The upper bound of every dimension. */
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
  /** The sample of the highest density: μ, or the bound nearest to it. */
  mode(): T
  /** KL(this ‖ other) in nats, of another one on the same box. [...] */
  kl(other: GaussianParams): Tensor
}

/**
 * The truncated normal distribution: N(x; μ, σ²) / Z on [low, high], with Z = Φ(b) − Φ(a), a = (low − μ)/σ, b = (high − μ)/σ. What Hunt et al. 2018,
 * appendix B.1, build proposals from. Entropy and divergence are those of the same density from its mode m = min(max(μ, low), high), where no
 * term is a difference of large ones, with integrals by Gauss and Legendre's rule on each side of m:
 *
 *     p(x) = exp(−E(x)) / N,    E(x) = c |x − m|/σ + ½ ((x − m)/σ)²,    c = |m − μ|/σ,    N = ∫ exp(−E(x)) dx over the box
 *     H       = Σᵢ ( log N + E_p[E(x)] )
 *     KL(p‖q) = −H(p) + Σᵢ ( log N' + E_p[E'(x)] )
 *
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
  /** −E[log q(x)] of each component for x from this distribution and q this or another one on the box. */
  const crossEntropies = (of: GaussianParams): Tensor => {
    const [p, q] = [params, of].map((gaussian) => aroundMode({ ...gaussian, low, high }))
    const energy = q.energy(tf.add(p.offsets, tf.expandDims(tf.sub(p.mode, q.mode), -1)))
    return tf.add(tf.log(q.normalizer), tf.div(tf.sum(tf.mul(p.masses, energy), -1), p.normalizer))
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

/** exp(−energy) of each component, with the nodes of integrals over the box on a last axis of its own. */
interface AroundMode {
  readonly mode: Tensor
  /** Of the nodes from the mode. */
  readonly offsets: Tensor
  /** Weight times exp(−energy) of each node. */
  readonly masses: Tensor
  /** ∫ exp(−energy), the sum of `masses`. */
  readonly normalizer: Tensor
  /** At offsets from the mode. */
  energy(offsets: Tensor): Tensor
}

function aroundMode({ mean, logStd, low, high }: TruncatedGaussianParams): AroundMode {
  const std = tf.exp(logStd)
  const mode = tf.clipByValue(mean, low, high)
  // A mean outside of the box slopes the density at the bound.
  const slope = tf.div(tf.add(tf.relu(tf.sub(low, mean)), tf.relu(tf.sub(mean, high))), std)
  const energy = (offsets: Tensor): Tensor => {
    const distance = tf.div(tf.abs(offsets), tf.expandDims(std, -1))
    return tf.mul(distance, tf.add(tf.expandDims(slope, -1), tf.mul(distance, 0.5)))
  }
  // Where the energy is FAR: the root of c t + t²/2 = FAR, in the form without cancellation.
  const reach = tf.div(2 * FAR, tf.add(tf.sqrt(tf.add(tf.square(slope), 2 * FAR)), slope))
  const sides = [tf.sub(mode, low), tf.sub(high, mode)].map((room) =>
    tf.expandDims(tf.minimum(room, tf.mul(reach, std)), -1),
  )
  const [nodes, weights] = [rule.nodes, rule.weights].map((numbers) =>
    tf.tensor1d(Float32Array.from(numbers)),
  )
  const offsets = tf.concat([tf.mul(sides[0], tf.neg(nodes)), tf.mul(sides[1], nodes)], -1)
  const lengths = tf.concat(
    sides.map((side) => tf.mul(side, weights)),
    -1,
  )
  const masses = tf.mul(lengths, tf.exp(tf.neg(energy(offsets))))
  return { mode, offsets, masses, normalizer: tf.sum(masses, -1), energy }
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
