import * as tf from '@tensorflow/tfjs'
import type { Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs'
import {
  checkShapes,
  diagonalGaussian,
  foldIn,
  mlp,
  ravel,
  ravelParams,
  realNvp,
  stopGradient,
  tanhFlowDistribution,
  tanhGaussian,
  tanhGaussianMixture,
  truncatedGaussian,
} from '@maxent/core'
import type { Key, MixtureNoise, NoiseSpec, Tree } from '@maxent/core'
import type { PolicyConfig, SacConfig } from './config.ts'
import { entropyRange, type EntropyRange } from './entropyRange.ts'
import { layers } from './layers.ts'

/** A distribution of actions of A dimensions for each of B states, scaled to [−1, 1]. */
export interface ActionLaw {
  /** One action per state, [B, A], with its log density, [B], through which gradients flow. Not reparameterised, the action is a constant. */
  readonly sample: (noise: Tree<Tensor>) => { readonly action: Tensor2D; readonly logProb: Tensor1D }
  /** What the learner tries in the environment, [B, A] within [−1, 1]. */
  readonly explore: (noise: Tree<Tensor>) => Tensor2D
  /** What evaluation chooses from, by the critics where there are several: at least one, [B, A] each within [−1, 1]. */
  readonly modes: () => readonly Tensor2D[]
}

/** What the loop and the loss must know of a policy. */
export interface PolicyTraits {
  /** The noise of one action for each of `rows` states. */
  readonly noise: (rows: number) => Tree<NoiseSpec>
  /** Whether gradients reach the parameters through the sample; else the policy climbs by the score function. */
  readonly isReparameterised: boolean
  /** The entropies that it can have, in nats, for the warning of a target out of reach. Absent: not known. */
  readonly entropyRange?: EntropyRange
}

/** How a network's outputs become a distribution over actions. */
export interface PolicyHead extends PolicyTraits {
  /** Outputs per state. */
  readonly outputs: number
  /** [B, outputs] as distributions. */
  readonly law: (outputs: Tensor2D) => ActionLaw
}

/** A policy as a pure function of one flat parameter vector. */
export interface PolicyNetwork extends PolicyTraits {
  /** Parameters drawn from a key, one flat vector. */
  readonly init: (key: Key) => Tensor1D
  /** π(·|s) for inputs [B, n]. */
  readonly law: (parameters: Tensor1D, input: Tensor) => ActionLaw
}

/** What a policy is made for. */
export interface PolicySizes {
  /** Numbers that it sees of a state. */
  readonly inputs: number
  /** A, dimensions of an action. */
  readonly actions: number
}

/** A distribution of actions that is not among the kinds of the config: a head of the usual network, or a network of its own. */
export type OwnPolicy =
  | {
      /** Reads the outputs of the network of the config. */
      readonly head: (sizes: PolicySizes) => PolicyHead
    }
  | {
      /** Stands in place of the network of the config. */
      readonly network: (sizes: PolicySizes) => PolicyNetwork
    }

/** The policy that is configured: a network whose outputs a head reads, or a flow. */
export function policyNetwork(config: SacConfig, { inputs, actions }: PolicySizes): PolicyNetwork {
  const { policy } = config
  const network =
    policy.kind === 'realNvp'
      ? realNvpPolicy(config, policy, { inputs, actions })
      : headed(config, policyHead({ ...config, policy }, actions), inputs)
  return { ...network, entropyRange: entropyRange(config, actions) }
}

/**
 * A policy of the caller's own, whose shapes are checked.
 * @throws RangeError where it climbs by the score function and there is no state-value network.
 */
export function ownPolicyNetwork(own: OwnPolicy, config: SacConfig, sizes: PolicySizes): PolicyNetwork {
  const network = 'network' in own ? own.network(sizes) : headed(config, own.head(sizes), sizes.inputs)
  if (!network.isReparameterised && config.bootstrap !== 'valueNetwork') {
    throw new RangeError(
      `sac: bootstrap must be 'valueNetwork' where a policy is not reparameterised, got '${config.bootstrap}'; ` +
        'the score-function gradient takes V as its baseline',
    )
  }
  const checked = (caller: string, action: Tensor2D): Tensor2D => {
    checkShapes(caller, { action: ['B', sizes.actions] }, { action })
    return action
  }
  return {
    ...network,
    law: (parameters, input) => {
      const law = network.law(parameters, input)
      return {
        sample: (noise) => {
          const { action, logProb } = law.sample(noise)
          checkShapes(
            'sac: policy.sample',
            { action: ['B', sizes.actions], logProb: ['B'] },
            { action, logProb },
          )
          return { action, logProb }
        },
        explore: (noise) => checked('sac: policy.explore', law.explore(noise)),
        modes: () => law.modes().map((mode) => checked('sac: policy.modes', mode)),
      }
    },
  }
}

function headed(config: SacConfig, head: PolicyHead, inputs: number): PolicyNetwork {
  const { outputs, law, ...traits } = head
  const network = ravel(mlp({ inputs, outputs, ...layers(config) }))
  return {
    ...traits,
    init: (key) => network.init(key),
    law: (parameters, input) => law(network.apply(parameters, input)),
  }
}

/**
 * Thesis, section 7.3 and appendix C.4: a = tanh(f(h; tanh(e(s)))), h ~ N(0, I), with the hidden layers of all networks in the embedding e, of
 * twice the length of an action. Evaluation takes the image of h = 0, of which no density is known to be the largest.
 */
function realNvpPolicy(
  config: SacConfig,
  { couplings }: Extract<PolicyConfig, { kind: 'realNvp' }>,
  { inputs, actions }: PolicySizes,
): PolicyNetwork {
  if (actions < 2) {
    throw new RangeError(
      `sac: actions must have at least 2 dimensions where policy.kind is 'realNvp', got ${actions}, whose coupling layers would ` +
        "change nothing; take 'tanhGaussian'",
    )
  }
  const condition = 2 * actions
  const flow = realNvp({ size: actions, condition, layers: couplings })
  const embedding = mlp({ inputs, outputs: condition, ...layers(config) })
  const parts = ravelParams((key) => ({
    embedding: embedding.init(foldIn(key, 'embedding')),
    flow: flow.init(foldIn(key, 'flow')),
  }))
  return {
    noise: normal(actions),
    isReparameterised: true,
    init: (key) => parts.init(key),
    law: (parameters, input) => {
      const params = parts.unravel(parameters)
      // Bounded: the scales of the flow are exponentials, and observations may be of any size.
      const embedded = tf.tanh(embedding.apply(params.embedding, input))
      const law = tanhFlowDistribution({ flow, params: params.flow, condition: embedded })
      return {
        sample: (noise) => {
          const { action, logProb } = law.sampleWithLogProb(noise as Tensor)
          return { action, logProb: logProb as Tensor1D }
        },
        explore: (noise) => law.sampleWithLogProb(noise as Tensor).action,
        modes: () => [law.sampleWithLogProb(tf.zeros([embedded.shape[0], actions])).action],
      }
    },
  }
}

/** What a head reads: of all kinds those that are distributions of a network's outputs. */
type HeadConfig = Exclude<PolicyConfig, { kind: 'realNvp' }>

type Head<K extends HeadConfig['kind']> = (
  policy: Extract<HeadConfig, { kind: K }>,
  actions: number,
  logStdRange: SacConfig['logStdRange'],
) => PolicyHead

/** The head of a configured policy over `actions` dimensions. */
export function policyHead(
  { policy, logStdRange }: { readonly policy: HeadConfig } & Pick<SacConfig, 'logStdRange'>,
  actions: number,
): PolicyHead {
  switch (policy.kind) {
    case 'tanhGaussian':
      return squashed(policy, actions, logStdRange)
    case 'gaussian':
      return unsquashed(policy, actions, logStdRange)
    case 'truncatedGaussian':
      return truncated(policy, actions, logStdRange)
    case 'mixture':
      return mixture(policy, actions, logStdRange)
    case 'deterministic':
      return deterministic(policy, actions, logStdRange)
  }
}

const squashed: Head<'tanhGaussian'> = (_, actions, range) => ({
  outputs: 2 * actions,
  noise: normal(actions),
  isReparameterised: true,
  law: (outputs) => {
    const law = tanhGaussian(gaussianParams(outputs, range))
    return {
      sample: (noise) => {
        const { action, logProb } = law.sampleWithLogProb(noise as Tensor)
        return { action, logProb: logProb as Tensor1D }
      },
      explore: (noise) => law.sampleWithLogProb(noise as Tensor).action,
      modes: () => [law.mode()],
    }
  },
})

/** For problems whose solution is normal. What is tried is clipped to the box; the densities know of no box. */
const unsquashed: Head<'gaussian'> = (_, actions, range) => ({
  outputs: 2 * actions,
  noise: normal(actions),
  isReparameterised: true,
  law: (outputs) => {
    const params = gaussianParams(outputs, range)
    const law = diagonalGaussian(params)
    return {
      sample: (noise) => {
        const { sample, logProb } = law.sampleWithLogProb(noise as Tensor)
        return { action: sample, logProb: logProb as Tensor1D }
      },
      explore: (noise) => tf.clipByValue(law.sample(noise as Tensor), -1, 1),
      modes: () => [tf.clipByValue(params.mean, -1, 1)],
    }
  },
})

/** The mean passes through tanh: far outside the box the gradients of a truncated density have no bound. */
const truncated: Head<'truncatedGaussian'> = (_, actions, range) => ({
  outputs: 2 * actions,
  noise: (rows) => ({ shape: [rows, actions], law: 'uniform' }),
  isReparameterised: true,
  law: (outputs) => {
    const { mean, logStd } = gaussianParams(outputs, range)
    const law = truncatedGaussian({ mean: tf.tanh(mean), logStd, low: -1, high: 1 })
    return {
      sample: (noise) => {
        const { sample, logProb } = law.sampleWithLogProb(noise as Tensor)
        return { action: sample, logProb: logProb as Tensor1D }
      },
      explore: (noise) => law.sample(noise as Tensor),
      modes: () => [law.mode()],
    }
  },
})

/** SAC-GMM: Haarnoja 2018 (thesis), section 7.4, footnote 3. */
const mixture: Head<'mixture'> = ({ components: M }, actions, [low, high]) => ({
  outputs: M * (1 + 2 * actions),
  noise: (rows) => ({
    component: { shape: [rows, 1], law: 'uniform' },
    noise: { shape: [rows, 1, actions], law: 'normal' },
  }),
  isReparameterised: false,
  law: (outputs) => {
    const [logits, flatMean, flatLogStd] = tf.split(outputs, [M, M * actions, M * actions], 1)
    const mean = tf.reshape(flatMean, [-1, M, actions])
    const logStd = tf.clipByValue(tf.reshape(flatLogStd, [-1, M, actions]), low, high)
    const law = tanhGaussianMixture({ logits, mean, logStd })
    const sample: ActionLaw['sample'] = (noise) => {
      // The score function is the gradient of the log density at a sample that stays where it is.
      const preTanh = stopGradient(law.base.sample(noise as MixtureNoise))
      const action = tf.reshape<tf.Rank.R2>(tf.tanh(preTanh), [-1, actions])
      return { action, logProb: tf.reshape(law.logProb({ preTanh }), [-1]) }
    }
    return {
      sample,
      explore: (noise) => sample(noise).action,
      modes: () => {
        const means = M === 1 ? [mean] : tf.split(mean, M, 1)
        return means.map((component) => tf.reshape<tf.Rank.R2>(tf.tanh(component), [-1, actions]))
      },
    }
  },
})

/** No entropy: the action is a function of the state, and is tried with normal noise of a fixed width. */
const deterministic: Head<'deterministic'> = ({ explorationStd }, actions) => ({
  outputs: actions,
  noise: normal(actions),
  isReparameterised: true,
  law: (outputs) => {
    const action = tf.tanh(outputs)
    return {
      sample: () => ({ action, logProb: tf.zeros([outputs.shape[0]]) }),
      explore: (noise) =>
        tf.clipByValue(tf.add<Tensor2D>(action, tf.mul(explorationStd, noise as Tensor)), -1, 1),
      modes: () => [action],
    }
  },
})

function normal(actions: number): (rows: number) => NoiseSpec {
  return (rows) => ({ shape: [rows, actions], law: 'normal' })
}

/** The first half of the outputs as means, the second as log standard deviations within `range`. */
function gaussianParams(
  outputs: Tensor2D,
  [low, high]: SacConfig['logStdRange'],
): { readonly mean: Tensor2D; readonly logStd: Tensor2D } {
  const [mean, logStd] = tf.split<Tensor2D>(outputs, 2, 1)
  return { mean, logStd: tf.clipByValue(logStd, low, high) }
}
