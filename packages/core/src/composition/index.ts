/** What algorithms share that combine what was learned of several tasks. */
export {
  compositionRule,
  compositionWeights,
  leaveToConstituents,
  weightedSum,
  type CompositionRule,
} from './rule.ts'
export {
  checkConstituents,
  joinedVectors,
  learnedVector,
  readConstituents,
  type Constituent,
  type ConstituentTask,
  type JoinedVectors,
  type LearnedLeaf,
  type LearnedVectorOptions,
} from './constituents.ts'
