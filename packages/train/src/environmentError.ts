import type { Env } from '@maxent/core/contracts'

/** The environment's `step` threw. */
export class EnvironmentError extends Error {
  /** Tells it from other errors. */
  override readonly name = 'EnvironmentError'
  /** Which function took the step. */
  readonly caller: string

  constructor(message: string, { caller, cause }: { readonly caller: string; readonly cause: unknown }) {
    super(message, { cause })
    this.caller = caller
  }
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
  /** What the episode was reset with; several environments, once, when the run began. */
  readonly seed: number
  /** How many step together; one alone when absent. */
  readonly environments?: number
}

/** One step of an environment, or of several. @throws EnvironmentError that says where, with the environment's own error as its cause. */
export function stepEnv<R>(env: Steppable<R>, action: Float32Array, occasion: () => Occasion): R {
  try {
    return env.step(action)
  } catch (error) {
    const { caller, step, seed, environments } = occasion()
    const message = error instanceof Error ? error.message : String(error)
    const where =
      environments === undefined
        ? `of the episode with seed ${seed}`
        : `of each of ${environments}, together seeded with ${seed}`
    throw new EnvironmentError(
      `${caller}: environment '${env.spec.id}' must take every step, got an error at step ${step} ${where}: ${message}`,
      { caller, cause: error },
    )
  }
}
