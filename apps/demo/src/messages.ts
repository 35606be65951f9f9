/** What the page and the worker that trains tell each other. */

/** Start, or go on; stop with everything kept; forget everything. */
export type Command = 'start' | 'pause' | 'reset'

export type Status = 'ready' | 'loading' | 'running' | 'pausing' | 'paused' | 'finished'

/** A return at a step of training. */
export interface ReturnAt {
  readonly step: number
  readonly value: number
}

/** One moment of the pendulum: the angle from upright, counterclockwise, in rad, and the torque on it in N m. */
export interface Moment {
  readonly angle: number
  readonly torque: number
}

export type Message =
  | { readonly kind: 'status'; readonly status: Status }
  /** An episode with exploring actions ended. */
  | { readonly kind: 'episode'; readonly return: ReturnAt; readonly entropy: number | undefined }
  /** The policy was tried without exploring: the mean return of some episodes, and the first of them. */
  | { readonly kind: 'evaluation'; readonly return: ReturnAt; readonly film: readonly Moment[] }
  | { readonly kind: 'progress'; readonly step: number; readonly stepsPerSecond: number }
  | { readonly kind: 'failure'; readonly message: string }
