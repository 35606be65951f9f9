/** Settings of the loop that a source states; the names are those of `@maxent/train`. */
export interface LoopSettings {
  readonly replayCapacity?: number
  /** Gradient steps per environment step. */
  readonly updatesPerStep?: number
  /** Steps of uniform actions before the first gradient step. */
  readonly warmupSteps?: number
}

/** What a publication sets apart from the defaults on one task, of the algorithm and of the loop. */
export interface Preset<C> {
  /** Id of the environment; absent where `@maxent/envs` has none like that of the source. */
  readonly env?: string
  readonly source: string
  readonly config: Partial<C>
  readonly loop: LoopSettings
}
