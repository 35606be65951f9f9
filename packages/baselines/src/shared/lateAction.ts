import * as tf from '@tensorflow/tfjs'
import type { Tensor, Tensor2D } from '@tensorflow/tfjs'
import { foldIn, mlp, tidy } from '@maxent/core'
import type { MlpOptions, MlpParams, Network } from '@maxent/core'

/** Widths of a critic's two inputs and the affine layer, counted from 1, that the action enters. */
export interface LateAction extends Omit<MlpOptions, 'inputs' | 'outputs'> {
  readonly observations: number
  readonly actions: number
  /** From 2 to the number of hidden layers. */
  readonly actionLayer: number
}

type LateActionParams = { readonly observation: MlpParams; readonly joint: MlpParams }

/**
 * Q(s, a) whose first layers see the observation alone (Lillicrap et al. 2015, supplement 7, with the action at layer 2). Rows of the input
 * are [observation, action].
 */
export function lateActionCritic(options: LateAction): Network<LateActionParams> {
  const { observations, actions, actionLayer, hidden, activation = 'relu', ...laws } = options
  const { outputKernel: _kernel, outputBias: _bias, ...hiddenLaws } = laws
  const width = hidden[actionLayer - 2]
  const observation = mlp({
    inputs: observations,
    hidden: hidden.slice(0, actionLayer - 2),
    outputs: width,
    activation,
    ...hiddenLaws,
  })
  const joint = mlp({
    inputs: width + actions,
    hidden: hidden.slice(actionLayer - 1),
    outputs: 1,
    activation,
    ...laws,
  })
  return {
    init: (key) => ({
      observation: observation.init(foldIn(key, 'observation')),
      joint: joint.init(foldIn(key, 'joint')),
    }),
    apply: (params, input) =>
      tidy(() => {
        const [s, a] = tf.split<Tensor2D>(input, [observations, actions], 1)
        const seen: Tensor = tf[activation](observation.apply(params.observation, s))
        return joint.apply(params.joint, tf.concat([seen, a], 1))
      }),
  }
}
