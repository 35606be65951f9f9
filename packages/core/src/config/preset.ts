/** Settings of the loop that a source states; the names are those of `@maxent/train`. */
export interface LoopSettings {
  /** Rows of the replay. */
  readonly replayCapacity?: number
  /** Gradient steps per environment step. */
  readonly updatesPerStep?: number
  /** Steps before the first gradient step, with uniform actions unless `warmupPolicy` says otherwise. */
  readonly warmupSteps?: number
  /** Whose actions they take: `own` are those of a policy that was learned before. */
  readonly warmupPolicy?: 'uniform' | 'own'
}

/** What a publication sets apart from the defaults on one task, of the algorithm and of the loop. */
export interface Preset<C> {
  /** Id of the environment; absent where `@maxent/envs` has none like that of the source. */
  readonly env?: string
  /** The publication, with the place in it. */
  readonly source: string
  /** Fields of the algorithm that differ from its defaults. */
  readonly config: Partial<C>
  /** Fields of the loop that differ from its defaults. */
  readonly loop: LoopSettings
}
