import { resolveConfig } from '@maxent/core'
import * as z from 'zod'
import { count, groups, layers, rate, share } from '../shared/rules.ts'

/** All settings of PPO. Defaults, unless said otherwise: Schulman et al. 2017, table 3, and what its implementations add. */
export interface PpoConfig {
  /** Discount factor γ, in [0, 1]. */
  readonly gamma: number
  /** λ of the advantage estimates, in [0, 1]. */
  readonly lambda: number
  /** ε, where the ratio of probabilities is cut, in (0, 1). */
  readonly clip: number
  /** Environments N that step together, at least 1. With `length`, the paper's horizon of 2048 steps. */
  readonly environments: number
  /** Steps T of each environment between updates, at least 1. */
  readonly length: number
  /** Passes over each rollout, at least 1. */
  readonly epochs: number
  /** Rows B of a minibatch, at least 1; the last of a pass is filled up. */
  readonly batchSize: number
  /** Units of each hidden layer, of both networks. */
  readonly hidden: readonly number[]
  /** Activation between layers. */
  readonly activation: 'relu' | 'tanh' | 'elu'
  /** log σ of the policy at the start, the same in every state; learned. */
  readonly initialLogStd: number
  /** Adam's learning rate, in [1e-37, 1e38]. */
  readonly learningRate: number
  /** Gradient steps over which the learning rate falls to 0; without it, it stays. */
  readonly annealSteps?: number
  /** Weight of the value loss. */
  readonly valueWeight: number
  /** Weight of the entropy bonus. */
  readonly entropyWeight: number
  /** Norm to which gradients are cut, in [1e-37, 1e38]. */
  readonly maxGradNorm: number
  /** Whether observations are normalised by running statistics. */
  readonly normalizeObservations: boolean
  /** Whether the value network's targets are normalised by running statistics. */
  readonly normalizeReturns: boolean
  /** Observation groups that both networks see. Without it: all. */
  readonly groups?: readonly string[]
}

/** The defaults, each once. */
export const ppoDefaults: PpoConfig = Object.freeze<PpoConfig>({
  gamma: 0.99,
  lambda: 0.95,
  clip: 0.2,
  environments: 8,
  length: 256,
  epochs: 10,
  batchSize: 64,
  hidden: [64, 64],
  activation: 'tanh',
  initialLogStd: 0,
  learningRate: 3e-4,
  valueWeight: 0.5,
  entropyWeight: 0,
  maxGradNorm: 0.5,
  normalizeObservations: true,
  normalizeReturns: true,
})

const weight = z.number().min(0)

/** The rules of {@link PpoConfig}, with the line that tables and command lines show per field. */
export const ppoSchema: z.ZodObject<z.ZodRawShape> = z.strictObject({
  gamma: share.describe('discount factor γ'),
  lambda: share.describe('λ of the advantage estimates'),
  clip: z.number().positive().lt(1).describe('ε, where the ratio of probabilities is cut'),
  environments: count.describe('environments that step together'),
  length: count.describe('steps of each environment between updates'),
  epochs: count.describe('passes over each rollout'),
  batchSize: count.describe('rows of a minibatch; the last of a pass is filled up'),
  hidden: layers.describe('units of each hidden layer, of both networks'),
  activation: z.enum(['relu', 'tanh', 'elu']).describe('activation between layers'),
  initialLogStd: z.number().describe('log σ of the policy at the start, the same in every state'),
  learningRate: rate.describe("Adam's learning rate"),
  annealSteps: count
    .optional()
    .describe('gradient steps over which the learning rate falls to 0; it stays unless given'),
  valueWeight: weight.describe('weight of the value loss'),
  entropyWeight: weight.describe('weight of the entropy bonus'),
  maxGradNorm: rate.describe('norm to which gradients are cut'),
  normalizeObservations: z.boolean().describe('whether observations are normalised by running statistics'),
  normalizeReturns: z
    .boolean()
    .describe("whether the value network's targets are normalised by running statistics"),
  groups: groups.describe('observation groups that both networks see; all unless given'),
})

/**
 * Fills in the defaults and checks every rule.
 * @throws RangeError or TypeError that names field, rule, value and remedy.
 */
export function resolvePpoConfig(partial: Partial<PpoConfig> = {}): PpoConfig {
  return resolveConfig({ caller: 'resolvePpoConfig', schema: ppoSchema, defaults: ppoDefaults }, partial)
}
