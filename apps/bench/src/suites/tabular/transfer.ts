import { foldIn, key, uniform } from '@maxent/core/keys'
import {
  finiteMdp,
  gpiPolicy,
  optimisticPolicy,
  softPolicyEvaluation,
  softPolicyIteration,
  softProblem,
  softQIterationOfTasks,
  successorFeatures,
  successorValue,
  weightedReward,
  type FiniteMdp,
  type Policy,
  type SoftProblem,
  type SoftSolution,
} from '@maxent/core/tabular'
import { diagonalWorld } from '@maxent/envs'
import { z } from 'zod'
import type { CellData } from '../../run/cellResult.ts'

const SIDE = 8
const CELLS = SIDE * SIDE
/** Moves of the world by action, x to the right, y up. */
export const diagonalMoves = [
  [-1, -1],
  [1, -1],
  [-1, 1],
  [1, 1],
] as const

/** Weights of the rewards left, right and up. */
const tasks = {
  left: [1, 0, 0],
  'left-right': [0.5, 0.5, 0],
  'left-up': [0.5, 0, 0.5],
} as const

export interface TransferSettings {
  readonly task: keyof typeof tasks
  /** `first` follows the policy of the first task alone: nothing is composed. */
  readonly composition: 'optimum' | 'optimistic' | 'gpi' | 'first'
  readonly alpha: number
  readonly gamma: number
  /** Columns or rows at a side that pay 1 on arrival. */
  readonly band: number
  /** Seeds beyond the first multiply the reward of each place by a number uniform in 1 − spread to 1 + spread. */
  readonly spread: number
}

export const transferSettings: z.ZodType<TransferSettings, unknown> = z.strictObject({
  task: z.enum(['left', 'left-right', 'left-up']),
  composition: z.enum(['optimum', 'optimistic', 'gpi', 'first']),
  alpha: z.number().positive(),
  gamma: z.number().min(0).lt(1),
  band: z.int().min(1).max(SIDE),
  spread: z.number().min(0).lt(1),
})

/** A composed policy on its task. */
export interface Transfer {
  readonly problem: SoftProblem
  readonly policy: Policy
  /** Soft value of the policy under the composed reward, by place. */
  readonly value: Float64Array
  readonly optimum: SoftSolution
  /** Bound on the error of both values. */
  readonly error: number
}

/** Hunt et al. 2018, figure 1: a task of the 8x8 world solved by composing the policies of the tasks it is made of, exactly. */
export function transfer(settings: TransferSettings, seed: number): Transfer {
  const mdp = rewardedWorld(settings, seed)
  const weights = tasks[settings.task]
  const problem = softProblem({ mdp, alpha: settings.alpha, reward: weightedReward(mdp, weights) })
  const optimum = softPolicyIteration(problem)
  const policy = composedPolicy(settings, problem, optimum)
  const value = softPolicyEvaluation(problem, policy)
  return { problem, policy, value: value.v, optimum, error: Math.max(value.error, optimum.error) }
}

/** The world with rewards for arriving in the outermost columns or rows of each side. */
function rewardedWorld({ gamma, band, spread }: TransferSettings, seed: number): FiniteMdp {
  const world = diagonalWorld({ gamma })
  if (world.transitions.kind !== 'sparse')
    throw new TypeError('rewardedWorld: transitions must be sparse, got dense')
  const { nextState } = world.transitions
  const rewards = world.rewards.map((_, task) => {
    const draws = uniform(foldIn(foldIn(key(seed), 'rewards'), task), CELLS)
    const pays = Float64Array.from({ length: CELLS }, (_, place) => {
      const depth = [place % SIDE, SIDE - 1 - (place % SIDE), SIDE - 1 - Math.floor(place / SIDE)][task]
      if (depth >= band) return 0
      return seed === 1 ? 1 : 1 + spread * (2 * draws[place] - 1)
    })
    return Float64Array.from(nextState, (place) => pays[place])
  })
  return finiteMdp({ ...world, rewards })
}

function composedPolicy(
  { task, composition }: TransferSettings,
  problem: SoftProblem,
  optimum: SoftSolution,
): Policy {
  if (composition === 'optimum') return optimum.policy
  const { mdp } = problem
  const weights: readonly number[] = tasks[task]
  const parts = [0, 1, 2].filter((i) => weights[i] > 0)
  const solved = softQIterationOfTasks(
    problem,
    parts.map((i) => mdp.rewards[i]),
  )
  if (composition === 'first') return solved[0].policy
  if (composition === 'optimistic') {
    const q = solved.map((solution) => solution.q)
    return optimisticPolicy(
      problem,
      q,
      parts.map((i) => weights[i]),
    )
  }
  const values = solved.map(({ policy }) => successorValue(successorFeatures(problem, policy), weights))
  return gpiPolicy(problem, values)
}

/** A transfer as a cell keeps it: means over all places as starts, and the tables of the figure. */
export function transferCell(
  settings: TransferSettings,
  seed: number,
): Pick<CellData, 'scalars' | 'samples'> {
  const { problem, policy, value, optimum, error } = transfer(settings, seed)
  const [mean, best] = [value, optimum.v].map(meanOf)
  const { transitions } = problem.mdp
  if (transitions.kind !== 'sparse')
    throw new TypeError('transferCell: transitions must be sparse, got dense')
  const reward = new Float64Array(CELLS)
  for (const [row, place] of transitions.nextState.entries()) reward[place] = problem.reward[row]
  return {
    scalars: {
      value: mean,
      optimum: best,
      loss: best - mean,
      lossPercent: (100 * (best - mean)) / best,
      error,
    },
    samples: { value: [...value], policy: [...policy], reward: [...reward] },
  }
}

const meanOf = (values: Float64Array): number => values.reduce((sum, x) => sum + x, 0) / values.length
