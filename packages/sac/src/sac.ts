import * as tf from '@tensorflow/tfjs'
import type { Tensor2D } from '@tensorflow/tfjs'
import { actionScale, minimumQ, stepsSpecs, tidy, transitionSpecs } from '@maxent/core'
import type { Algorithm, AlgorithmSpec, ObservationBatch, StepsBatch, TransitionBatch } from '@maxent/core'
import { resolveSacConfig, sacDefaults } from './config.ts'
import type { SacConfig } from './config.ts'
import { createNetworks } from './networks.ts'
import { firstSteps } from './nStep.ts'
import { optimizersOf } from './optimizers.ts'
import type { OwnPolicy } from './policy.ts'
import { initialState } from './state.ts'
import type { SacState } from './state.ts'
import { defaultTargetEntropy, targetEntropyWarnings } from './temperature.ts'
import { update } from './update.ts'
import type { SacParts, UpdateInput } from './update.ts'

/** What {@link sac} takes that is no setting. */
export interface SacOptions {
  /** A distribution of actions of the caller's own, in place of the config's `policy`: any of `@maxent/core`, for one. */
  readonly policy?: OwnPolicy
}

/**
 * Soft actor-critic (Haarnoja 2018, thesis, chapters 4 and 5) for an environment's specification: an {@link Algorithm} of pure functions.
 * @throws RangeError or TypeError when the config breaks a rule or does not fit the specification.
 */
export function sac(
  spec: AlgorithmSpec,
  config: Partial<SacConfig> = {},
  { policy }: SacOptions = {},
): Algorithm<SacState> {
  if (policy !== undefined && (config.policy ?? sacDefaults.policy).kind !== sacDefaults.policy.kind) {
    throw new RangeError(
      `sac: config.policy must be absent where a policy of one's own is given, got '${config.policy?.kind}'`,
    )
  }
  const parts = createParts(spec, resolveSacConfig(config), policy)
  const { networks, scale } = parts
  const { batchSize, bootstrap, nStep } = parts.config
  const noise = networks.traits.noise
  return {
    id: 'sac',
    spec,
    config: parts.config,
    warnings: warningsOf(parts),
    remedy: remedyOf(parts.config),
    batch:
      nStep === 1 ? transitionSpecs(spec, batchSize) : stepsSpecs(spec, { length: nStep, rows: batchSize }),
    ...(nStep > 1 && { experience: { kind: 'sequences', length: nStep } }),
    noise: {
      act: noise,
      update: {
        ...(bootstrap === 'critics' && { next: noise(nStep * batchSize) }),
        current: noise(batchSize),
      },
    },
    init: (key) => tidy(() => initialState(parts, key)),
    act: (state, observation, drawn) =>
      tidy(() => ({
        action: scale.toEnvironment(networks.policy(state.policy, observation).explore(drawn)),
      })),
    actDeterministic: (state, observation) =>
      tidy(() => ({ action: scale.toEnvironment(bestMode(parts, state, observation)) })),
    update: (state, batch, drawn) =>
      tidy(() => {
        const noise = drawn as UpdateInput['noise']
        return update(parts, state, { ...experienceOf(batch), noise })
      }),
  }
}

/** Single transitions, or stretches of several with their first steps. */
function experienceOf(batch: TransitionBatch | StepsBatch): Pick<UpdateInput, 'batch' | 'steps'> {
  return 'continues' in batch ? { batch: firstSteps(batch), steps: batch } : { batch }
}

function warningsOf({ config, networks, targetEntropy }: SacParts): readonly string[] {
  const range = networks.traits.entropyRange
  if (config.temperature.kind === 'fixed' || range === undefined) return []
  return targetEntropyWarnings('sac', targetEntropy, range)
}

/** A temperature above which entropies, not rewards, are what is large. */
const largeAlpha = 1_000

/** What makes numbers large, by default the rewards: values are sums of scaled rewards, and the losses of the critics are squares of them. */
function remedyOf({ rewardScale, temperature, logStdRange: [, high] }: SacConfig): string {
  if (rewardScale <= 1) {
    const [name, alpha] =
      temperature.kind === 'learned'
        ? ['initialAlpha', temperature.initialAlpha]
        : ['alpha', temperature.alpha]
    if (alpha > largeAlpha) return `lower temperature.${name}, which is ${alpha}`
    if (high > sacDefaults.logStdRange[1]) return `lower the upper end of logStdRange, which is ${high}`
  }
  const scaled = `lower rewardScale, which multiplies rewards by ${rewardScale}`
  return temperature.kind === 'learned'
    ? `${scaled}, as the learned temperature suits itself to rewards of any scale`
    : `${scaled}, or learn the temperature, which then suits itself to rewards of any scale`
}

/** The mode of the policy; of several, the one that the critics value most. */
function bestMode({ networks }: SacParts, state: SacState, observation: ObservationBatch): Tensor2D {
  const modes = networks.policy(state.policy, observation).modes()
  if (modes.length === 1) return modes[0]
  const valued = modes.map((action) => ({
    action,
    q: tf.expandDims<Tensor2D>(minimumQ(networks.critics(state.critic, observation, action)), 1),
  }))
  return valued.reduce((best, other) => {
    const isBetter = tf.greater(other.q, best.q)
    return { action: tf.where(isBetter, other.action, best.action), q: tf.maximum(best.q, other.q) }
  }).action
}

function createParts(spec: AlgorithmSpec, config: SacConfig, own?: OwnPolicy): SacParts {
  const { temperature } = config
  const targetEntropy = temperature.kind === 'learned' ? temperature.targetEntropy : undefined
  return {
    config,
    networks: createNetworks(spec, config, own),
    scale: actionScale(spec.action),
    optimizers: optimizersOf(config),
    targetEntropy: targetEntropy ?? defaultTargetEntropy(spec),
  }
}
