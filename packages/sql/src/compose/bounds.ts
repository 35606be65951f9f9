import * as tf from '@tensorflow/tfjs'
import type { Scalar, Tensor, Tensor1D } from '@tensorflow/tfjs'
import {
  adam,
  bellmanResidual,
  checkShapes,
  descend,
  polyak,
  resolveConfig,
  targetSchema,
  targetShare,
  tidy,
  valueAndGrad,
} from '@maxent/core'
import type {
  ActionScale,
  AdamState,
  AlgorithmSpec,
  Key,
  Optimizer,
  TargetConfig,
  TransitionBatch,
} from '@maxent/core'
import * as z from 'zod'
import type { SqlConfig } from '../config.ts'
import { createNetworks, type SqlNetworks } from '../networks.ts'
import type { CompositionPenalty } from './penalty.ts'

/** How the bounds of lemma 5 and theorem 3 are learned. */
export interface BoundsConfig {
  /** Units of each hidden layer of the two networks. */
  readonly hidden: readonly number[]
  /** Adam's learning rate, above 0. */
  readonly learningRate: number
  /** How their slow copies follow. */
  readonly target: TargetConfig
}

/** The defaults, each once: the sizes of soft Q-learning's own networks. */
export const boundsDefaults: BoundsConfig = Object.freeze<BoundsConfig>({
  hidden: [200, 200],
  learningRate: 1e-3,
  target: { kind: 'soft', tau: 0.005 },
})

const boundsSchema = z.strictObject({
  hidden: z.array(z.int().min(1)).min(1).describe('units of each hidden layer of the two networks'),
  learningRate: z.number().positive().describe("Adam's learning rate"),
  target: targetSchema.describe('how their slow copies follow'),
})

/**
 * Fills in the defaults and checks every rule.
 * @throws RangeError or TypeError that names field, rule, value and remedy.
 */
export function resolveBoundsConfig(partial: Partial<BoundsConfig>): BoundsConfig {
  return resolveConfig(
    { caller: 'composeSql: bounds', schema: boundsSchema, defaults: boundsDefaults },
    partial,
  )
}

/** What a gradient step on the bounds reads and writes. */
export type BoundsState = {
  /** Parameters of C and D, one after another. */
  readonly network: Tensor1D
  /** Their slow copies. */
  readonly target: Tensor1D
  /** Adam's moments. */
  readonly optimizer: AdamState
}

/** Arguments of {@link boundTargets}: B transitions, K actions in the state that each leads to. */
export interface BoundTargetsArgs {
  /** P(s') and the shares of π_Σ(·|s') that the actions stand for. */
  readonly next: Pick<CompositionPenalty, 'penalty' | 'policyWeights'>
  /** C(s', aₖ), [B, K]. */
  readonly nextGap: Tensor
  /** D(s', aₖ), [B, K]. */
  readonly nextRegret: Tensor
  /** 0 where the task ended, 1 elsewhere, [B]. */
  readonly discount: Tensor
  /** γ */
  readonly gamma: number
}

/**
 * What C and D of a transition are regressed on: sampled forms of the fixed points of lemma 5 and theorem 3. Haarnoja 2018 (thesis), B.28 and
 * B.31, with P for the divergence:
 *
 *     C ← γ d (P(s') + maxₖ C(s', aₖ)),        D ← γ d Σₖ wₖ (C(s', aₖ) + D(s', aₖ))
 *
 * The maximum over some actions stands for that over all: low where few are drawn, and high by what networks err. Both [B].
 * @throws RangeError when a shape differs.
 */
export function boundTargets({ next, nextGap, nextRegret, discount, gamma }: BoundTargetsArgs): {
  readonly gap: Tensor
  readonly regret: Tensor
} {
  const { penalty, policyWeights } = next
  const perAction = ['B', 'K'] as const
  checkShapes(
    'boundTargets',
    { discount: ['B'], penalty: ['B'], policyWeights: perAction, nextGap: perAction, nextRegret: perAction },
    { discount, penalty, policyWeights, nextGap, nextRegret },
  )
  return tidy(() => {
    const share = tf.mul(discount, gamma)
    const ahead = tf.sum(tf.mul(policyWeights, tf.add(nextGap, nextRegret)), 1)
    return {
      gap: tf.mul(share, tf.add(penalty, tf.max(nextGap, 1))),
      regret: tf.mul(share, ahead),
    }
  })
}

