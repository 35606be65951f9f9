import * as tf from '@tensorflow/tfjs'
import type { Scalar, Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs'
import {
  actionScale,
  checkConstituents,
  compositionRule,
  compositionWeights,
  joinedVectors,
  key as keyOf,
  learnedVector,
  readConstituents,
  tidy,
  transitionSpecs,
} from '@maxent/core'
import type { Algorithm, AlgorithmSpec, CompositionRule, Constituent, ObservationBatch } from '@maxent/core'
import { resolveNafConfig, type NafConfig } from '../naf/config.ts'
import { createNetwork, type NafNetwork } from '../naf/network.ts'
import { mergedQuadratics } from './mergedMean.ts'

/** A task that NAF has learned. */
export type NafConstituent = Constituent<NafConfig>

/** How constituents are combined. */
export interface ComposeNafOptions {
  /** `{ kind: 'mean' }` when absent. A sum of equal weights has the same best actions. */
  readonly rule?: CompositionRule
}

/** What acting reads. */
export type ComposedNafState = {
  /** The network of every constituent, one after another. */
  readonly network: Tensor1D
}

/** The least logarithm on L's diagonal whose square, on that of P, is no zero in float32, with room for the other entries. */
const LEAST_LOG_DIAGONAL = -30

/**
 * The counterpart of `composeSql` in closed form: Q-functions that are quadratic in the action have a quadratic sum, whose best action is
 * P⁻¹ Σ wᵢ Pᵢ μᵢ, cut to the box of actions. Haarnoja 2018 (thesis), section 6.3. There is nothing to learn: `update` leaves the state as it is,
 * and tells how far the constituents are apart, and in which share of the states P is singular in float32, which `advise` objects to. Acting in such
 * a state gives some action of the box and says nothing.
 * @throws RangeError when there is no constituent, two differ in spaces, groups or discount, weights break the rule, a state is of another
 * config, or their `logDiagonalRange` lets P be zero in float32; TypeError for what is no constituent.
 */
export function composeNaf(
  constituents: readonly NafConstituent[],
  options: ComposeNafOptions = {},
): Algorithm<ComposedNafState> {
  const caller = 'composeNaf'
  const rule = compositionRule(caller, options, [])
  const learned = readConstituents(caller, constituents, readConstituent)
  checkConstituents(
    caller,
    learned.map(({ spec, config: { gamma, groups } }) => ({ spec, gamma, groups })),
  )
  const weights = compositionWeights(caller, rule, learned.length)
  const [{ spec, config }] = learned
  const scale = actionScale(spec.action)
  const networks = joinedVectors(learned.map(({ parameters }) => parameters))
  const merge = (
    { network }: ComposedNafState,
    observation: ObservationBatch,
  ): { readonly best: Tensor2D; readonly means: readonly Tensor[]; readonly singular: Tensor } => {
    const each = networks.split(network)
    const outputs = learned.map((one, i) => one.network.apply(each[i], observation))
    const { mean: merged, singular } = mergedQuadratics(outputs, weights)
    return { best: tf.clipByValue(merged, -1, 1), means: outputs.map(({ mean }) => mean), singular }
  }
  const act: Algorithm<ComposedNafState>['actDeterministic'] = (state, observation) =>
    tidy(() => ({ action: scale.toEnvironment(merge(state, observation).best) }))
  return {
    id: 'compose-naf',
    spec,
    batch: transitionSpecs(spec, config.batchSize),
    noise: { act: () => ({}), update: {} },
    advise: ({ singular = 0 }) =>
      singular > 0 ? [{ name: 'singular', message: singularMessage(singular) }] : [],
    init: () => tidy(() => ({ network: networks.join() })),
    act,
    actDeterministic: act,
    update: (state, { observation }) =>
      tidy(() => {
        const { best, means, singular } = merge(state, observation)
        const distances = means.map((mean) => tf.norm(tf.sub(mean, best), 'euclidean', 1))
        const metrics = { spread: tf.mean<Scalar>(tf.concat(distances)), singular: tf.mean<Scalar>(singular) }
        return { state, metrics }
      }),
  }
}

function singularMessage(share: number): string {
  return (
    `composeNaf: the sum of the P must be regular in float32, got one that is singular in ${(100 * share).toPrecision(3)} % of the states (singular), ` +
    'which have no one best action; learn constituents with a narrower logDiagonalRange'
  )
}

interface Learned {
  readonly spec: AlgorithmSpec
  readonly config: NafConfig
  readonly network: NafNetwork
  readonly parameters: Float32Array
}

function readConstituent({ spec, config: given, state }: NafConstituent, owner: string): Learned {
  const config = resolveNafConfig(given)
  const [least] = config.logDiagonalRange
  if (least < LEAST_LOG_DIAGONAL) {
    throw new RangeError(
      `composeNaf: ${owner} must have a logDiagonalRange from ${LEAST_LOG_DIAGONAL} on, got ${least}; ` +
        'below, the sum of the P is singular in float32 and has no one best action: learn with a larger bound',
    )
  }
  const network = createNetwork(spec, config)
  const size = tidy(() => network.init(keyOf(0)).size)
  const parameters = learnedVector('composeNaf', state, { name: 'network', owner, size })
  return { spec, config, network, parameters }
}
