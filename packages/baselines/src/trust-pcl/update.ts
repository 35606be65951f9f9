import * as tf from '@tensorflow/tfjs'
import type { Scalar, Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs'
import { descend, polyak, valueAndGrad } from '@maxent/core'
import type {
  ActionScale,
  AdamState,
  ObservationBatch,
  ObservationGroups,
  Optimizer,
  StepsBatch,
} from '@maxent/core'
import type { TrustPclConfig } from './config.ts'
import type { TrustPclNetworks } from './networks.ts'
import { pathConsistencyLoss, pathError } from './pathConsistency.ts'
import type { TrustPclState } from './state.ts'

/** What stays the same over all gradient steps. */
export interface TrustPclParts {
  readonly config: TrustPclConfig
  readonly networks: TrustPclNetworks
  readonly seen: ObservationGroups
  readonly scale: ActionScale
  readonly optimizers: {
    readonly policy: Optimizer<AdamState>
    readonly value: Optimizer<AdamState>
  }
}

/**
 * One gradient step on stretches from a replay: Nachum et al. 2018 (arXiv:1707.01891), Algorithm 1 with its off-policy part. Policy and
 * value move down the same loss together, then the lagged policy follows. Densities of stored actions are those of the values before the
 * squash, which are stored beside them. The metrics are defined in the README.
 */
export function update(
  parts: TrustPclParts,
  state: TrustPclState,
  batch: StepsBatch,
): { readonly state: TrustPclState; readonly metrics: Readonly<Record<string, Scalar>> } {
  const { config, networks, optimizers, seen } = parts
  const { gamma, alpha, lambda } = config
  const { reward, discount, valid, continues } = batch
  const [T, B] = reward.shape
  const rows = T * B
  const input = seen.join(rowsOf(batch.observation))
  const next = seen.join(rowsOf(batch.nextObservation))
  const preTanh = tf.reshape<tf.Rank.R2>(batch.record.preTanh, [rows, -1])
  const steps = (x: Tensor): Tensor2D => tf.reshape(x, [T, B])
  const laggedLogProb = steps(networks.policy(state.laggedPolicy, input).logProb({ preTanh }))
  const first = tf.slice(input, [0, 0], [B, seen.size])

  const evaluation = valueAndGrad((parameters: { readonly policy: Tensor1D; readonly value: Tensor1D }) => {
    const logProb = steps(networks.policy(parameters.policy, input).logProb({ preTanh }))
    const value = networks.value(parameters.value, first)
    const nextValue = steps(networks.value(parameters.value, next))
    const error = pathError({
      reward,
      discount,
      valid,
      continues,
      logProb,
      laggedLogProb,
      value,
      nextValue,
      gamma,
      alpha,
      lambda,
    })
    return { value: pathConsistencyLoss(error), aux: { error, value, logProb } }
  })({ policy: state.policy, value: state.value })
  const { grads, aux } = evaluation
  const policy = descend(optimizers.policy, grads.policy, [state.policy, state.optimizer.policy])
  const value = descend(optimizers.value, grads.value, [state.value, state.optimizer.value])
  const counted = tf.maximum(tf.sum(valid), 1)
  const meanOfSteps = (x: Tensor): Scalar => tf.div(tf.sum(tf.mul(x, valid)), counted)
  return {
    state: {
      policy: policy.parameters,
      laggedPolicy: polyak(policy.parameters, state.laggedPolicy, config.lag),
      value: value.parameters,
      optimizer: { policy: policy.state, value: value.state },
    },
    metrics: {
      pathLoss: evaluation.value,
      pathError: tf.mean<Scalar>(aux.error),
      valueMean: tf.mean<Scalar>(aux.value),
      logRatio: meanOfSteps(tf.sub(aux.logProb, laggedLogProb)),
      logProb: meanOfSteps(aux.logProb),
    },
  }
}

/** Groups [T, B, n] as [T·B, n]. */
function rowsOf(groups: StepsBatch['observation']): ObservationBatch {
  return Object.fromEntries(
    Object.entries(groups).map(([name, group]) => [
      name,
      tf.reshape<tf.Rank.R2>(group, [group.shape[0] * group.shape[1], group.shape[2]]),
    ]),
  )
}
