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

/** A state of a learner as its temperature sees it: log α and its moments are there where it is learned. */
export interface TemperedState {
  /** log α, []. */
  readonly logAlpha?: Scalar
  readonly optimizer: { readonly alpha?: AdamState }
}

/** The temperature of a state: α, [], as losses take it, and what learns it, where it is learned. */
export interface HeldTemperature {
  readonly alpha: Scalar
  readonly learned?: { readonly logAlpha: Scalar; readonly moments: AdamState }
}

/** A state with log α and its moments as training begins; as it was where the temperature is fixed. */
export function withInitialTemperature<S extends TemperedState>(
  state: S,
  {
    temperature,
    optimizer,
  }: { readonly temperature: TemperatureConfig; readonly optimizer: Optimizer<AdamState> },
): S {
  if (temperature.kind === 'fixed') return state
  const logAlpha = tf.scalar(Math.log(temperature.initialAlpha))
  return { ...state, logAlpha, optimizer: { ...state.optimizer, alpha: optimizer.init(logAlpha) } }
}

/**
 * The temperature that a state holds.
 * @throws TypeError when the state is of the other kind of temperature.
 */
export function heldTemperature(
  temperature: TemperatureConfig,
  { logAlpha, optimizer: { alpha: moments } }: TemperedState,
): HeldTemperature {
  if (temperature.kind === 'fixed' && logAlpha === undefined) return { alpha: tf.scalar(temperature.alpha) }
  if (temperature.kind === 'learned' && logAlpha !== undefined && moments !== undefined)
    return { alpha: tf.exp(logAlpha), learned: { logAlpha, moments } }
  throw new TypeError(
    `update: state must be that of a ${temperature.kind} temperature, got ${logAlpha === undefined ? 'one without' : 'one with'} logAlpha; ` +
      'initialise the state with the same config',
  )
}

/** Arguments of {@link withTemperatureStep}: B states. */
export interface TemperatureStepArgs {
  readonly held: HeldTemperature
  readonly optimizer: Optimizer<AdamState>
  /** log π(a|s) of actions from the policy before its own step, [B]. */
  readonly logProb: Tensor
  /** H̄ in nats, for actions scaled to [−1, 1]. */
  readonly targetEntropy: number
}

/** What a gradient step gives. */
export interface Stepped<S> {
  readonly state: S
  readonly metrics: Readonly<Record<string, Scalar>>
}

/** A gradient step with one down {@link temperatureLoss} besides, and the metric `alphaLoss`; as it was where the temperature is fixed. */
export function withTemperatureStep<S extends TemperedState>(
  { state, metrics }: Stepped<S>,
  { held: { learned }, optimizer, logProb, targetEntropy }: TemperatureStepArgs,
): Stepped<S> {
  if (learned === undefined) return { state, metrics }
  const { value: alphaLoss, grads } = valueAndGrad((logAlpha: Scalar) => ({
    value: temperatureLoss({ logAlpha, logProb, targetEntropy }),
  }))(learned.logAlpha)
  const moved = descend(optimizer, grads, [learned.logAlpha, learned.moments])
  return {
    state: { ...state, logAlpha: moved.parameters, optimizer: { ...state.optimizer, alpha: moved.state } },
    metrics: { ...metrics, alphaLoss },
  }
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
