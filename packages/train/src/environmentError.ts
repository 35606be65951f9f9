import type { Env, StepResult } from '@maxent/core/contracts'

/** The environment's `step` threw. */
export class EnvironmentError extends Error {
  override readonly name = 'EnvironmentError'
}

/** Where a step is taken. */
export interface Occasion {
  readonly caller: string
  /** The number of the step, from 1. */
  readonly step: number
  /** What the episode was reset with. */
  readonly seed: number
}

/** One step of an environment. @throws EnvironmentError that says where, with the environment's own error as its cause. */
export function stepEnv(env: Env, action: Float32Array, occasion: () => Occasion): StepResult {
  try {
    return env.step(action)
  } catch (error) {
    const { caller, step, seed } = occasion()
    const message = error instanceof Error ? error.message : String(error)
    throw new EnvironmentError(
      `${caller}: environment '${env.spec.id}' must take every step, got an error at step ${step} ` +
        `of the episode with seed ${seed}: ${message}`,
      { cause: error },
    )
  }
}
