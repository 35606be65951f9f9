import * as tf from '@tensorflow/tfjs'
import type { Tensor } from '@tensorflow/tfjs'
import {
  checkShapes,
  compositionWeights,
  importanceWeights,
  renyiHalf,
  softValue,
  tidy,
  weightedSum,
} from '@maxent/core'

/** K actions in each of B states with the values that C tasks give them. */
export interface CompositionSamples {
  /** Qᵢ(s, aₖ), [B, K] of each of C tasks. */
  readonly q: readonly Tensor[]
  /** log density of what the actions were drawn from, [B, K]. */
  readonly logProposal: Tensor
  /** α, one for all tasks. */
  readonly alpha: number
}

/** How many of K actions drawn in each of B states count for exp(Q/α), between 1 and K, [B]. */
export function effectiveSampleSizes({
  q,
  logProposal,
  alpha,
}: Omit<CompositionSamples, 'q'> & { readonly q: Tensor }): Tensor {
  return importanceWeights({ logTarget: tf.div(q, alpha), logProposal }).effectiveSampleSize
}

/** What {@link compositionPenalty} gives. */
export interface CompositionPenalty {
  /** P(s), at least 0, [B]. */
  readonly penalty: Tensor
  /** Share of π_Σ(·|s) that each action stands for, of sum one, [B, K]. */
  readonly policyWeights: Tensor
  /** How many actions these are worth, between 1 and K, [B]. */
  readonly effectiveSampleSize: Tensor
}

/**
 * How much the policies of C tasks disagree in a state, as the reward of lemma 5. Haarnoja 2018 (thesis), B.28, for any number of tasks, convex
 * weights and temperature:
 *
 *     P(s) = −α log ∫ Πᵢ πᵢ(a|s)^{wᵢ} da = Σ wᵢ Vᵢ(s) − V_Σ(s)
 *
 * with all soft values estimated on the same actions (eq. 3.8): by Hölder's inequality no estimate is then below zero, and tasks that agree
 * have exactly none. For two tasks of equal weight P = (α/2) D_½(π₁‖π₂). Its bias is the difference of those of the soft values, each of which is
 * low, by about ½ α (1/n − 1/K) while its effective sample size n is large and without a bound where it is near 1. As the parts are more peaked than
 * their mean, P is low on the whole, and may miss most of what it should be where few actions count for a part: metric `leastSampleSize` of
 * `composeSql`.
 *
 * `weights` are convex. Shapes: B states, K actions.
 * @throws RangeError when a shape differs, alpha is not positive, or weights are not as many as tasks and convex.
 */
export function compositionPenalty(
  { q, logProposal, alpha }: CompositionSamples,
  weights: readonly number[],
): CompositionPenalty {
  if (q.length === 0)
    throw new RangeError('compositionPenalty: q must have at least one task, got none; give what was learned')
  compositionWeights('compositionPenalty', { kind: 'mean', weights }, q.length)
  for (const one of q)
    checkShapes('compositionPenalty', { logProposal: ['B', 'K'], q: ['B', 'K'] }, { logProposal, q: one })
  return tidy(() => {
    const values = q.map((one) => softValue({ q: one, logProposal, alpha }))
    const composed = weightedSum(q, weights)
    const composedValue = softValue({ q: composed, logProposal, alpha })
    const { weights: policyWeights, effectiveSampleSize } = importanceWeights({
      logTarget: tf.div(composed, alpha),
      logProposal,
    })
    // Rounding can carry it below zero.
    const penalty = tf.relu(tf.sub(weightedSum(values, weights), composedValue))
    return { penalty, policyWeights, effectiveSampleSize }
  })
}

/**
 * Rényi's divergence of order one half between the policies of two tasks, averaged over all pairs of C >= 2 tasks. Haarnoja 2018 (thesis), 6.4:
 *
 *     D_½(πᵢ‖πⱼ) = −2 log ∫ √(πᵢ πⱼ) da,        πᵢ = exp((Qᵢ − Vᵢ)/α)
 *
 * 0 where they are the same, infinite where they have nothing in common. Low where few actions count for a part, as {@link compositionPenalty} is: its
 * soft value is then low, and its policy too dense where the actions are. [B]
 * @throws RangeError when there are less than two tasks, a shape differs or alpha is not positive.
 */
export function meanDivergence({ q, logProposal, alpha }: CompositionSamples): Tensor {
  if (q.length < 2)
    throw new RangeError(
      `meanDivergence: q must have at least two tasks, got ${q.length}; there is nothing to compare`,
    )
  return tidy(() => {
    const logPolicies = q.map((one) =>
      tf.div(tf.sub(one, tf.expandDims(softValue({ q: one, logProposal, alpha }), 1)), alpha),
    )
    const pairs = logPolicies.flatMap((logP, i) =>
      logPolicies.slice(i + 1).map((logQ) => renyiHalf({ logP, logQ, logProposal })),
    )
    return weightedSum(pairs, Array<number>(pairs.length).fill(1 / pairs.length))
  })
}
