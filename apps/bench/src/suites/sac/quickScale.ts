import type { Arm } from '../suite.ts'
import { reduced, type Reduced } from './tasks.ts'

/**
 * The scale of the `quick` profiles of these suites, all in one place. Fixed temperatures with the rate of table C.1 leave HalfCheetah standing
 * still for 40,000 steps at this size: with small batches and few steps every network learns at 1e-3, a learned temperature included.
 * Seed 11, which is not judged, then stands until 35,000 steps and returns 661 after 50,000.
 */
export const quickConfig = {
  hidden: [64, 64],
  batchSize: 64,
  policyLearningRate: 1e-3,
  criticLearningRate: 1e-3,
} as const

const steps = 50_000

/** The arms of some tasks at that scale; some algorithms may have settings of their own. */
export function atQuickScale(given: Pick<Reduced, 'tasks' | 'configOf'>): (arm: Arm) => Arm | undefined {
  return reduced({ ...given, steps, config: quickConfig })
}

/** What a report says of that scale, on tasks in words. */
export function quickScaleOn(tasks: string): string {
  return `64x64 networks, batch 64, learning rate ${quickConfig.policyLearningRate}, ${tasks}, ${steps.toLocaleString('en')} steps`
}
