/**
 * A soft decision problem: one reward of a finite process, the entropy weight, and the measure that entropy is taken against.
 *
 * All solvers maximise E[Σ γᵗ (r + α·h)], h(s) = −Σ_a π(a|s)·log(π(a|s)/m(a|s)). With m = 1 this is the entropy (maximum-entropy
 * objective, thesis 1.1); with m a default policy it is −KL(π‖π₀) (Tirumala 1, Galashov 1); with m the weights of a quadrature over
 * continuous actions it is the differential entropy of the density π/m.
 */
import { checkTable, type FiniteMdp } from './mdp.ts'
import { checkPolicy, type Policy } from './policy.ts'

/** One task: a reward of a process, a temperature and the measure that entropy is counted by. */
export interface SoftProblem {
  /** The process. */
  readonly mdp: FiniteMdp
  /** r, [S·A] */
  readonly reward: Float64Array
  /** α > 0 */
  readonly alpha: number
  /** log m(a|s), [S·A], minus infinity where an action is impossible; zero everywhere when absent. */
  readonly logMeasure?: Float64Array
}

/** What {@link softProblem} makes a problem of. */
export interface SoftProblemOptions {
  /** The process. */
  readonly mdp: FiniteMdp
  /** α > 0. */
  readonly alpha: number
  /** The process's first task when absent. */
  readonly reward?: Float64Array
  /** The policy that the KL divergence keeps close to. */
  readonly defaultPolicy?: Policy
  /** [A], positive: the weights of a quadrature over actions. Not together with a default policy. */
  readonly actionWeights?: Float64Array
}

/** @throws RangeError for α <= 0, a default policy that is none, non-positive weights, or both measures at once. */
export function softProblem(options: SoftProblemOptions): SoftProblem {
  const { mdp, alpha, reward = mdp.rewards[0], defaultPolicy, actionWeights } = options
  if (!(alpha > 0 && alpha < Infinity)) {
    throw new RangeError(`softProblem: alpha must be positive and finite, got ${alpha}`)
  }
  checkTable(mdp, { caller: 'softProblem', name: 'reward', table: reward })
  if (defaultPolicy !== undefined) {
    if (actionWeights !== undefined) {
      throw new RangeError(
        'softProblem: actionWeights must be absent beside a defaultPolicy, got both, multiply them into one measure',
      )
    }
    checkPolicy(mdp, defaultPolicy, 'softProblem')
    return { mdp, reward, alpha, logMeasure: defaultPolicy.map(Math.log) }
  }
  if (actionWeights === undefined) return { mdp, reward, alpha }
  const bad = actionWeights.findIndex((w) => !(w > 0 && w < Infinity))
  if (actionWeights.length !== mdp.actions || bad >= 0) {
    throw new RangeError(
      `softProblem: actionWeights must be ${mdp.actions} positive numbers, got ${bad >= 0 ? `${actionWeights[bad]} at entry ${bad}` : actionWeights.length}`,
    )
  }
  const logMeasure = new Float64Array(mdp.states * mdp.actions)
  for (let at = 0; at < logMeasure.length; at++) logMeasure[at] = Math.log(actionWeights[at % mdp.actions])
  return { mdp, reward, alpha, logMeasure }
}
