import * as tf from '@tensorflow/tfjs'
import type { Scalar, Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs'
import {
  adam,
  bellmanResidual,
  bellmanTarget,
  categorical,
  choicesOf,
  descend,
  foldIn,
  mlp,
  observationGroups,
  polyak,
  ravel,
  ravelAll,
  targetShare,
  tidy,
  transitionSpecs,
  valueAndGrad,
} from '@maxent/core'
import type {
  Algorithm,
  AlgorithmSpec,
  Key,
  NoiseSpec,
  ObservationBatch,
  TransitionBatch,
} from '@maxent/core'
import { layers } from '../layers.ts'
import type { SacState } from '../state.ts'
import { alphaOf, stepTemperature, targetEntropyWarnings } from '../temperature.ts'
import { resolveDiscreteSacConfig, type DiscreteSacConfig } from './config.ts'
import { discreteActorLoss, expectedValue, negativeEntropy, takenQ } from './losses.ts'

/** All that a gradient step reads and writes, as in {@link SacState}. */
export type DiscreteSacState = Omit<SacState, 'criticTarget' | 'value' | 'valueTarget'> & {
  /** θ̄₁ … θ̄_K */
  readonly criticTarget: Tensor1D
}

/** Share of the entropy of the uniform policy that the target is: Christodoulou 2019, appendix. */
const entropyShare = 0.98

/** 0.98 log N nats for N choices. */
export function discreteTargetEntropy(choices: number): number {
  return entropyShare * Math.log(choices)
}

/**
 * Soft actor-critic over choices: Christodoulou 2019, "Soft actor-critic for discrete action settings", arXiv:1910.07207. The expectations over
 * actions of the thesis' equations 4.2, 4.6 and 5.8 are sums, so targets, policy and temperature have no sampling noise.
 * @throws RangeError or TypeError when actions are no choices, or the config breaks a rule or does not fit the specification.
 */
export function discreteSac(
  spec: AlgorithmSpec,
  partial: Partial<DiscreteSacConfig> = {},
): Algorithm<DiscreteSacState> {
  const config = resolveDiscreteSacConfig(partial)
  const parts = createParts(spec, config)
  const { logitsOf, choices } = parts
  const row = (rows: number): NoiseSpec => ({ shape: [rows], law: 'uniform' })
  const asAction = (choice: Tensor): Tensor2D => tf.reshape(tf.cast(choice, 'float32'), [-1, 1])
  return {
    id: 'sac-discrete',
    spec,
    warnings:
      config.temperature.kind === 'learned'
        ? targetEntropyWarnings('sac-discrete', parts.targetEntropy, [0, Math.log(choices)])
        : [],
    batch: transitionSpecs(spec, config.batchSize),
    noise: { act: row, update: {} },
    init: (key) => tidy(() => initialState(parts, config, key)),
    act: (state, observation, noise) =>
      tidy(() => {
        const law = categorical({ logits: logitsOf(state.policy, observation) })
        // Rounding may leave the last choice one too high.
        return { action: tf.minimum(asAction(law.sample(noise as Tensor)), choices - 1) }
      }),
    actDeterministic: (state, observation) =>
      tidy(() => ({ action: asAction(tf.argMax(logitsOf(state.policy, observation), 1)) })),
    update: (state, batch) => tidy(() => update(parts, config, { state, batch })),
  }
}

type Parts = ReturnType<typeof createParts>

function createParts(spec: AlgorithmSpec, config: DiscreteSacConfig) {
  const choices = choicesOf('sac-discrete', spec.action)
  const seenByPolicy = observationGroups('sac-discrete: policyGroups', spec.observation, config.policyGroups)
  const seenByCritic = observationGroups('sac-discrete: criticGroups', spec.observation, config.criticGroups)
  const policy = ravel(mlp({ inputs: seenByPolicy.size, outputs: choices, ...layers(config) }))
  const member = mlp({ inputs: seenByCritic.size, outputs: choices, ...layers(config) })
  const names = Array.from({ length: config.critics }, (_, k) => `q${k + 1}`)
  const critics = ravelAll(Object.fromEntries(names.map((name) => [name, member])))
  const learned = config.temperature.kind === 'learned' ? config.temperature : undefined
  return {
    choices,
    initPolicy: (key: Key): Tensor1D => policy.init(key),
    /** [B, N] */
    logitsOf: (parameters: Tensor1D, observation: ObservationBatch): Tensor2D =>
      policy.apply(parameters, seenByPolicy.join(observation)),
    initCritics: (key: Key): Tensor1D => critics.init(key),
    /** Qₖ(s, ·), [K, B, N]. */
    qOf: (parameters: Tensor1D, observation: ObservationBatch): Tensor => {
      const q = critics.apply(parameters, seenByCritic.join(observation))
      return tf.stack(names.map((name) => q[name]))
    },
    optimizers: {
      policy: adam({ learningRate: config.policyLearningRate }),
      critic: adam({ learningRate: config.criticLearningRate }),
      alpha: adam({ learningRate: learned?.learningRate ?? config.policyLearningRate }),
    },
    targetEntropy: learned?.targetEntropy ?? discreteTargetEntropy(choices),
  }
}

function initialState(parts: Parts, config: DiscreteSacConfig, key: Key): DiscreteSacState {
  const { optimizers } = parts
  const policy = parts.initPolicy(foldIn(key, 'policy'))
  const critic = parts.initCritics(foldIn(key, 'critic'))
  const optimizer = { policy: optimizers.policy.init(policy), critic: optimizers.critic.init(critic) }
  const state = { policy, critic, criticTarget: tf.clone(critic), optimizer, step: tf.scalar(0, 'int32') }
  if (config.temperature.kind === 'fixed') return state
  const logAlpha = tf.scalar(Math.log(config.temperature.initialAlpha))
  return { ...state, logAlpha, optimizer: { ...optimizer, alpha: optimizers.alpha.init(logAlpha) } }
}

/** One gradient step in the order of `sac`: critics, policy, temperature, targets. */
function update(
  parts: Parts,
  config: DiscreteSacConfig,
  { state, batch }: { readonly state: DiscreteSacState; readonly batch: TransitionBatch },
): { readonly state: DiscreteSacState; readonly metrics: Readonly<Record<string, Scalar>> } {
  const { optimizers } = parts
  const { observation, nextObservation, reward, discount } = batch
  const alpha = alphaOf(config.temperature, state.logAlpha)
  const logProbsOf = (parameters: Tensor1D, seen: ObservationBatch): Tensor =>
    categorical({ logits: parts.logitsOf(parameters, seen) }).logProbs()

  const nextValue = expectedValue({
    q: parts.qOf(state.criticTarget, nextObservation),
    logProbs: logProbsOf(state.policy, nextObservation),
    alpha,
  })
  const target = bellmanTarget({ reward, discount, nextValue, gamma: config.gamma })
  const choice = tf.cast(tf.reshape(batch.action, [-1]), 'int32')
  const taken = tf.cast(tf.oneHot(choice, parts.choices), 'float32')
  const evaluation = valueAndGrad((parameters: Tensor1D) => {
    const q = takenQ(parts.qOf(parameters, observation), taken)
    return { value: bellmanResidual({ q, target }), aux: { qMean: tf.mean<Scalar>(q) } }
  })(state.critic)
  const critic = descend(optimizers.critic, evaluation.grads, [state.critic, state.optimizer.critic])

  const q = parts.qOf(critic.parameters, observation)
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
  if (state.logAlpha === undefined || state.optimizer.alpha === undefined) return { state: moved, metrics }

  const { logAlpha, moments, loss } = stepTemperature({
    logAlpha: state.logAlpha,
    optimizer: optimizers.alpha,
    moments: state.optimizer.alpha,
    logProb,
    targetEntropy: parts.targetEntropy,
  })
  const optimizer = { ...moved.optimizer, alpha: moments }
  return { state: { ...moved, optimizer, logAlpha }, metrics: { ...metrics, alphaLoss: loss } }
}
