import { withPolicy, type Candidate, type Part, type Stage } from '../composition/learnPart.ts'
import { withComposedReward } from './composedReward.ts'
import { finalPlaces, type FinalPlaces } from './finalPlaces.ts'
import { goalEnv, type Goal } from './goals.ts'

/** A goal as a part that is learned by itself; with the mean reward of some lines in place of its own where they are given. */
export function goalPart(goal: Goal, rewardOf?: readonly Goal[]): Part {
  return {
    name: goal,
    open: async () => {
      const env = await goalEnv(goal)
      return rewardOf === undefined ? env : withComposedReward(env, rewardOf)
    },
    details: { goal, ...(rewardOf && { rewardOf }) },
  }
}

/** A learner as a state has it, on a goal, and the episodes that it is judged by. */
export interface Judged {
  readonly candidate: Candidate
  readonly goal: Goal
  readonly episodes: number
}

/** Where the puck ends. */
export function judgeOn({ candidate, goal, episodes }: Judged, stage: Stage): Promise<FinalPlaces> {
  const { seed, counter, signal } = stage
  return withPolicy(candidate, stage, (policy) =>
    finalPlaces({ goal, policy, episodes, seed, counter, signal }),
  )
}
