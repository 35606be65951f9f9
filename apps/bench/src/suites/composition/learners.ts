import { composeDdpg, composeNaf } from '@maxent/baselines'
import type { AlgorithmSpec, AnyAlgorithm, CompositionRule } from '@maxent/core'
import { composeSql, type BoundsConfig } from '@maxent/sql'
import type { Agent, TrainResult } from '@maxent/train'
import type { Policy } from '../../run/baseline.ts'

/** What was learned of one task. */
export interface LearnedTask {
  readonly spec: AlgorithmSpec
  readonly config: Readonly<Record<string, unknown>>
  readonly state: TrainResult['state']
}

export type LearnerId = 'sql' | 'ddpg' | 'naf'

interface Learner {
  /** What combines tasks. */
  readonly compose: (
    parts: readonly LearnedTask[],
    options: {
      readonly rule: CompositionRule
      readonly config: Readonly<Record<string, unknown>>
      readonly bounds?: Partial<BoundsConfig> | undefined
    },
  ) => AnyAlgorithm
  /** Whether a policy is learned from the combination; else it is there in closed form. */
  readonly extracts: boolean
  /** Soft Q-learning acts by samples, the others by their best action, without noise. */
  readonly policy: (agent: Agent) => Policy
}

const greedy: Learner['policy'] = (agent) => (observation) => agent.actDeterministic(observation)

const sampling: Learner['policy'] = (agent) => {
  let calls = 0
  return (observation) => agent.act(observation, calls++)
}

/** The learners whose values are combined (thesis, table 6.1). */
export const learners: Readonly<Record<LearnerId, Learner>> = {
  sql: {
    compose: (parts, { rule, config, bounds }) =>
      composeSql(parts, { rule, config, ...(bounds && { bounds }) }),
    extracts: true,
    policy: sampling,
  },
  ddpg: {
    compose: (parts, { rule, config }) => composeDdpg(parts, { rule, config }),
    extracts: true,
    policy: greedy,
  },
  naf: {
    compose: (parts, { rule }) => composeNaf(parts, { rule }),
    extracts: false,
    policy: greedy,
  },
}
