import type { Film } from '../film/index.ts'
import type { Machine } from '../machine.ts'

/** The deterministic policy's return at a moment of training. */
export interface CurvePoint {
  readonly step: number
  readonly mean: number
  readonly std: number
}

/** What one run has to show. */
export interface ReportRun {
  readonly title: string
  readonly env: string
  readonly algo: string
  /** The command that repeats the run. */
  readonly command: string
  readonly seed: number
  readonly steps: number
  readonly wallSeconds: number
  readonly stepsPerSecond: number
  readonly curve: readonly CurvePoint[]
  readonly random: { readonly mean: number; readonly std: number; readonly episodes: number }
  readonly learned: { readonly mean: number; readonly std: number; readonly episodes: number }
  readonly claim: { readonly text: string; readonly threshold: number; readonly holds: boolean }
  readonly stateHash: string
  readonly film?: Film
}

/** Everything on the page. */
export interface Report {
  readonly title: string
  readonly finishedAt: Date
  readonly machine: Machine
  readonly runtime: string
  readonly wallSeconds: number
  readonly runs: readonly ReportRun[]
  /** Commands to go on with, each with what it does. */
  readonly next: readonly { readonly command: string; readonly meaning: string }[]
}
