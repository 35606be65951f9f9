import type { Env, EnvSpec } from '../../contracts.ts'
import {
  banditEnv,
  banditOptimum,
  constantRewardEnv,
  constantRewardOptimum,
  identityEnv,
  linearQuadraticEnv,
  linearQuadraticOptimum,
} from '../oracles/index.ts'
import { assert, type Check } from './checks.ts'

/** A task to learn, and the settings under which its solution is known. */
export interface LearnTask {
  /** What errors call it. */
  readonly id: string
  /** What its environments offer. */
  readonly spec: EnvSpec
  /** A new environment of the task. */
  makeEnv(): Env
  /** α, to be held fixed, for actions measured in [−1, 1]. */
  readonly alpha: number
  /** γ */
  readonly gamma: number
}

/** What was learned. Observations are the group `state`. */
export interface LearnedPolicy {
  /** An action as the policy explores; a fresh one on every call. */
  act(state: Float32Array): Float32Array | Promise<Float32Array>
  /** The action that evaluation would take. */
  actDeterministic(state: Float32Array): Float32Array | Promise<Float32Array>
  /** The soft value V(s) = E[Q(s, a) − α log π(a|s)], where the algorithm has one; the ordinary value where α is 0. */
  value?(state: Float32Array): number | Promise<number>
}

/** Trains an algorithm on a task, in as few steps as the caller finds enough. */
export type LearnHook = (task: LearnTask) => Promise<LearnedPolicy>

/** An oracle task: how it is set, and how far from its known solution a policy may be. */
interface Oracle {
  readonly task: LearnTask
  readonly title: string
  readonly verify: (policy: LearnedPolicy) => Promise<void>
}

const oracle = (id: string, makeEnv: () => Env, settings: { alpha: number; gamma: number }): LearnTask => ({
  id,
  spec: makeEnv().spec,
  makeEnv,
  ...settings,
})

const oracles: readonly Oracle[] = [
  {
    task: oracle('identity', () => identityEnv(), { alpha: 0.02, gamma: 0.9 }),
    title: 'learns to answer the identity task',
    verify: async (policy) => {
      for (const state of [-0.8, -0.4, 0, 0.4, 0.8]) {
        near(`the action for ${state}`, await actionAt(policy, state), { target: state, within: 0.15 })
      }
    },
  },
  {
    task: oracle('bandit', () => banditEnv(), { alpha: 0.2, gamma: 0.9 }),
    title: 'learns the soft-optimal policy of the bandit',
    verify: async (policy) => {
      const optimum = banditOptimum({ alpha: 0.2 })
      const { mean, std } = await moments(policy, 1)
      near('the mean action', mean, { target: optimum.mean, within: 0.1 })
      near('the spread of actions', std, { target: optimum.std, within: 0.25 * optimum.std })
      await nearValue(policy, 1, { target: optimum.value, within: 0.1 })
    },
  },
  {
    task: oracle('constant-reward', () => constantRewardEnv(), { alpha: 0.5, gamma: 0.9 }),
    title: 'learns the soft value of a constant reward, through time limits',
    verify: async (policy) => {
      const { value } = constantRewardOptimum({ alpha: 0.5, gamma: 0.9 })
      const { std } = await moments(policy, 1)
      near('the spread of actions', std, { target: Math.sqrt(1 / 3), within: 0.1 })
      await nearValue(policy, 1, { target: value, within: 0.05 * value })
    },
  },
  {
    task: oracle('linear-quadratic', () => linearQuadraticEnv(), { alpha: 0.02, gamma: 0.9 }),
    title: 'learns the gain of the linear-quadratic regulator',
    verify: async (policy) => {
      const { gain, value } = linearQuadraticOptimum({ alpha: 0.02, gamma: 0.9 })
      for (const state of [-0.8, -0.4, 0, 0.4, 0.8]) {
        near(`the action for ${state}`, await actionAt(policy, state), {
          target: -gain * state,
          within: 0.15,
        })
        await nearValue(policy, state, { target: value(state), within: 0.25 })
      }
    },
  },
]

/** The oracle tasks without entropy: best actions and values alone are known. */
const greedyOracles: readonly Oracle[] = [
  {
    task: oracle('identity', () => identityEnv(), { alpha: 0, gamma: 0.9 }),
    title: 'learns to answer the identity task without entropy',
    verify: async (policy) => {
      for (const state of [-0.8, -0.4, 0, 0.4, 0.8]) {
        near(`the action for ${state}`, await actionAt(policy, state), { target: state, within: 0.15 })
      }
    },
  },
  {
    task: oracle('bandit', () => banditEnv(), { alpha: 0, gamma: 0.9 }),
    title: 'learns the best action of the bandit',
    verify: async (policy) => {
      near('the action', await actionAt(policy, 1), { target: 0.3, within: 0.1 })
      await nearValue(policy, 1, { target: 0, within: 0.1 })
    },
  },
  {
    task: oracle('constant-reward', () => constantRewardEnv(), { alpha: 0, gamma: 0.9 }),
    title: 'learns the value of a constant reward, through time limits',
    verify: async (policy) => {
      const { value } = constantRewardOptimum({ alpha: 0, gamma: 0.9 })
      await nearValue(policy, 1, { target: value, within: 0.05 * value })
    },
  },
]

/** One check per oracle task: train, then compare with the closed form. */
export function learningChecks(learn: LearnHook): readonly Check[] {
  return checksOf(oracles, learn)
}

/** As {@link learningChecks} for algorithms without entropy: the tasks have α = 0. */
export function greedyLearningChecks(learn: LearnHook): readonly Check[] {
  return checksOf(greedyOracles, learn)
}

function checksOf(tasks: readonly Oracle[], learn: LearnHook): readonly Check[] {
  return tasks.map(({ task, title, verify }) => ({
    title,
    run: async () => verify(await learn(task)),
  }))
}

async function actionAt(policy: LearnedPolicy, state: number): Promise<number> {
  return (await policy.actDeterministic(Float32Array.of(state)))[0]
}

async function moments(
  policy: LearnedPolicy,
  state: number,
): Promise<{ readonly mean: number; readonly std: number }> {
  const actions: number[] = []
  for (let i = 0; i < 2000; i++) actions.push((await policy.act(Float32Array.of(state)))[0])
  const mean = actions.reduce((sum, a) => sum + a, 0) / actions.length
  const variance = actions.reduce((sum, a) => sum + (a - mean) ** 2, 0) / actions.length
  return { mean, std: Math.sqrt(variance) }
}

interface Target {
  readonly target: number
  readonly within: number
}

async function nearValue(policy: LearnedPolicy, state: number, target: Target): Promise<void> {
  if (policy.value !== undefined)
    near(`the soft value of ${state}`, await policy.value(Float32Array.of(state)), target)
}

function near(what: string, got: number, { target, within }: Target): void {
  assert(Math.abs(got - target) <= within, () => `${what} must be ${target} within ${within}, got ${got}`)
}
