import type { Arm } from '../suite.ts'
import { reduced, type Reduced } from './tasks.ts'

/**
 * The scale of the `quick` profiles of these suites, all in one place. With the rate of table C.1 HalfCheetah at a fixed temperature stands still for all
 * of 50,000 steps at this size (seeds 11 and 12, which are not judged): here every network learns at 1e-3, a learned temperature included. Three
 * seeds (11 to 13) then take off between 23,000 and 30,000 steps and return 2,968, 3,249 and 3,337 at the end; after 1,000 uniform actions, where the
 * released code takes 10,000, two of them stand beyond 35,000.
 */
export const quickConfig = {
  hidden: [64, 64],
  batchSize: 64,
  policyLearningRate: 1e-3,
  criticLearningRate: 1e-3,
} as const

const usual = 50_000

/** The arms of some tasks at that scale; some algorithms may have settings of their own. */
export function atQuickScale({
  steps = usual,
  ...given
}: Pick<Reduced, 'tasks' | 'configOf'> & Partial<Pick<Reduced, 'steps'>>): (arm: Arm) => Arm | undefined {
  return reduced({ ...given, steps, config: quickConfig })
}

/** What a report says of that scale, on tasks in words. */
export function quickScaleOn(tasks: string, steps: number = usual): string {
  return `64x64 networks, batch 64, learning rate ${quickConfig.policyLearningRate}, ${tasks}, ${steps.toLocaleString('en')} steps`
}
