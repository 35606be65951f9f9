import { adam } from '@maxent/core'
import type { AdamState, Optimizer } from '@maxent/core'
import type { SacConfig } from './config.ts'

/** What each part of a state descends by. A state-value network goes with the critics. */
export interface SacOptimizers {
  readonly policy: Optimizer<AdamState>
  readonly critic: Optimizer<AdamState>
  readonly alpha: Optimizer<AdamState>
}

/** Adam with the rates of the config; log α has that of the policy unless it has one of its own. */
export function optimizersOf({
  temperature,
  policyLearningRate,
  criticLearningRate,
}: Pick<SacConfig, 'temperature' | 'policyLearningRate' | 'criticLearningRate'>): SacOptimizers {
  const alphaRate = temperature.kind === 'learned' ? temperature.learningRate : undefined
  return {
    policy: adam({ learningRate: policyLearningRate }),
    critic: adam({ learningRate: criticLearningRate }),
    alpha: adam({ learningRate: alphaRate ?? policyLearningRate }),
  }
}
