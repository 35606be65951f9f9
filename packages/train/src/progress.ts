import type { EvalLine, MetricsLine } from './record.ts'

/** What `train` tells while it runs. */
export type TrainEvent =
  /** The run begins, or goes on, at `step`. */
  | { readonly kind: 'start'; readonly step: number; readonly steps: number }
  /** A sign of life, a few times a second. */
  | {
      readonly kind: 'progress'
      readonly step: number
      readonly steps: number
      readonly updates: number
      readonly episodes: number
      /** The last evaluation. */
      readonly evaluation: EvalLine | undefined
      readonly stepsPerSecond: number
    }
  /** A line was added to `metrics.jsonl`. */
  | { readonly kind: 'metrics'; readonly line: MetricsLine }
  /** A line was added to `eval.jsonl`. */
  | { readonly kind: 'evaluation'; readonly line: EvalLine }
  /** A checkpoint was written to `path` in the store. */
  | { readonly kind: 'checkpoint'; readonly step: number; readonly path: string }
  /** Something that a person should know, above all a damaged checkpoint that was passed over. */
  | {
      readonly kind: 'notice'
      readonly message: string
      /** For what an algorithm advises, the metric that tells it: a sitting of a run advises on each once. */
      readonly advice?: string
    }
