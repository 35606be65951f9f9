import * as tf from '@tensorflow/tfjs'
import type { Tensor } from '@tensorflow/tfjs'
import { describeValue } from '../check.ts'
import { tidy } from '../tidy.ts'
import { diagonalGaussian, type DiagonalGaussian } from './diagonalGaussian.ts'

/** A prior over sequences of latents whose marginals are all N(0, I). */
export interface AutoregressivePrior {
  /** p(z_t | z_{t−1}) for z_{t−1} [..., D]. */
  next(previous: Tensor): DiagonalGaussian
  /** p(z_1) = N(0, I) of a shape [..., D]. */
  first(shape: readonly number[]): DiagonalGaussian
}

/**
 * The AR(1) prior of Tirumala et al. 2019, section 3.1:
 *
 *     p(z_t | z_{t−1}) = N(a z_{t−1}, (1 − a²) I)        z_1 ~ N(0, I)
 *
 * √(1 − a²) is the standard deviation: read as a variance, the marginal variance would be 1/√(1 − a²), 3.2 at a = 0.95. The paper calls the
 * coefficient α, which here is the entropy weight alone. a = 0 is the prior N(0, I) at every step.
 * @throws RangeError when the coefficient is not in (−1, 1).
 */
export function autoregressivePrior({ coefficient }: { readonly coefficient: number }): AutoregressivePrior {
  if (!(Math.abs(coefficient) < 1))
    throw new RangeError(
      `autoregressivePrior: coefficient must be in (-1, 1), got ${describeValue(coefficient)}`,
    )
  const logStd = 0.5 * Math.log1p(-coefficient * coefficient)
  return {
    next: (previous) =>
      tidy(() =>
        diagonalGaussian({
          mean: tf.mul(coefficient, previous),
          logStd: tf.fill(previous.shape.slice(-1), logStd),
        }),
      ),
    first: (shape) =>
      tidy(() => diagonalGaussian({ mean: tf.zeros([...shape]), logStd: tf.zeros(shape.slice(-1)) })),
  }
}
