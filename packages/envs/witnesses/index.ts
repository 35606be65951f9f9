import { learnedWitnesses } from './learned.ts'
import { goLeft, goToCell, goToGoal, findGoal } from './planes.ts'
import { locomotionWitnesses, pushedHumanoids } from './locomotion.ts'
import { navigationWitnesses } from './navigation.ts'
import { balancePole, balanceTwoPoles, swingUp } from './pendulums.ts'
import { standAtTarget, standBeyondGap } from './placed.ts'
import { reachTarget } from './reach.ts'
import { jumpOver, swimPast } from './specialists.ts'
import { swimForward } from './swim.ts'
import type { PlacedState, Witness } from './witness.ts'

/** A witness for every environment but those of {@link placedStates}. */
export const witnesses: readonly Witness[] = [
  swingUp,
  balancePole,
  balanceTwoPoles,
  reachTarget,
  swimForward,
  goToGoal,
  findGoal,
  goLeft,
  goToCell,
  swimPast,
  jumpOver,
  ...learnedWitnesses,
  ...locomotionWitnesses,
  ...navigationWitnesses,
]

/** Environments whose success is shown in states that were put there. */
export const placedStates: readonly PlacedState[] = [...pushedHumanoids, standAtTarget, standBeyondGap]
