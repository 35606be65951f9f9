import type { ExplorationConfig, TargetConfig } from '@maxent/core'
import { explorationSchema, resolveConfig, targetSchema } from '@maxent/core'
import * as z from 'zod'
import { count, groups, layers, rate, share } from '../shared/rules.ts'

/** All settings of DDPG. */
export interface DdpgConfig {
  /** Discount factor γ, in [0, 1]. Default: the paper's. */
  readonly gamma: number
  /** Transitions B per gradient step, at least 1. */
  readonly batchSize: number
  /** Units of each hidden layer, of every network. */
  readonly hidden: readonly number[]
  /** The layer of the critics, counted from 1, that the action enters; at most the number of hidden layers. */
  readonly actionLayer: number
  /** Activation between layers. Default: the paper's. */
  readonly activation: 'relu' | 'tanh' | 'elu'
  /** Bound of the uniform initial weights of the output layers. Without it that of all layers. */
  readonly outputBound?: number
  /** Critics K that share one target; the least of them counts in target and policy. Default: the paper's. */
  readonly critics: number
  /** Adam's learning rate for the policy, in [1e-37, 1e38]. */
  readonly policyLearningRate: number
  /** Adam's learning rate for the critics, in [1e-37, 1e38]. Default: the paper's. */
  readonly criticLearningRate: number
  /** λ, weight of ½‖θ‖² in the critics' loss. */
  readonly criticDecay: number
  /** The target networks, of policy and critics. */
  readonly target: TargetConfig
  /** The noise on the actions taken. */
  readonly exploration: ExplorationConfig
  /** Observation groups that the policy sees. Without it: all. */
  readonly policyGroups?: readonly string[]
  /** Observation groups that the critics see. Without it: all. */
  readonly criticGroups?: readonly string[]
}

/** The defaults, each once: the settings under which later papers compare. {@link ddpgPaper} has those of the first. */
export const ddpgDefaults: DdpgConfig = Object.freeze<DdpgConfig>({
  gamma: 0.99,
  batchSize: 256,
  hidden: [256, 256],
  actionLayer: 1,
  activation: 'relu',
  critics: 1,
  policyLearningRate: 1e-3,
  criticLearningRate: 1e-3,
  criticDecay: 0,
  target: { kind: 'soft', tau: 0.005 },
  exploration: { kind: 'gaussian', sigma: 0.1 },
})

/** The settings of Lillicrap et al. 2015 (arXiv:1509.02971), supplement 7, for low-dimensional observations. */
export const ddpgPaper: DdpgConfig = Object.freeze<DdpgConfig>({
  gamma: 0.99,
  batchSize: 64,
  hidden: [400, 300],
  actionLayer: 2,
  activation: 'relu',
  outputBound: 3e-3,
  critics: 1,
  policyLearningRate: 1e-4,
  criticLearningRate: 1e-3,
  criticDecay: 1e-2,
  target: { kind: 'soft', tau: 0.001 },
  exploration: { kind: 'ornsteinUhlenbeck', theta: 0.15, sigma: 0.2 },
})

/** What section 5.3 of Haarnoja 2018 (thesis) sets apart from the defaults: two critics, the least of them in target and policy, 512 units. */
export const ddpgThesis: Partial<DdpgConfig> = Object.freeze<Partial<DdpgConfig>>({
  critics: 2,
  hidden: [512, 512],
})

/** The rules of {@link DdpgConfig}, with the line that tables and command lines show per field. */
export const ddpgSchema: z.ZodObject<z.ZodRawShape> = z.strictObject({
  gamma: share.describe('discount factor γ'),
  batchSize: count.describe('transitions per gradient step'),
  hidden: layers.describe('units of each hidden layer, of every network'),
  actionLayer: count.describe(
    'layer of the critics that the action enters; at most the number of hidden layers',
  ),
  activation: z.enum(['relu', 'tanh', 'elu']).describe('activation between layers'),
  outputBound: rate
    .optional()
    .describe('bound of the uniform initial weights of the output layers; that of all layers unless given'),
  critics: count.describe('critics K that share one target; the least of them counts'),
  policyLearningRate: rate.describe("Adam's learning rate for the policy"),
  criticLearningRate: rate.describe("Adam's learning rate for the critics"),
  criticDecay: z.number().min(0).describe("weight of half the critics' squared parameters in their loss"),
  target: targetSchema.describe('how the target networks follow: soft averages, or hard copies'),
  exploration: explorationSchema.describe(
    'noise on the actions taken, scaled to [−1, 1]: independent, or correlated in time',
  ),
  policyGroups: groups.describe('observation groups that the policy sees; all unless given'),
  criticGroups: groups.describe('observation groups that the critics see; all unless given'),
})

/**
 * Fills in the defaults and checks every rule.
 * @throws RangeError or TypeError that names field, rule, value and remedy.
 */
export function resolveDdpgConfig(partial: Partial<DdpgConfig> = {}): DdpgConfig {
  const config = resolveConfig(
    { caller: 'resolveDdpgConfig', schema: ddpgSchema, defaults: ddpgDefaults },
    partial,
  )
  const { actionLayer, hidden } = config
  if (actionLayer > 1 && actionLayer > hidden.length) {
    throw new RangeError(
      `resolveDdpgConfig: actionLayer must be at most ${Math.max(1, hidden.length)}, the hidden layers of hidden = [${hidden.join(', ')}], ` +
        `got ${actionLayer}`,
    )
  }
  return config
}
