/** The papers' theorems, each as a slack that no process may make negative. */
import { compositionTheorems } from './composition.ts'
import { klRegularisedTheorems } from './klRegularised.ts'
import { softActorCriticTheorems } from './softActorCritic.ts'
import { softQLearningTheorems } from './softQLearning.ts'
import type { Theorem } from './theorem.ts'

export { holds, randomCase } from './theorem.ts'
export type { BrokenTerm, Theorem, TheoremCase } from './theorem.ts'

/** The theorems of the papers, each as a check on random processes. */
export const theorems: readonly Theorem[] = [
  ...softQLearningTheorems,
  ...softActorCriticTheorems,
  ...compositionTheorems,
  ...klRegularisedTheorems,
]
