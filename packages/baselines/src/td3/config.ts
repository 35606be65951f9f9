import { resolveConfig } from '@maxent/core'
import * as z from 'zod'
import { count, groups, layers, rate, share } from '../shared/rules.ts'

/** All settings of TD3. Defaults: Fujimoto et al. 2018 and the authors' code, where they differ the code. */
export interface Td3Config {
  /** Discount factor γ, in [0, 1]. Default: the paper's. */
  readonly gamma: number
  /** Transitions B per gradient step, at least 1. Default: the code's (the paper: 100). */
  readonly batchSize: number
  /** Units of each hidden layer, of every network. Default: the code's (the paper: 400 and 300). */
  readonly hidden: readonly number[]
  /** Activation between layers. Default: the paper's. */
  readonly activation: 'relu' | 'tanh' | 'elu'
  /** Adam's learning rate for the policy, in [1e-37, 1e38]. Default: the code's (the paper: 1e-3). */
  readonly policyLearningRate: number
  /** Adam's learning rate for the critics, in [1e-37, 1e38]. Default: the code's (the paper: 1e-3). */
  readonly criticLearningRate: number
  /** τ, share of the networks in each update of their targets, in (0, 1]. Default: the paper's. */
  readonly tau: number
  /** Gradient steps d of the critics per step of policy and targets, at least 1. Default: the paper's. */
  readonly policyDelay: number
  /** σ̃, standard deviation of the noise on target actions. Default: the paper's. */
  readonly targetNoise: number
  /** c, where the noise on target actions is cut. Default: the paper's. */
  readonly targetNoiseClip: number
  /** σ, standard deviation of the noise on the actions taken. Default: the paper's. */
  readonly explorationNoise: number
  /** Observation groups that the policy sees. Without it: all. */
  readonly policyGroups?: readonly string[]
  /** Observation groups that the critics see. Without it: all. */
  readonly criticGroups?: readonly string[]
}

/** The defaults, each once. */
export const td3Defaults: Td3Config = Object.freeze<Td3Config>({
  gamma: 0.99,
  batchSize: 256,
  hidden: [256, 256],
  activation: 'relu',
  policyLearningRate: 3e-4,
  criticLearningRate: 3e-4,
  tau: 0.005,
  policyDelay: 2,
  targetNoise: 0.2,
  targetNoiseClip: 0.5,
  explorationNoise: 0.1,
})

/** Where the settings of Fujimoto et al. 2018 (arXiv:1802.09477), appendix C, differ from the defaults. */
export const td3Paper: Partial<Td3Config> = Object.freeze<Partial<Td3Config>>({
  batchSize: 100,
  hidden: [400, 300],
  policyLearningRate: 1e-3,
  criticLearningRate: 1e-3,
})

/** The rules of {@link Td3Config}, with the line that tables and command lines show per field. */
export const td3Schema: z.ZodObject<z.ZodRawShape> = z.strictObject({
  gamma: share.describe('discount factor γ'),
  batchSize: count.describe('transitions per gradient step'),
  hidden: layers.describe('units of each hidden layer, of every network'),
  activation: z.enum(['relu', 'tanh', 'elu']).describe('activation between layers'),
  policyLearningRate: rate.describe("Adam's learning rate for the policy"),
  criticLearningRate: rate.describe("Adam's learning rate for the critics"),
  tau: z.number().positive().max(1).describe('τ, share of the networks in each update of their targets'),
  policyDelay: count.describe('gradient steps of the critics per step of policy and targets'),
  targetNoise: z
    .number()
    .min(0)
    .describe('standard deviation of the noise on target actions, scaled to [−1, 1]'),
  targetNoiseClip: z.number().min(0).describe('where the noise on target actions is cut'),
  explorationNoise: z
    .number()
    .min(0)
    .describe('standard deviation of the noise on the actions taken, scaled to [−1, 1]'),
  policyGroups: groups.describe('observation groups that the policy sees; all unless given'),
  criticGroups: groups.describe('observation groups that the critics see; all unless given'),
})

/**
 * Fills in the defaults and checks every rule.
 * @throws RangeError or TypeError that names field, rule, value and remedy.
 */
export function resolveTd3Config(partial: Partial<Td3Config> = {}): Td3Config {
  return resolveConfig({ caller: 'resolveTd3Config', schema: td3Schema, defaults: td3Defaults }, partial)
}
