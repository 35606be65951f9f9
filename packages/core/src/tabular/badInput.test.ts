import { describe, expect, it } from 'vitest'
import { key } from '../keys/index.ts'
import {
  compose,
  discountedVisits,
  gpiPolicy,
  latentDivergences,
  latentPolicy,
  linearQuadraticSolution,
  optimisticPolicy,
  periodicValues,
  policyGradient,
  randomMdp,
  restrictedImprovement,
  softPolicyEvaluation,
  softPolicyIteration,
  softProblem,
  softQIteration,
  successorFeatures,
  uniformPolicy,
  type LatentPolicy,
} from './index.ts'

const mdp = randomMdp(key(1), { states: 2, actions: 2, successors: 2, gamma: 0.9, tasks: 2 })
const problem = softProblem({ mdp, alpha: 1 })
const q = mdp.rewards
const short = [q[0], new Float64Array(3)]
const holed = [q[0], Float64Array.of(0, NaN, 0, 0)]
const half = Float64Array.of(0.5, 0.5)
const latent = (latents: number): LatentPolicy => ({
  latents,
  high: new Float64Array(2 * latents).fill(1 / latents),
  low: new Float64Array(4 * latents).fill(0.5),
})

/** Refusals beside those in the tests of `finiteMdp`, `softProblem` and each solver. */
describe('bad input', () => {
  it.each<[string, () => unknown]>([
    ['gpiPolicy: q[1] must have length states x actions = 4, got 3', () => gpiPolicy(problem, short)],
    ['gpiPolicy: q[1] must be finite, got NaN at entry 1', () => gpiPolicy(problem, holed)],
    ['optimisticPolicy: q[1] must have length', () => optimisticPolicy(problem, short, [0.5, 0.5])],
    ['optimisticPolicy: q must hold at least one table, got none', () => optimisticPolicy(problem, [], [])],
    ['compose: q[1] must have length', () => compose(problem, short)],
    ['compose: q[1] must be finite', () => compose(problem, holed)],
    [
      'discountedVisits: policy must be a distribution in every state, got the sum 0 at state 0',
      () => discountedVisits(mdp, new Float64Array(4), half),
    ],
    [
      'discountedVisits: initial must be a distribution over 2 states, got 2 entries of sum 1.5',
      () => discountedVisits(mdp, uniformPolicy(mdp), Float64Array.of(1, 0.5)),
    ],
    [
      'softPolicyIteration: tolerance must be positive, got 0',
      () => softPolicyIteration(problem, { tolerance: 0 }),
    ],
    [
      'softPolicyEvaluation: policy must be a distribution',
      () => softPolicyIteration(problem, { initial: new Float64Array(4) }),
    ],
    [
      'softPolicyIteration: sets must hold distributions over 2 actions, got 2 entries of sum 2 at state 1, member 0',
      () => softPolicyIteration(problem, { sets: [[half], [Float64Array.of(1, 1)]] }),
    ],
    [
      'restrictedImprovement: sets must hold at least one distribution for each of 2 states, got 1 sets',
      () => restrictedImprovement(problem, [[half]], q[0]),
    ],
    [
      'restrictedImprovement: sets must hold distributions over 2 actions, got 3 entries',
      () => restrictedImprovement(problem, [[half], [new Float64Array(3)]], q[0]),
    ],
    [
      'restrictedImprovement: q must have length',
      () => restrictedImprovement(problem, [[half], [half]], new Float64Array(1)),
    ],
    [
      'softQIteration: initial must be finite, got NaN at state 1',
      () => softQIteration(problem, { initial: Float64Array.of(0, NaN) }),
    ],
    ['policyGradient: theta must be finite', () => policyGradient(problem, holed[1], half)],
    [
      'softPolicyEvaluation: policy must be finite, got NaN',
      () => softPolicyEvaluation(problem, Float64Array.of(NaN, 1, 0, 1)),
    ],
    [
      'successorFeatures: policy must be a distribution in every state, got a negative probability',
      () => successorFeatures(problem, Float64Array.of(-1, 2, 0, 1)),
    ],
    [
      "latentDivergences: prior must have the agent's 3 latents, got 2",
      () => latentDivergences(mdp, latent(3), latent(2)),
    ],
    [
      'latentPolicy: low must be 6 distributions of 2',
      () => latentPolicy(mdp, { ...latent(3), low: new Float64Array(12) }),
    ],
    [
      "periodicValues: prior must have the agent's 2 latents, got 3",
      () =>
        periodicValues(
          { mdp, reward: q[0], alpha: 1, agent: latent(2), prior: latent(3) },
          { period: 1, horizon: 2, initial: half },
        ),
    ],
    [
      'randomMdp: successors must be an integer',
      () => randomMdp(key(1), { states: 2, actions: 2, successors: 0, gamma: 0.5 }),
    ],
    [
      'linearQuadraticSolution: gain must be finite and not 0, got NaN',
      () =>
        linearQuadraticSolution({ drift: 1, gain: NaN, stateCost: 1, actionCost: 1, gamma: 0.9, alpha: 1 }),
    ],
    [
      'linearQuadraticSolution: drift must be finite, got Infinity',
      () =>
        linearQuadraticSolution({
          drift: Infinity,
          gain: 1,
          stateCost: 1,
          actionCost: 1,
          gamma: 0.9,
          alpha: 1,
        }),
    ],
  ])('is refused: %s', (message, call) => {
    expect(call).toThrow(message)
    expect(call).toThrow(RangeError)
  })
})
