import * as tf from '@tensorflow/tfjs'
import type { Scalar, Tensor } from '@tensorflow/tfjs'
import { checkShapes, descend, entropyDual, valueAndGrad } from '@maxent/core'
import type { AdamState, AlgorithmSpec, Optimizer } from '@maxent/core'
import type { TemperatureConfig } from './config.ts'
import type { EntropyRange } from './entropyRange.ts'

/** Arguments of {@link temperatureLoss}: B states. */
export interface TemperatureLossArgs {
  /** log α, []. */
  readonly logAlpha: Tensor
  /** log π(a|s) of actions from the current policy, [B]. */
  readonly logProb: Tensor
  /** H̄ in nats, for actions scaled to [−1, 1]. */
  readonly targetEntropy: number
}

/**
 * The dual descent on the temperature, in log space.
 * Haarnoja 2018 (thesis), eq. 5.8, with log α in place of the factor α, as the released code has it:
 *
 *     J(log α) = E[ −log α·( log π(a|s) + H̄ ) ]
 *
 * Its gradient in log α is H − H̄ with H = −E log π: α falls while the policy has more entropy than the target and rises while it has
 * less. Eq. 5.8 itself gives α·(H − H̄) in log α: the same zero and sign, but steps that die out as α gets small.
 *
 * Shapes: B states; the result is a scalar. Gradient reaches `logAlpha` only; `logProb` is held constant.
 * @throws RangeError when a shape differs.
 */
export function temperatureLoss(args: TemperatureLossArgs): Scalar {
  const { logAlpha, logProb, targetEntropy } = args
  checkShapes('temperatureLoss', { logAlpha: [], logProb: ['B'] }, { logAlpha, logProb })
  return entropyDual({ multiplier: logAlpha, logProb, targetEntropy })
}

/** −1 nat per action dimension, for actions scaled to [−1, 1]. Haarnoja 2018 (thesis), section 5.3. */
export function defaultTargetEntropy(spec: Pick<AlgorithmSpec, 'action'>): number {
  return -spec.action.low.length
}

export interface TemperatureStepArgs {
  /** log α before the step, []. */
  readonly logAlpha: Scalar
  readonly optimizer: Optimizer<AdamState>
  readonly moments: AdamState
  /** log π(a|s) of actions from the policy before its own step, [B]. */
  readonly logProb: Tensor
  readonly targetEntropy: number
}

/** log α and the state of its optimiser after one step down {@link temperatureLoss}, and that loss. */
export function stepTemperature({
  logAlpha,
  optimizer,
  moments,
  logProb,
  targetEntropy,
}: TemperatureStepArgs): { readonly logAlpha: Scalar; readonly moments: AdamState; readonly loss: Scalar } {
  const { value: loss, grads } = valueAndGrad((x: Scalar) => ({
    value: temperatureLoss({ logAlpha: x, logProb, targetEntropy }),
  }))(logAlpha)
  const { parameters, state } = descend(optimizer, grads, [logAlpha, moments])
  return { logAlpha: parameters, moments: state, loss }
}

/** α as losses take it: a constant where it is fixed, exp(log α) where it is learned. */
export function alphaOf(temperature: TemperatureConfig, logAlpha: Scalar | undefined): Scalar {
  if (temperature.kind === 'fixed') return tf.scalar(temperature.alpha)
  if (logAlpha !== undefined) return tf.exp(logAlpha)
  throw new TypeError(
    'alphaOf: logAlpha must be part of the state of a learned temperature, got none; initialise the state with the same config',
  )
}

/** A warning where no policy has the target entropy, given or by default: α then goes to infinity or to zero. */
export function targetEntropyWarnings(
  caller: string,
  targetEntropy: number,
  [low, high]: EntropyRange,
): string[] {
  if (targetEntropy > low && targetEntropy < high) return []
  const range = `${Number.isFinite(low) ? low.toFixed(2) : 'minus infinity'} and ${high.toFixed(2)}`
  return [
    `${caller}: temperature.targetEntropy must lie between ${range} nats to be within reach of a policy, got ${targetEntropy}; ` +
      `alpha will ${targetEntropy >= high ? 'grow without end' : 'fall to zero'}`,
  ]
}
