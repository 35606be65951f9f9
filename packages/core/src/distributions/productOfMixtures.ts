import * as tf from '@tensorflow/tfjs'
import type { Tensor } from '@tensorflow/tfjs'
import { checkInteger, checkShapes } from '../check.ts'
import { heldConstant } from '../heldConstant.ts'
import { logAddExp } from '../stable/logAddExp.ts'
import { logSumExp } from '../stable/logSumExp.ts'
import { tidy } from '../tidy.ts'
import { checkMixture, type GaussianMixtureParams } from './gaussianMixture.ts'
import { truncatedGaussian } from './truncatedGaussian.ts'

/** How far a product of mixtures is worked out, and on which space. */
export interface ProductOptions {
  /** Most components that are kept, at least 1; 256 when absent. */
  readonly limit?: number
  /** The box that the components of all mixtures are cut to; the whole space when absent. */
  readonly box?: { readonly low: number; readonly high: number }
}

export interface MixtureProduct extends GaussianMixtureParams {
  /** log ∫ Πᵢ pᵢ(x) dx over the components kept, [B]. */
  readonly logNormalizer: Tensor
}

/**
 * The product of n mixtures, normalised, as a mixture: what Hunt et al. 2018, appendix B.1, draw optimistic proposals from. Each choice of one
 * component per mixture gives a component:
 *
 *     Π N(x; μᵢ, σᵢ²) = c N(x; μ, σ²),    σ⁻² = Σ σᵢ⁻²,   μ = σ² Σ μᵢ/σᵢ²,   weight = c Π wᵢ
 *
 * Mixtures are multiplied one after another. Where more than `limit` components arise, the heaviest are kept: as long as Π Mᵢ <= limit the product is
 * exact. Truncated mixtures on one box multiply to a truncated one, with the masses in the box accounted for.
 *
 * Shapes: mixtures over B states and A dimensions, of any numbers of components. The result is a constant: no gradient flows.
 * @throws RangeError when there is no mixture, shapes differ, or limit is not a positive integer.
 */
export function productOfMixtures(
  mixtures: readonly GaussianMixtureParams[],
  { limit = 256, box }: ProductOptions = {},
): MixtureProduct {
  if (mixtures.length === 0)
    throw new RangeError('productOfMixtures: mixtures must have at least one entry, got none')
  checkInteger({ caller: 'productOfMixtures', name: 'limit', value: limit, min: 1 })
  for (const mixture of mixtures) {
    checkMixture('productOfMixtures', mixture)
    const [B, , A] = mixtures[0].mean.shape
    checkShapes('productOfMixtures', { mean: [B, 'M', A] }, { mean: mixture.mean })
  }
  const inputs = mixtures.flatMap(({ logits, mean, logStd }) => [logits, mean, logStd])
  const A = mixtures[0].mean.shape[2] ?? 0
  return tidy(() => {
    // One tensor [B, M, 2A + 1], as a constant function has one result.
    const packed = heldConstant(inputs, () => {
      const factors = mixtures.map((mixture) => uncut(mixture, box))
      const { logits, mean, logStd } = factors
        .slice(1)
        .reduce(
          (product, factor) => heaviest(multiply(product, factor), { limit, box }),
          heaviest(factors[0], { limit, box }),
        )
      return tf.concat([mean, logStd, tf.expandDims(tf.add(logits, logMass({ mean, logStd }, box)), 2)], 2)
    })
    const [mean, logStd, weights] = tf.split(packed, [A, A, 1], 2)
    const logits = tf.squeeze(weights, [2])
    const logNormalizer = logSumExp(logits, -1)
    return { mean, logStd, logits: tf.sub(logits, tf.expandDims(logNormalizer, 1)), logNormalizer }
  })
}

type Box = ProductOptions['box']

/** log of each component's mass in the box, [B, M]. */
function logMass({ mean, logStd }: Pick<GaussianMixtureParams, 'mean' | 'logStd'>, box: Box): Tensor {
  return box === undefined
    ? tf.zeros(mean.shape.slice(0, 2))
    : truncatedGaussian({ mean, logStd, ...box }).logMass()
}

/** Normalised weights of the components as if they went on outside of the box. */
function uncut({ logits, mean, logStd }: GaussianMixtureParams, box: Box): GaussianMixtureParams {
  const logWeights = tf.sub(logits, tf.expandDims(logSumExp(logits, -1), 1))
  return { logits: tf.sub(logWeights, logMass({ mean, logStd }, box)), mean, logStd }
}

/** All pairs of components. */
function multiply(p: GaussianMixtureParams, q: GaussianMixtureParams): GaussianMixtureParams {
  const [B, M, A] = p.mean.shape
  const N = q.mean.shape[1] ?? 0
  const pairs = (x: Tensor, y: Tensor): [Tensor, Tensor] => [
    tf.tile(tf.expandDims(x, 2), [1, 1, N, 1]),
    tf.tile(tf.expandDims(y, 1), [1, M, 1, 1]),
  ]
  const [meanP, meanQ] = pairs(p.mean, q.mean)
  const [logStdP, logStdQ] = pairs(p.logStd, q.logStd)
  const logSum = logAddExp(tf.mul(logStdP, 2), tf.mul(logStdQ, 2))
  const difference = tf.sub(meanQ, meanP)
  const scaled = tf.mul(difference, tf.exp(tf.mul(logSum, -0.5)))
  const logScale = tf.mul(tf.add(tf.add(tf.square(scaled), logSum), Math.log(2 * Math.PI)), -0.5)
  // The mean moves from p's to q's by p's share of the variance.
  const share = tf.exp(tf.sub(tf.mul(logStdP, 2), logSum))
  const logits = tf.add(tf.add(tf.expandDims(p.logits, 2), tf.expandDims(q.logits, 1)), tf.sum(logScale, -1))
  return {
    logits: tf.reshape(logits, [B, M * N]),
    mean: tf.reshape(tf.add(meanP, tf.mul(difference, share)), [B, M * N, A]),
    logStd: tf.reshape(tf.sub(tf.add(logStdP, logStdQ), tf.mul(logSum, 0.5)), [B, M * N, A]),
  }
}

/** The `limit` components with the most mass. */
function heaviest(
  p: GaussianMixtureParams,
  { limit, box }: { readonly limit: number; readonly box: Box },
): GaussianMixtureParams {
  const M = p.mean.shape[1] ?? 0
  if (M <= limit) return p
  const { values, indices } = tf.topk(tf.add(p.logits, logMass(p, box)), limit)
  const isKept = tf.cast(tf.oneHot(indices, M), 'float32')
  const mean = tf.matMul(isKept, p.mean)
  const logStd = tf.matMul(isKept, p.logStd)
  return { logits: tf.sub(values, logMass({ mean, logStd }, box)), mean, logStd }
}
