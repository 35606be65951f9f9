import { tidy, truncatedGaussian } from '@maxent/core'
import * as tf from '@tensorflow/tfjs'
import type { SacConfig } from './config.ts'

/** The entropies that policies can have, in nats: [low, high]. */
export type EntropyRange = readonly [number, number]

const ofUnitGaussian = 0.5 * Math.log(2 * Math.PI * Math.E)

/**
 * The entropies within reach of a policy over `actions` dimensions scaled to [−1, 1], where log 2 each is that of the uniform distribution. A
 * squash takes entropy away, and can take any amount: tanh'd kinds have no lower end, and at most the entropy before the squash.
 */
export function entropyRange(
  { policy, logStdRange: [low, high] }: Pick<SacConfig, 'policy' | 'logStdRange'>,
  actions: number,
): EntropyRange {
  const widest = actions * (high + ofUnitGaussian)
  const uniform = actions * Math.LN2
  switch (policy.kind) {
    case 'gaussian':
      return [actions * (low + ofUnitGaussian), widest]
    case 'truncatedGaussian': {
      const [least, most] = ofTruncatedGaussian([low, high])
      return [actions * least, actions * most]
    }
    case 'tanhGaussian':
      return [-Infinity, Math.min(uniform, widest)]
    case 'mixture':
      return [-Infinity, Math.min(uniform, widest + Math.log(policy.components))]
    case 'realNvp':
      return [-Infinity, uniform]
    case 'deterministic':
      return [-Infinity, -Infinity]
  }
}

/** Narrow at a bound, where half of it is cut, and wide in the middle. */
function ofTruncatedGaussian([low, high]: SacConfig['logStdRange']): EntropyRange {
  return tidy(() => {
    const [mean, logStd] = [tf.tensor2d([[-1], [0]]), tf.tensor2d([[low], [high]])]
    const [least, most] = truncatedGaussian({ mean, logStd, low: -1, high: 1 }).entropy().dataSync()
    return [least, most]
  })
}
