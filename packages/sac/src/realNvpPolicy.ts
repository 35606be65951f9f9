import * as tf from '@tensorflow/tfjs'
import type { Tensor, Tensor1D } from '@tensorflow/tfjs'
import { foldIn, mlp, ravelParams, realNvp, tanhFlowDistribution } from '@maxent/core'
import type { PolicyConfig, SacConfig } from './config.ts'
import { layers } from './layers.ts'
import { normalNoise, type PolicyNetwork, type PolicySizes } from './policy.ts'

/**
 * Thesis, section 7.3 and appendix C.4: a = tanh(f(h; tanh(e(s)))), h ~ N(0, I), with the hidden layers of all networks in the embedding e, of
 * twice the length of an action. Evaluation takes the image of h = 0, of which no density is known to be the largest. Coupling layers have units
 * of tanh, as in the released code: with the relu of appendix C.4 each layer's scales are exponentials of the one before, without a bound.
 */
export function realNvpPolicy(
  config: SacConfig,
  { couplings }: Extract<PolicyConfig, { kind: 'realNvp' }>,
  { inputs, actions }: PolicySizes,
): PolicyNetwork {
  if (actions < 2) {
    throw new RangeError(
      `sac: actions must have at least 2 dimensions where policy.kind is 'realNvp', got ${actions}, whose coupling layers would ` +
        "change nothing; take 'tanhGaussian'",
    )
  }
  const condition = 2 * actions
  const flow = realNvp({ size: actions, condition, layers: couplings, activation: 'tanh' })
  const embedding = mlp({ inputs, outputs: condition, ...layers(config) })
  const parts = ravelParams((key) => ({
    embedding: embedding.init(foldIn(key, 'embedding')),
    flow: flow.init(foldIn(key, 'flow')),
  }))
  return {
    noise: normalNoise(actions),
    isReparameterised: true,
    init: (key) => parts.init(key),
    law: (parameters, input) => {
      const params = parts.unravel(parameters)
      // Bounded: the scales of the flow are exponentials, and observations may be of any size.
      const embedded = tf.tanh(embedding.apply(params.embedding, input))
      const law = tanhFlowDistribution({ flow, params: params.flow, condition: embedded })
      return {
        sample: (noise) => {
          const { action, logProb } = law.sampleWithLogProb(noise as Tensor)
          return { action, logProb: logProb as Tensor1D }
        },
        explore: (noise) => law.sampleWithLogProb(noise as Tensor).action,
        modes: () => [law.sampleWithLogProb(tf.zeros([embedded.shape[0], actions])).action],
      }
    },
  }
}
