/** What a theorem is to the tests: a slack that is never negative on any process, and ways to break it that make it so. */
import { foldIn, integers, key, uniform, type Key } from '../../keys/index.ts'
import { actionValues } from '../backup.ts'
import { supNorm } from '../bound.ts'
import type { FiniteMdp } from '../mdp.ts'
import { softProblem, type SoftProblem } from '../problem.ts'
import { randomMdp } from '../randomMdp.ts'

/** A random process, by the numbers that make it. */
export interface TheoremCase {
  /** Decides the process and whatever else the theorem draws. */
  readonly seed: number
  /** 2 to 50 */
  readonly states: number
  /** 2 to 6 */
  readonly actions: number
  /** 1 (deterministic) to 5 */
  readonly successors: number
  /** 0.01 to 10 */
  readonly alpha: number
  /** 0 to 0.99 */
  readonly gamma: number
}

/** A term taken out or turned round, in one place of the claim. */
export type BrokenTerm =
  | 'gamma dropped'
  | 'alpha dropped'
  | 'max and min swapped'
  | 'divergence halved'
  | 'divergence dropped'
  | 'sign flipped'
  | 'default policy dropped'
  | 'as printed'

/** A claim that can be checked on random processes, with forms of it that must fail. */
export interface Theorem {
  /** Paper and number. */
  readonly id: string
  /** In one line, with the correction where the printed form is wrong. */
  readonly claim: string
  /** How it can be broken; each must make some slack negative. */
  readonly broken: readonly BrokenTerm[]
  /** Terms that can be broken with no harm, as the claim then only becomes looser: run too, and no slack may become negative. */
  readonly unneeded?: readonly BrokenTerm[]
  /** Where the processes are fewer than those of `TheoremCase`, or an argument of the claim has a range of its own. */
  readonly range?: string
  /** How negative the slack may be from rounding. 1e-9 when absent. */
  readonly tolerance?: number
  /**
   * The least of (larger side − smaller side) over states, actions and checks, or minus the largest difference of the sides of an
   * equation, divided by 1 + the largest value at stake.
   */
  readonly slack: (sample: TheoremCase, broken?: BrokenTerm) => number
}

/** Whether the theorem holds on a sample. */
export function holds(
  { slack, tolerance = 1e-9 }: Theorem,
  sample: TheoremCase,
  broken?: BrokenTerm,
): boolean {
  return slack(sample, broken) >= -tolerance
}

/** Sizes uniform over their ranges, α log-uniform, γ uniform in 1 − 10^[−2, 0]'s complement and in [0, 0.99] by turns. */
export function randomCase(at: Key): TheoremCase {
  const whole = (name: string, low: number, high: number): number =>
    low + integers(foldIn(at, name), 1, high - low + 1)[0]
  const real = (name: string): number => uniform(foldIn(at, name), 1)[0]
  const horizon = 10 ** (2 * real('horizon'))
  return {
    seed: whole('seed', 0, 2 ** 31 - 2),
    states: whole('states', 2, 50),
    actions: whole('actions', 2, 6),
    successors: whole('successors', 1, 5),
    alpha: 10 ** (3 * real('alpha') - 2),
    gamma: Math.min(0.99, real('side') < 0.5 ? 0.99 * real('gamma') : 1 - 1 / horizon),
  }
}

export interface Drawn {
  readonly mdp: FiniteMdp
  readonly problem: SoftProblem
  /** A key for everything else that the theorem draws. */
  readonly at: Key
}

/**
 * The process of a sample with some tasks, sparse and dense by turns; every fifth with a quadrature's weights on its actions, as
 * theorems for densities need them.
 */
export function draw(sample: TheoremCase, tasks = 1): Drawn {
  const at = key(sample.seed)
  const storage = sample.seed % 2 === 0 ? 'dense' : 'sparse'
  const mdp = randomMdp(foldIn(at, 'mdp'), { ...sample, tasks, storage })
  const { alpha } = sample
  const weights = uniform(foldIn(at, 'quadrature'), mdp.actions)
  const problem =
    sample.seed % 5 === 0
      ? softProblem({ mdp, alpha, actionWeights: Float64Array.from(weights, (x) => x + 0.01) })
      : softProblem({ mdp, alpha })
  return { mdp, problem, at }
}

/** A start in at most two states, so that the histories from it can be enumerated in processes of any size. [S] */
export function fewStarts(at: Key, states: number): Float64Array {
  const [share] = uniform(foldIn(at, 'share'), 1)
  const [first, second] = integers(foldIn(at, 'starts'), 2, states)
  const initial = new Float64Array(states)
  initial[first] += share
  initial[second] += 1 - share
  return initial
}

/** A table of uniform numbers in [−size, size]. */
export function randomTable(at: Key, length: number, size: number): Float64Array {
  return Float64Array.from(uniform(at, length), (x) => size * (2 * x - 1))
}

/** The problem with another γ, which is not checked: a broken operator may have γ = 1. */
export function withGamma(problem: SoftProblem, gamma: number): SoftProblem {
  return { ...problem, mdp: { ...problem.mdp, gamma } }
}

/** r + E[V(s')], the values of actions with γ left out. [S·A] */
export function undiscounted(problem: SoftProblem, v: Float64Array): Float64Array {
  return actionValues(withGamma(problem, 1).mdp, problem.reward, v)
}

/** min (larger − smaller), over entries. */
export function leastExcess(larger: Float64Array, smaller: Float64Array): number {
  let least = Infinity
  for (let i = 0; i < larger.length; i++) least = Math.min(least, larger[i] - smaller[i])
  return least
}

/** 1 + the largest entry of any of the tables. */
export function scaleOf(...tables: readonly Float64Array[]): number {
  return 1 + Math.max(...tables.map(supNorm))
}
