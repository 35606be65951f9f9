/** Control as inference over a finite horizon: the evidence of optimality and its lower bound. */
import { supNorm, type Certified } from './bound.ts'
import { policyEntropy } from './backup.ts'
import { expectedReward } from './evaluation.ts'
import { expectNext } from './mdp.ts'
import { checkPolicy, checkStateDistribution, nextStateDistribution, type Policy } from './policy.ts'
import type { SoftProblem } from './problem.ts'

/** Where inference starts, and how far it looks. */
export interface InferenceOptions {
  /** T: steps t = 0..T. Rewards are not discounted; γ is not read. */
  readonly horizon: number
  /** p(s₀), [S] */
  readonly initial: Float64Array
}

/**
 * log p(O_{0:T}) under p(O_t|s,a) = exp(r/α), actions drawn from the problem's default policy (thesis 7.1). Backward messages in log
 * space (Hunt 2, section 2.3):
 *
 *     log β_t(s,a) = r(s,a)/α + log E[β_{t+1}(s')],    log β_t(s) = log Σ_a p(a|s)·β_t(s,a)
 *
 * The expectation over s' is inside the logarithm: the posterior hopes that the dynamics help. With deterministic dynamics α·log β is
 * the soft value. Rewards need not be negative: a constant c per step adds (T + 1)·c/α to the result.
 */
export function logEvidence(
  problem: SoftProblem,
  { horizon, initial }: InferenceOptions,
): Certified & { readonly value: number } {
  const { mdp, reward, alpha, logMeasure } = problem
  const { states, actions } = mdp
  checkHorizon('logEvidence', horizon)
  checkStateDistribution(mdp, initial, 'logEvidence')
  let message = new Float64Array(states)
  let magnitude = 1
  const out = new Float64Array(actions)
  for (let t = horizon; t >= 0; t--) {
    const most = message.reduce((a, b) => Math.max(a, b), -Infinity)
    const value = message.map((x) => Math.exp(x - most))
    const next = new Float64Array(states)
    for (let s = 0; s < states; s++) {
      expectNext(mdp, s, { value, out })
      const logs = out.map((x, a) => {
        const at = s * actions + a
        // What follows the end of an episode is certain: a message of one.
        const ended = mdp.discount === undefined ? 0 : (1 - mdp.discount[at]) * Math.exp(-most)
        return (logMeasure?.[at] ?? 0) + reward[at] / alpha + most + Math.log(x + ended)
      })
      next[s] = logSum(logs)
    }
    message = next
    magnitude = Math.max(magnitude, supNorm(next.filter(Number.isFinite)) + supNorm(reward) / alpha)
  }
  const error = Number.EPSILON * (horizon + 2) * (states + actions + 16) * magnitude
  return { value: logSum(message.map((x, s) => x + Math.log(initial[s]))), error }
}

function logSum(logs: Float64Array): number {
  const most = logs.reduce((a, b) => Math.max(a, b), -Infinity)
  if (most === -Infinity) return -Infinity
  return most + Math.log(logs.reduce((sum, x) => sum + Math.exp(x - most), 0))
}

export interface EvidenceBound extends Certified {
  /** −KL(q(τ) ‖ p(O, τ)), thesis 7.3: a lower bound on the log evidence. */
  readonly elbo: number
  /** J(π) = E_π[Σ r − α·KL(π(·|s)‖p(·|s))] = α·elbo. */
  readonly objective: number
}

/**
 * The evidence lower bound of a policy, with q(τ) of thesis 7.2. Since q and p share the dynamics it is J(π)/α with
 *
 *     J(π) = E_π[Σ_t r(s_t,a_t) − α·KL(π(·|s_t)‖p(·|s_t))]
 *
 * Thesis 7.4 prints plus before the divergence, which would pay the policy to leave its prior. With a uniform prior J is the
 * maximum-entropy objective less (T + 1)·α·log A.
 */
export function evidenceBound(
  problem: SoftProblem,
  policy: Policy,
  { horizon, initial }: InferenceOptions,
): EvidenceBound {
  const { mdp, reward, alpha } = problem
  checkHorizon('evidenceBound', horizon)
  checkPolicy(mdp, policy, 'evidenceBound')
  checkStateDistribution(mdp, initial, 'evidenceBound')
  const mean = expectedReward(mdp, policy, reward)
  const entropy = policyEntropy(problem, policy)
  let state = initial
  let objective = 0
  let magnitude = 0
  for (let t = 0; t <= horizon; t++) {
    for (let s = 0; s < mdp.states; s++) {
      if (state[s] === 0) continue
      objective += state[s] * (mean[s] + alpha * entropy[s])
      magnitude += state[s] * (Math.abs(mean[s]) + alpha * Math.abs(entropy[s]))
    }
    state = nextStateDistribution(mdp, policy, state)
  }
  const error = Number.EPSILON * (mdp.states * (horizon + 2) + mdp.actions + 16) * magnitude
  return { elbo: objective / alpha, objective, error: error / Math.min(1, alpha) }
}

function checkHorizon(caller: string, horizon: number): void {
  if (!(Number.isInteger(horizon) && horizon >= 0))
    throw new RangeError(`${caller}: horizon must be a non-negative integer, got ${horizon}`)
}
