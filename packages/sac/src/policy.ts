import type { Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs'
import type { Key, NoiseSpec, Tree } from '@maxent/core'
import type { EntropyRange } from './entropyRange.ts'

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

/** Standard normal noise for actions of so many dimensions. */
export function normalNoise(actions: number): (rows: number) => NoiseSpec {
  return (rows) => ({ shape: [rows, actions], law: 'normal' })
}
