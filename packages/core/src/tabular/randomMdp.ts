/** Random finite processes from a key, for tests of theorems and for measuring how tight bounds are. */
import { foldIn, integers, permutation, uniform, type Key } from '../keys/index.ts'
import { checkInteger } from '../check.ts'
import { finiteMdp, type FiniteMdp, type Transitions } from './mdp.ts'
import type { Policy } from './policy.ts'

/** Sizes of a random process. */
export interface RandomMdpOptions {
  /** S, at least 1. */
  readonly states: number
  /** A, at least 1. */
  readonly actions: number
  /** Successors of each state and action; 1 makes the process deterministic. At most `states`. */
  readonly successors: number
  /** γ in [0, 1). */
  readonly gamma: number
  /** Reward tables, each entry uniform in [-1, 1]. Default 1. */
  readonly tasks?: number
  /** Default 'dense'. */
  readonly storage?: Transitions['kind']
}

/** Transition weights are uniform in (0, 1], normalised; successors are distinct. */
export function randomMdp(key: Key, options: RandomMdpOptions): FiniteMdp {
  const { states, actions, gamma, tasks = 1, storage = 'dense' } = options
  for (const name of ['states', 'actions', 'successors', 'tasks'] as const)
    checkInteger({ caller: 'randomMdp', name, value: options[name] ?? 1, min: 1 })
  const successors = Math.min(options.successors, states)
  const rows = states * actions
  const rowStart = Int32Array.from({ length: rows + 1 }, (_, row) => row * successors)
  const nextState = new Int32Array(rows * successors)
  const weights = uniform(foldIn(key, 'weights'), rows * successors)
  const probability = Float64Array.from(weights, (x) => 1 - x)
  const starts = integers(foldIn(key, 'starts'), rows, states)
  const order = permutation(foldIn(key, 'order'), states)
  for (let row = 0; row < rows; row++) {
    let sum = 0
    for (let i = row * successors; i < (row + 1) * successors; i++) {
      nextState[i] = order[(starts[row] + i - row * successors) % states]
      sum += probability[i]
    }
    for (let i = row * successors; i < (row + 1) * successors; i++) probability[i] /= sum
  }
  const sparse = { kind: 'sparse', rowStart, nextState, probability } as const
  const rewards = Array.from({ length: tasks }, (_, task) =>
    Float64Array.from(uniform(foldIn(foldIn(key, 'reward'), task), rows), (x) => 2 * x - 1),
  )
  return finiteMdp({
    states,
    actions,
    transitions: storage === 'sparse' ? sparse : densify(sparse, states),
    rewards,
    gamma,
  })
}

function densify(sparse: Extract<Transitions, { kind: 'sparse' }>, states: number): Transitions {
  const rows = sparse.rowStart.length - 1
  const probability = new Float64Array(rows * states)
  for (let row = 0; row < rows; row++) {
    for (let i = sparse.rowStart[row]; i < sparse.rowStart[row + 1]; i++)
      probability[row * states + sparse.nextState[i]] += sparse.probability[i]
  }
  return { kind: 'dense', probability }
}

/**
 * A random policy: the softmax of uniform logits, scaled by `sharpness`, so that 0 is uniform and 10 nearly deterministic.
 */
export function randomPolicy(
  key: Key,
  { states, actions }: { states: number; actions: number },
  sharpness = 3,
): Policy {
  const logits = uniform(key, states * actions)
  const policy = Float64Array.from(logits, (x) => Math.exp(sharpness * x))
  for (let s = 0; s < states; s++) {
    let sum = 0
    for (let at = s * actions; at < (s + 1) * actions; at++) sum += policy[at]
    for (let at = s * actions; at < (s + 1) * actions; at++) policy[at] /= sum
  }
  return policy
}
