import type { Env, EnvSpec, Observation, StepInfo } from '@maxent/core/contracts'
import type { EnvId } from '@maxent/envs'

/** What an episode came to. */
export interface Episode {
  readonly return: number
  readonly steps: number
  readonly terminated: boolean
  /** Of the last step. */
  readonly observation: Observation
  readonly info: StepInfo
  /** Sums of the vector of rewards, where the environment has one. */
  readonly features?: readonly number[]
}

/** Reads an observation and writes an action. It knows nothing else of the environment. */
export type Controller = (observation: Observation, action: Float32Array) => void | Promise<void>

/** Proof that tasks can be done: a controller that acts through the actuators alone, and what counts as done. */
export interface Witness {
  readonly ids: readonly EnvId[]
  /** What counts as done, in words. */
  readonly claim: string
  /** Why it does so in fewer than nine of ten episodes, where it does. */
  readonly rarely?: string
  /** The controller of one episode, in its initial state. */
  readonly begin: (spec: EnvSpec) => Controller | Promise<Controller>
  readonly done: (episode: Episode, spec: EnvSpec) => boolean
}

/** In place of a witness where no small controller is known: states in which the task is and is not done. */
export interface PlacedState {
  readonly ids: readonly EnvId[]
  /** What counts as done, in words. */
  readonly claim: string
  /** Why there is no witness. */
  readonly reason: string
  /** Puts a started environment into a state where the next step is one of success, and gives whether it was. */
  readonly succeeds: (env: Env) => boolean
  /** The same for a state where it is none. */
  readonly fails: (env: Env) => boolean
}
