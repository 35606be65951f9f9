import type { Env } from '@maxent/core/contracts'

/** The environment's `step` threw. */
export class EnvironmentError extends Error {
  /** Tells it from other errors. */
  override readonly name = 'EnvironmentError'
}

interface Steppable<R> {
  readonly spec: Pick<Env['spec'], 'id'>
  step(action: Float32Array): R
}

/** Where a step is taken. */
export interface Occasion {
  readonly caller: string
  /** The number of the step, from 1. */
  readonly step: number
  /** What the episode was reset with. */
  readonly seed: number
}

/** One step of an environment, or of several. @throws EnvironmentError that says where, with the environment's own error as its cause. */
export function stepEnv<R>(env: Steppable<R>, action: Float32Array, occasion: () => Occasion): R {
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
