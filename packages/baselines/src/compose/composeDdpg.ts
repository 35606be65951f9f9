import * as tf from '@tensorflow/tfjs'
import type { Scalar, Tensor, Tensor1D } from '@tensorflow/tfjs'
import {
  actionScale,
  adam,
  checkConstituents,
  compositionRule,
  compositionWeights,
  descend,
  explore,
  exploringMemory,
  foldIn,
  joinedVectors,
  key as keyOf,
  learnedVector,
  leaveToConstituents,
  minimumQ,
  readConstituents,
  tidy,
  transitionSpecs,
  valueAndGrad,
  weightedSum,
} from '@maxent/core'
import type {
  AdamState,
  Algorithm,
  AlgorithmSpec,
  CompositionRule,
  Constituent,
  NoiseSpec,
  ObservationBatch,
} from '@maxent/core'
import { resolveDdpgConfig, type DdpgConfig } from '../ddpg/config.ts'
import { createNetworks, type DeterministicNetworks } from '../shared/networks.ts'
import { policyLoss } from '../shared/policyLoss.ts'

/** A task that DDPG has learned. */
export type DdpgConstituent = Constituent<DdpgConfig>

/** How constituents are combined, and how a policy is extracted. */
export interface ComposeDdpgOptions {
  /** `{ kind: 'mean' }` when absent. */
  readonly rule?: CompositionRule
  /** What the extraction has otherwise than the first constituent. The critics, and how they were learned, are those of the constituents. */
  readonly config?: Partial<
    Pick<
      DdpgConfig,
      'batchSize' | 'hidden' | 'activation' | 'outputBound' | 'policyLearningRate' | 'policyGroups'
    >
  >
}

/** All that a gradient step of the extraction reads and writes. */
export type ComposedDdpgState = {
  /** The policy that climbs Q_Σ. */
  readonly policy: Tensor1D
  /** The critics of every constituent, one after another. Nothing changes them. */
  readonly critic: Tensor1D
  /** Adam's moments. */
  readonly optimizer: { readonly policy: AdamState }
  /** Gradient steps taken, int32. */
  readonly step: Scalar
}

/**
 * The counterpart of `composeSql` without entropy: a deterministic policy that climbs Q_Σ(s, π(s)) = Σ wᵢ Qᵢ(s, π(s)), offline, in states of the
 * constituents' replays. Haarnoja 2018 (thesis), section 6.3. Nothing bounds what is lost: deterministic policies that differ have an
 * infinite divergence.
 * @throws RangeError when there is no constituent, two differ in spaces, groups or discount, weights break the rule, a state is of another
 * config, or the config of the extraction has what is the constituents'; TypeError for what is no constituent.
 */
export function composeDdpg(
  constituents: readonly DdpgConstituent[],
  options: ComposeDdpgOptions = {},
): Algorithm<ComposedDdpgState> {
  const caller = 'composeDdpg'
  const rule = compositionRule(caller, options, ['config'])
  const { config: given = {} } = options
  const learned = readConstituents(caller, constituents, readConstituent)
  checkConstituents(
    caller,
    learned.map(({ spec, config: { gamma, criticGroups } }) => ({ spec, gamma, groups: criticGroups })),
  )
  const weights = compositionWeights(caller, rule, learned.length)
  leaveToConstituents(caller, theirs, given)
  const [{ spec, config: first }] = learned
  // No critic is built of it: their layer of the action must not bind the policy's layers.
  const config = resolveDdpgConfig({ ...first, ...given, actionLayer: 1 })
  const { policy: act, initPolicy } = createNetworks('ddpg', spec, config)
  const optimizer = adam({ learningRate: config.policyLearningRate })
  const scale = actionScale(spec.action)
  const critics = joinedVectors(learned.map(({ critic }) => critic))
  const composedQ = (parameters: Tensor1D, observation: ObservationBatch, action: Tensor): Tensor1D => {
    const each = critics.split(parameters)
    const q = learned.map(({ networks }, i) => minimumQ(networks.critics(each[i], observation, action)))
    return weightedSum(q, weights)
  }
  const actions = spec.action.low.length
  const { exploration } = config
  return {
    id: 'compose-ddpg',
    spec,
    replays: learned.length,
    batch: transitionSpecs(spec, config.batchSize),
    noise: { act: (rows): NoiseSpec => ({ shape: [rows, actions], law: 'normal' }), update: {} },
    ...exploringMemory(exploration, actions),
    init: (key) =>
      tidy(() => {
        const policy = initPolicy(foldIn(key, 'policy'))
        return {
          policy,
          critic: critics.join(),
          optimizer: { policy: optimizer.init(policy) },
          step: tf.scalar(0, 'int32'),
        }
      }),
    act: ({ policy, step }, observation, noise) =>
      tidy(() => {
        const acted = explore(exploration, { action: act(policy, observation), noise, step })
        return { ...acted, action: scale.toEnvironment(acted.action) }
      }),
    actDeterministic: ({ policy }, observation) =>
      tidy(() => ({ action: scale.toEnvironment(act(policy, observation)) })),
    update: (state, { observation }) =>
      tidy(() => {
        const { value, grads } = valueAndGrad((parameters: Tensor1D) => ({
          value: policyLoss({ q: composedQ(state.critic, observation, act(parameters, observation)) }),
        }))(state.policy)
        const moved = descend(optimizer, grads, [state.policy, state.optimizer.policy])
        return {
          state: {
            ...state,
            policy: moved.parameters,
            optimizer: { policy: moved.state },
            step: tf.add<Scalar>(state.step, tf.scalar(1, 'int32')),
          },
          metrics: { qMean: tf.neg<Scalar>(value) },
        }
      }),
  }
}

/** What an extraction cannot have otherwise than the constituents. */
const theirs = [
  'gamma',
  'critics',
  'criticGroups',
  'actionLayer',
  'criticLearningRate',
  'criticDecay',
  'target',
] as const

interface Learned {
  readonly spec: AlgorithmSpec
  readonly config: DdpgConfig
  readonly networks: DeterministicNetworks
  readonly critic: Float32Array
}

function readConstituent({ spec, config: given, state }: DdpgConstituent, owner: string): Learned {
  const config = resolveDdpgConfig(given)
  const networks = createNetworks('ddpg', spec, config)
  const size = tidy(() => networks.initCritics(keyOf(0)).size)
  const critic = learnedVector('composeDdpg', state, { name: 'critic', owner, size })
  return { spec, config, networks, critic }
}
