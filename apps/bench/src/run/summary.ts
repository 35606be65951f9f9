/** What `bench train --json` ends with. */
export interface RunSummary {
  readonly env: string
  readonly algo: string
  readonly seed: number
  /** Environment steps. */
  readonly steps: number
  /** Mean, standard deviation and number of the final episodes, with deterministic actions. */
  readonly evalReturnMean: number
  readonly evalReturnStd: number
  readonly evalEpisodes: number
  /** Seconds of work over all sittings, evaluations included. */
  readonly wallSeconds: number
  readonly stepsPerSecond: number
  /** SHA-256 of the final state tree. */
  readonly stateHash: string
}
