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
import { episodesOf, lambdaOfDivergence } from './divergence.ts'
import { pathConsistencyLoss, pathErrors } from './pathConsistency.ts'
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
  const { gamma, alpha } = config
  const { reward, discount, valid, continues } = batch
  const [T, B] = reward.shape
  const rows = T * B
  const input = seen.join(rowsOf(batch.observation))
  const end = endsOf(seen.join(rowsOf(batch.nextObservation)), batch)
  const preTanh = tf.reshape<tf.Rank.R2>(batch.record.preTanh, [rows, -1])
  const steps = (x: Tensor): Tensor2D => tf.reshape(x, [T, B])
  const laggedLogProb = steps(networks.policy(state.laggedPolicy, input).logProb({ preTanh }))
  const lambda = nextLambda(config, state, batch)
  const counted = config.paths === 'all' ? valid : tf.mul(valid, firstOf(T))

  const evaluation = valueAndGrad((parameters: { readonly policy: Tensor1D; readonly value: Tensor1D }) => {
    const logProb = steps(networks.policy(parameters.policy, input).logProb({ preTanh }))
    const value = steps(networks.value(parameters.value, input))
    const bootstrap = config.bootstrap === 'lagged' ? state.laggedValue : parameters.value
    const endValue = networks.value(bootstrap, end)
    const error = pathErrors({
      reward,
      discount,
      valid,
      continues,
      logProb,
      laggedLogProb,
      value,
      nextValue: tf.tile(tf.expandDims(endValue, 0), [T, 1]),
      gamma,
      alpha,
      lambda,
    })
    const limit = config.errorLimit === undefined ? {} : { limit: config.errorLimit }
    return { value: pathConsistencyLoss({ error, counted, ...limit }), aux: { error, value, logProb } }
  })({ policy: state.policy, value: state.value })
  const { grads, aux } = evaluation
  const policy = descend(optimizers.policy, grads.policy, [state.policy, state.optimizer.policy])
  const value = descend(optimizers.value, grads.value, [state.value, state.optimizer.value])
  const meanOver = (rows: Tensor, x: Tensor): Scalar =>
    tf.div(tf.sum(tf.mul(x, rows)), tf.maximum(tf.sum(rows), 1))
  return {
    state: {
      policy: policy.parameters,
      laggedPolicy: polyak(policy.parameters, state.laggedPolicy, config.lag),
      value: value.parameters,
      laggedValue: polyak(value.parameters, state.laggedValue, config.lag),
      lambda,
      optimizer: { policy: policy.state, value: value.state },
    },
    metrics: {
      pathLoss: evaluation.value,
      pathError: meanOver(counted, aux.error),
      valueMean: meanOver(counted, aux.value),
      logRatio: meanOver(valid, tf.sub(aux.logProb, laggedLogProb)),
      logProb: meanOver(valid, aux.logProb),
      lambda,
    },
  }
}

/** Fewer episodes tell too little of how returns are spread: λ stays where it starts. The released code waits for as many. */
const LEAST_EPISODES = 9
/** Share by which λ moves in each update to where it should be: that of the released code. */
const LAMBDA_RATE = 0.01

function nextLambda(
  { divergence: epsilon, lambdaRange: range }: TrustPclConfig,
  { lambda }: TrustPclState,
  { episodes }: StepsBatch,
): Scalar {
  if (epsilon === undefined || episodes === undefined) return tf.clone(lambda)
  const known = tf.cast(tf.greaterEqual(episodesOf(episodes), LEAST_EPISODES), 'float32')
  const gap = tf.sub(lambdaOfDivergence({ ...episodes, epsilon, range }), lambda)
  return tf.add(lambda, tf.mul(tf.mul(LAMBDA_RATE, known), gap))
}

/** 1 for the first of T rows, 0 for the others, [T, 1]. */
function firstOf(T: number): Tensor2D {
  return tf.tensor2d(Array.from({ length: T }, (_, t) => [t === 0 ? 1 : 0]))
}

/** What each stretch ended with, [B, size], of what its steps led to, [T·B, size]. */
function endsOf(next: Tensor2D, { valid, continues }: StepsBatch): Tensor2D {
  const [T, B] = valid.shape
  const ends = tf.expandDims(tf.mul(valid, tf.sub(1, continues)), 2)
  return tf.sum<Tensor2D>(tf.mul(ends, tf.reshape(next, [T, B, -1])), 0)
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
