import { boxWitnesses } from './boxes.ts'
import { learnedWitnesses } from './learned.ts'
import { goToSide, goToCell, goToGoal, findGoal } from './planes.ts'
import { pushPuck } from './lines.ts'
import { locomotionWitnesses } from './locomotion.ts'
import { navigationWitnesses } from './navigation.ts'
import { balancePole, balanceTwoPoles, swingUp } from './pendulums.ts'
import { pushedHumanoids, standAtTarget, standBeyondGap } from './placed.ts'
import { reachTarget } from './reach.ts'
import { reachingWitnesses } from './reaching.ts'
import { scoopObject } from './scoop.ts'
import { jumpOver, rollAhead, swimPast } from './specialists.ts'
import { stackingWitnesses } from './stacking.ts'
import { swimForward } from './swim.ts'
import { trot } from './trot.ts'
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
  goToSide,
  goToCell,
  swimPast,
  jumpOver,
  rollAhead,
  trot,
  scoopObject,
  ...learnedWitnesses,
  ...locomotionWitnesses,
  ...navigationWitnesses,
  ...boxWitnesses,
  ...pushPuck,
  ...reachingWitnesses,
  ...stackingWitnesses,
]

/** Environments whose success is shown in states that were put there. */
export const placedStates: readonly PlacedState[] = [...pushedHumanoids, standAtTarget, standBeyondGap]
