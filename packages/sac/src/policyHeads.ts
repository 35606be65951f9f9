import * as tf from '@tensorflow/tfjs'
import type { Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs'
import {
  diagonalGaussian,
  stopGradient,
  tanhGaussian,
  tanhGaussianMixture,
  truncatedGaussian,
} from '@maxent/core'
import type { MixtureNoise } from '@maxent/core'
import type { PolicyConfig, SacConfig } from './config.ts'
import { normalNoise, type ActionLaw, type PolicyHead } from './policy.ts'

/** What a head reads: of all kinds those that are distributions of a network's outputs. */
type HeadConfig = Exclude<PolicyConfig, { kind: 'realNvp' }>

type Head<K extends HeadConfig['kind']> = (
  policy: Extract<HeadConfig, { kind: K }>,
  actions: number,
  logStdRange: SacConfig['logStdRange'],
) => PolicyHead

/** The head of a configured policy over `actions` dimensions. */
export function policyHead(
  { policy, logStdRange }: { readonly policy: HeadConfig } & Pick<SacConfig, 'logStdRange'>,
  actions: number,
): PolicyHead {
  switch (policy.kind) {
    case 'tanhGaussian':
      return squashed(policy, actions, logStdRange)
    case 'gaussian':
      return unsquashed(policy, actions, logStdRange)
    case 'truncatedGaussian':
      return truncated(policy, actions, logStdRange)
    case 'mixture':
      return mixture(policy, actions, logStdRange)
    case 'deterministic':
      return deterministic(policy, actions, logStdRange)
  }
}

const squashed: Head<'tanhGaussian'> = (_, actions, range) => ({
  outputs: 2 * actions,
  noise: normalNoise(actions),
  isReparameterised: true,
  law: (outputs) => {
    const law = tanhGaussian(gaussianParams(outputs, range))
    return {
      sample: (noise) => {
        const { action, logProb } = law.sampleWithLogProb(noise as Tensor)
        return { action, logProb: logProb as Tensor1D }
      },
      explore: (noise) => law.sampleWithLogProb(noise as Tensor).action,
      modes: () => [law.mode()],
    }
  },
})

/** For problems whose solution is normal. What is tried is clipped to the box; the densities know of no box. */
const unsquashed: Head<'gaussian'> = (_, actions, range) => ({
  outputs: 2 * actions,
  noise: normalNoise(actions),
  isReparameterised: true,
  law: (outputs) => {
    const params = gaussianParams(outputs, range)
    const law = diagonalGaussian(params)
    return {
      sample: (noise) => {
        const { sample, logProb } = law.sampleWithLogProb(noise as Tensor)
        return { action: sample, logProb: logProb as Tensor1D }
      },
      explore: (noise) => tf.clipByValue(law.sample(noise as Tensor), -1, 1),
      modes: () => [tf.clipByValue(params.mean, -1, 1)],
    }
  },
})

/** The mean passes through tanh: far outside the box the gradients of a truncated density have no bound. */
const truncated: Head<'truncatedGaussian'> = (_, actions, range) => ({
  outputs: 2 * actions,
  noise: (rows) => ({ shape: [rows, actions], law: 'uniform' }),
  isReparameterised: true,
  law: (outputs) => {
    const { mean, logStd } = gaussianParams(outputs, range)
    const law = truncatedGaussian({ mean: tf.tanh(mean), logStd, low: -1, high: 1 })
    return {
      sample: (noise) => {
        const { sample, logProb } = law.sampleWithLogProb(noise as Tensor)
        return { action: sample, logProb: logProb as Tensor1D }
      },
      explore: (noise) => law.sample(noise as Tensor),
      modes: () => [law.mode()],
    }
  },
})

/** SAC-GMM: Haarnoja 2018 (thesis), section 7.4, footnote 3. */
const mixture: Head<'mixture'> = ({ components: M }, actions, [low, high]) => ({
  outputs: M * (1 + 2 * actions),
  noise: (rows) => ({
    component: { shape: [rows, 1], law: 'uniform' },
    noise: { shape: [rows, 1, actions], law: 'normal' },
  }),
  isReparameterised: false,
  law: (outputs) => {
    const [logits, flatMean, flatLogStd] = tf.split(outputs, [M, M * actions, M * actions], 1)
    const mean = tf.reshape(flatMean, [-1, M, actions])
    const logStd = tf.clipByValue(tf.reshape(flatLogStd, [-1, M, actions]), low, high)
    const law = tanhGaussianMixture({ logits, mean, logStd })
    const sample: ActionLaw['sample'] = (noise) => {
      // The score function is the gradient of the log density at a sample that stays where it is.
      const preTanh = stopGradient(law.base.sample(noise as MixtureNoise))
      const action = tf.reshape<tf.Rank.R2>(tf.tanh(preTanh), [-1, actions])
      return { action, logProb: tf.reshape(law.logProb({ preTanh }), [-1]) }
    }
    return {
      sample,
      explore: (noise) => sample(noise).action,
      modes: () => {
        const means = M === 1 ? [mean] : tf.split(mean, M, 1)
        return means.map((component) => tf.reshape<tf.Rank.R2>(tf.tanh(component), [-1, actions]))
      },
    }
  },
})

/** No entropy: the action is a function of the state, and is tried with normal noise of a fixed width. */
const deterministic: Head<'deterministic'> = ({ explorationStd }, actions) => ({
  outputs: actions,
  noise: normalNoise(actions),
  isReparameterised: true,
  law: (outputs) => {
    const action = tf.tanh(outputs)
    return {
      sample: () => ({ action, logProb: tf.zeros([outputs.shape[0]]) }),
      explore: (noise) =>
        tf.clipByValue(tf.add<Tensor2D>(action, tf.mul(explorationStd, noise as Tensor)), -1, 1),
      modes: () => [action],
    }
  },
})

/** The first half of the outputs as means, the second as log standard deviations within `range`. */
function gaussianParams(
  outputs: Tensor2D,
  [low, high]: SacConfig['logStdRange'],
): { readonly mean: Tensor2D; readonly logStd: Tensor2D } {
  const [mean, logStd] = tf.split<Tensor2D>(outputs, 2, 1)
  return { mean, logStd: tf.clipByValue(logStd, low, high) }
}
