/** How much is measured. */
export interface Effort {
  /** Repetitions that alternate with what they are compared to. */
  readonly blocks: number
  /** Updates per block. */
  readonly updates: number
  /** Processes behind the figures of updates and actions, one after another. */
  readonly processes: number
  /** Environment steps between blocks of updates, end to end. */
  readonly steps: number
}

/** What a figure that is quoted needs. */
export const fullEffort: Effort = { blocks: 7, updates: 40, processes: 5, steps: 60 }

/** Proves that the pipe works; its figures are rough. */
export const quickEffort: Effort = { blocks: 2, updates: 5, processes: 1, steps: 10 }