/** The networks of the bounds with their optimiser. */
export interface BoundsParts {
  readonly config: BoundsConfig
  readonly gamma: number
  readonly scale: ActionScale
  readonly networks: Pick<SqlNetworks, 'initCritics' | 'critics'>
  readonly optimizer: Optimizer<AdamState>
}

/** C and D as two critics of the shape of soft Q-learning's, which see what those of the constituents see. */
export function createBounds(
  spec: AlgorithmSpec,
  {
    config,
    sql,
    scale,
  }: { readonly config: BoundsConfig; readonly sql: SqlConfig; readonly scale: ActionScale },
): BoundsParts {
  return {
    config,
    gamma: sql.gamma,
    scale,
    networks: createNetworks(spec, { ...sql, hidden: config.hidden, critics: 2 }),
    optimizer: adam({ learningRate: config.learningRate }),
  }
}

/** Fresh networks for C and D, and slow copies that are the same. */
export function initialBounds({ networks, optimizer }: BoundsParts, key: Key): BoundsState {
  const network = networks.initCritics(key)
  return { network, target: tf.clone(network), optimizer: optimizer.init(network) }
}

/** C and D of K actions in [−1, 1] in each of B states, at least 0 as both are, [B, K] each. */
export function boundsOf(...args: Parameters<typeof outputsOf>): readonly [gap: Tensor, regret: Tensor] {
  const [gap, regret] = outputsOf(...args)
  return [tf.relu(gap), tf.relu(regret)]
}

/** {@link boundsOf} as networks have them, which errors may carry below 0. */
function outputsOf(
  { networks }: BoundsParts,
  parameters: Tensor1D,
  [observation, action]: readonly [TransitionBatch['observation'], Tensor],
): readonly [gap: Tensor, regret: Tensor] {
  const [gap, regret] = tf.unstack(networks.critics(parameters, observation, action), 0)
  return [gap, regret]
}

/** What {@link fitBounds} learns from. */
export interface BoundsInput {
  readonly batch: TransitionBatch
  /** Actions in [−1, 1] in the states that the transitions lead to, [B, K, A]. */
  readonly nextAction: Tensor
  /** What these are worth. */
  readonly next: CompositionPenalty
  /** Gradient steps taken, the present one included. */
  readonly step: Scalar
}

/** One gradient step of C and D on B transitions. Metrics: mean C, mean D and the loss. */
export function fitBounds(
  parts: BoundsParts,
  state: BoundsState,
  { batch, nextAction, next, step }: BoundsInput,
): { readonly state: BoundsState; readonly metrics: Readonly<Record<string, Scalar>> } {
  const { config, gamma, scale, optimizer } = parts
  const { observation, nextObservation, discount } = batch
  const [nextGap, nextRegret] = boundsOf(parts, state.target, [nextObservation, nextAction])
  const targets = boundTargets({ next, nextGap, nextRegret, discount, gamma })
  const taken = tf.expandDims(scale.toUnit(batch.action), 1)
  const { value, aux, grads } = valueAndGrad((parameters: Tensor1D) => {
    const [gap, regret] = outputsOf(parts, parameters, [observation, taken]).map((found) =>
      tf.transpose(found),
    )
    const loss = tf.add<Scalar>(
      bellmanResidual({ q: gap, target: targets.gap }),
      bellmanResidual({ q: regret, target: targets.regret }),
    )
    return { value: loss, aux: { gap: tf.mean<Scalar>(gap), regret: tf.mean<Scalar>(regret) } }
  })(state.network)
  const { parameters, state: moments } = descend(optimizer, grads, [state.network, state.optimizer])
  return {
    state: {
      network: parameters,
      target: polyak(parameters, state.target, targetShare(config.target, step)),
      optimizer: moments,
    },
    metrics: { gap: aux.gap, regret: aux.regret, boundsLoss: value },
  }
}
