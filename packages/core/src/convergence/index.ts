/** Every estimator on problems with exact values: what the tests assert, and the command that prints the tables reports. */
import type { Convergence } from './measure.ts'
import { sampleEstimators } from './samples.ts'
import { stretchEstimators } from './stretches.ts'

export { measure, ratesOf } from './measure.ts'
export { wrongCritic } from './stretches.ts'

export const estimators: readonly Convergence[] = [...sampleEstimators, ...stretchEstimators]
