import * as tf from '@tensorflow/tfjs'
import type { Scalar, Tensor, Tensor1D } from '@tensorflow/tfjs'
import {
  bellmanResidual,
  bellmanTarget,
  categorical,
  descend,
  polyak,
  targetShare,
  valueAndGrad,
} from '@maxent/core'
import type { ObservationBatch, TransitionBatch } from '@maxent/core'
import type { SacOptimizers } from '../optimizers.ts'
import { heldTemperature, withTemperatureStep, type Stepped } from '../temperature.ts'
import type { DiscreteSacConfig } from './config.ts'
import { discreteActorLoss, expectedValue, negativeEntropy, takenQ } from './losses.ts'
import type { DiscreteSacNetworks } from './networks.ts'
import type { DiscreteSacState } from './state.ts'

/** What stays the same over all gradient steps. */
export interface DiscreteSacParts {
  readonly config: DiscreteSacConfig
  readonly networks: DiscreteSacNetworks
  readonly optimizers: SacOptimizers
  /** N */
  readonly choices: number
  /** H̄ */
  readonly targetEntropy: number
}

/** One gradient step in the order of `sac`: critics, policy, temperature, targets. */
export function update(
  parts: DiscreteSacParts,
  state: DiscreteSacState,
  batch: TransitionBatch,
): Stepped<DiscreteSacState> {
  const { config, networks, optimizers, targetEntropy } = parts
  const { observation, nextObservation, reward, discount } = batch
  const temperature = heldTemperature(config.temperature, state)
  const { alpha } = temperature
  const logProbsOf = (parameters: Tensor1D, seen: ObservationBatch): Tensor =>
    categorical({ logits: networks.logits(parameters, seen) }).logProbs()

  const nextValue = expectedValue({
    q: networks.critics(state.criticTarget, nextObservation),
    logProbs: logProbsOf(state.policy, nextObservation),
    alpha,
  })
  const target = bellmanTarget({ reward, discount, nextValue, gamma: config.gamma })
  const choice = tf.cast(tf.reshape(batch.action, [-1]), 'int32')
  const taken = tf.cast(tf.oneHot(choice, parts.choices), 'float32')
  const evaluation = valueAndGrad((parameters: Tensor1D) => {
    const q = takenQ(networks.critics(parameters, observation), taken)
    return { value: bellmanResidual({ q, target }), aux: { qMean: tf.mean<Scalar>(q) } }
  })(state.critic)
  const critic = descend(optimizers.critic, evaluation.grads, [state.critic, state.optimizer.critic])

  const q = networks.critics(critic.parameters, observation)
  const improvement = valueAndGrad((parameters: Tensor1D) => {
    const logProbs = logProbsOf(parameters, observation)
    return { value: discreteActorLoss({ q, logProbs, alpha }), aux: { logProbs } }
  })(state.policy)
  const policy = descend(optimizers.policy, improvement.grads, [state.policy, state.optimizer.policy])
  const logProb = negativeEntropy(improvement.aux.logProbs)

  const step = tf.add<Scalar>(state.step, tf.scalar(1, 'int32'))
  const moved: DiscreteSacState = {
    policy: policy.parameters,
    critic: critic.parameters,
    criticTarget: polyak(critic.parameters, state.criticTarget, targetShare(config.target, step)),
    optimizer: { policy: policy.state, critic: critic.state },
    step,
  }
  const metrics = {
    criticLoss: evaluation.value,
    qMean: evaluation.aux.qMean,
    targetMean: tf.mean<Scalar>(target),
    actorLoss: improvement.value,
    entropy: tf.neg(tf.mean<Scalar>(logProb)),
    alpha,
  }
  return withTemperatureStep(
    { state: moved, metrics },
    { held: temperature, optimizer: optimizers.alpha, logProb, targetEntropy },
  )
}
