/**
 * Exact soft solvers in float64 on finite and low-dimensional problems, with error bounds: the ground truth of the sampled estimators,
 * and the papers' theorems as functions. No tfjs here.
 * @module
 */

// Problems
export {
  contraction,
  eachSuccessor,
  expectNext,
  expectNextOfAll,
  finiteMdp,
  mixTables,
  weightedReward,
} from './mdp.ts'
export type { DenseTransitions, FiniteMdp, SparseTransitions, Transitions } from './mdp.ts'
export { softProblem } from './problem.ts'
export type { SoftProblem, SoftProblemOptions } from './problem.ts'
export { nextStateDistribution, uniformPolicy } from './policy.ts'
export type { Policy } from './policy.ts'
export { randomMdp, randomPolicy } from './randomMdp.ts'
export type { RandomMdpOptions } from './randomMdp.ts'

// Backups and bounds
export { actionValues, policyBackup, policyEntropy, policyValues, softBackup, softValues } from './backup.ts'
export { contractionBound, roundingOf, supDistance, supNorm } from './bound.ts'
export type { Certified } from './bound.ts'
export { klDivergence, renyiHalf } from './divergence.ts'

// Solvers
export { discountedSums, discountedVisits } from './chain.ts'
export type { ChainOptions, DiscountedSums, DiscountedVisits } from './chain.ts'
export { softPolicyEvaluation } from './evaluation.ts'
export type { SoftValue } from './evaluation.ts'
export { boltzmannPolicy, restrictedImprovement } from './improvement.ts'
export type { PolicySets, RestrictedImprovement } from './improvement.ts'
export { softPolicyIteration } from './policyIteration.ts'
export type { PolicyIterationOptions } from './policyIteration.ts'
export { softQIteration, softQIterationOfTasks } from './qIteration.ts'
export type { QIterationOptions, SoftSolution } from './qIteration.ts'
export { entropyConstrained, entropyConstrainedSweep } from './entropyConstrained.ts'
export type {
  EntropyConstrainedPlan,
  EntropyConstrainedProblem,
  EntropyConstrainedSolution,
} from './entropyConstrained.ts'
export { policyGradient } from './policyGradient.ts'
export type { PolicyGradient } from './policyGradient.ts'

// Composition and transfer
export { successorFeatures, successorValue } from './successorFeatures.ts'
export type { SuccessorFeatures } from './successorFeatures.ts'
export { gpiPolicy, optimisticPolicy, upperEnvelope } from './gpi.ts'
export { compose, largestSum } from './composition.ts'
export type { Composition } from './composition.ts'

// Hierarchies and inference
export { latentDivergences, latentPolicy, latentValues, marginalPolicy, periodicValues } from './hierarchy.ts'
export type {
  LatentDivergences,
  LatentPolicy,
  LatentProblem,
  LatentValues,
  PeriodicOptions,
  PeriodicValues,
} from './hierarchy.ts'
export { evidenceBound, logEvidence } from './inference.ts'
export type { EvidenceBound, InferenceOptions } from './inference.ts'
export { discountedObjective } from './discountedObjective.ts'
export type { DiscountedObjectiveOptions } from './discountedObjective.ts'

// Continuous problems
export { gaussLegendreRule, midpointRule } from './quadratureRules.ts'
export type { Rule } from './quadratureRules.ts'
export { quadratureProblem, refinementEstimate, solveByQuadrature, valueAt } from './quadrature.ts'
export type {
  ContinuousProblem,
  QuadratureProblem,
  QuadratureSolution,
  StateAxis,
  StepResult,
} from './quadrature.ts'
export { linearQuadratic, linearQuadraticSolution } from './linearQuadratic.ts'
export type {
  LinearQuadraticGrid,
  LinearQuadraticOptions,
  LinearQuadraticSolution,
} from './linearQuadratic.ts'
export { multiGoal, multiGoals } from './multiGoal.ts'
export type { MultiGoalOptions } from './multiGoal.ts'

// The papers' theorems
export { holds, randomCase, theorems } from './theorems/index.ts'
export type { BrokenTerm, Theorem, TheoremCase } from './theorems/index.ts'
