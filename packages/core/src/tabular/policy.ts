/** Policies are tables of probabilities [S·A]; each state's row is a distribution. */
import { ROW_TOLERANCE, checkTable, type FiniteMdp } from './mdp.ts'

/** π(a|s) at s·A + a, [S·A]: each row is a distribution. */
export type Policy = Float64Array

/** @throws RangeError when a row is no distribution. */
export function checkPolicy(mdp: FiniteMdp, policy: Policy, caller: string): void {
  checkTable(mdp, { caller, name: 'policy', table: policy })
  for (let s = 0; s < mdp.states; s++) {
    let sum = 0
    let negative = false
    for (let at = s * mdp.actions; at < (s + 1) * mdp.actions; at++) {
      sum += policy[at]
      negative ||= policy[at] < 0
    }
    if (negative || Math.abs(sum - 1) > ROW_TOLERANCE) {
      throw new RangeError(
        `${caller}: policy must be a distribution in every state, got ${negative ? 'a negative probability' : `the sum ${sum}`} at state ${s}`,
      )
    }
  }
}

/** The policy that takes every action with the same probability, [S·A]. */
export function uniformPolicy(mdp: FiniteMdp): Policy {
  return new Float64Array(mdp.states * mdp.actions).fill(1 / mdp.actions)
}

/**
 * Checks a distribution over states.
 * @throws RangeError when it is not [S], non-negative and of sum one.
 */
export function checkStateDistribution(mdp: FiniteMdp, initial: Float64Array, caller: string): void {
  const sum = initial.reduce((total, p) => total + p, 0)
  if (initial.length !== mdp.states || initial.some((p) => p < 0) || !(Math.abs(sum - 1) <= ROW_TOLERANCE)) {
    throw new RangeError(
      `${caller}: initial must be a distribution over ${mdp.states} states, got ${initial.length} entries of sum ${sum}`,
    )
  }
}

/**
 * The state distribution one step on: ρ'(s') = Σ ρ(s)·π(a|s)·d(s,a)·p(s'|s,a). Mass that an ended episode took away is not in it.
 */
export function nextStateDistribution(
  mdp: FiniteMdp,
  policy: Policy,
  distribution: Float64Array,
): Float64Array {
  const { states, actions, transitions, discount } = mdp
  const next = new Float64Array(states)
  for (let s = 0; s < states; s++) {
    if (distribution[s] === 0) continue
    for (let row = s * actions; row < (s + 1) * actions; row++) {
      const weight = distribution[s] * policy[row] * (discount === undefined ? 1 : discount[row])
      if (weight === 0) continue
      if (transitions.kind === 'dense') {
        for (let to = 0; to < states; to++) next[to] += weight * transitions.probability[row * states + to]
      } else {
        for (let i = transitions.rowStart[row]; i < transitions.rowStart[row + 1]; i++) {
          next[transitions.nextState[i]] += weight * transitions.probability[i]
        }
      }
    }
  }
  return next
}
