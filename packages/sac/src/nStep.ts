import * as tf from '@tensorflow/tfjs'
import type { Scalar, Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs'
import { checkShapes, nStepReturns } from '@maxent/core'
import type { StepsBatch, TransitionBatch } from '@maxent/core'

/** The first step of every stretch, with what it led to. */
export function firstSteps(steps: StepsBatch): TransitionBatch {
  const first = (x: Tensor): Tensor => tf.squeeze(tf.slice(x, 0, 1), [0])
  const groups = (observation: StepsBatch['observation']): TransitionBatch['observation'] =>
    Object.fromEntries(Object.entries(observation).map(([name, x]) => [name, first(x) as Tensor2D]))
  return {
    observation: groups(steps.observation),
    action: first(steps.action) as Tensor2D,
    reward: first(steps.reward),
    discount: first(steps.discount),
    nextObservation: groups(steps.nextObservation),
  }
}

/** The observations that the steps led to, one row per step: [T·B, n]. */
export function flatNext({ nextObservation }: StepsBatch): TransitionBatch['nextObservation'] {
  return Object.fromEntries(
    Object.entries(nextObservation).map(([name, x]) => [name, tf.reshape(x, [-1, x.shape[2]])]),
  )
}

/** Arguments of {@link nStepTarget}: T steps of B stretches. */
export interface NStepTargetArgs {
  /** r, [T, B]. */
  readonly reward: Tensor
  /** d, [T, B]: 0 where the task ended, else 1. */
  readonly discount: Tensor
  /** 1 where row t + 1 is the step that follows row t, [T, B]. */
  readonly continues: Tensor
  /** minₖ Q̄ₖ(s_{t+1}, a′) with a′ ~ π(·|s_{t+1}), [T, B]. */
  readonly nextLeastQ: Tensor
  /** log π(a′|s_{t+1}), [T, B]. */
  readonly nextLogProb: Tensor
  /** α, []. */
  readonly alpha: Scalar
  /** γ. */
  readonly gamma: number
}

/**
 * The target of the first of T steps: rewards as they were taken, the entropy of the present policy after every one, and the bootstrap at the
 * end of the stretch. Thesis 3.2 and 4.2 written over T steps; for T = 1 it is `softTarget`.
 *
 *     y = Σₜ γᵗ·D_t·( r_t − γ·d_t·α·log π(a′_{t+1}|s_{t+1}) ) + γᵀ·D_T·minₖ Q̄ₖ(s_T, a′_T),   D_t = Π_{k<t} d_k
 *
 * where T ends sooner, after the first step that does not continue. Nothing corrects for the policy that chose the later actions. The result,
 * [B], is a constant.
 * @throws RangeError when a shape differs.
 */
export function nStepTarget(args: NStepTargetArgs): Tensor1D {
  const { reward, discount, continues, nextLeastQ, nextLogProb, alpha, gamma } = args
  const row = ['T', 'B']
  checkShapes(
    'nStepTarget',
    { reward: row, discount: row, continues: row, nextLeastQ: row, nextLogProb: row, alpha: [] },
    { reward, discount, continues, nextLeastQ, nextLogProb, alpha },
  )
  const returns = nStepReturns({
    reward,
    discount,
    continues,
    gamma,
    nextValue: nextLeastQ,
    // α may be a tensor here, so it is part of the entropies.
    nextEntropy: tf.neg(tf.mul(alpha, nextLogProb)),
    alpha: 1,
    steps: reward.shape[0],
  })
  return tf.reshape(tf.slice(returns, 0, 1), [-1])
}
