import type { Env } from '@maxent/core/contracts'

/** A straight limb from (x1, y1) to (x2, y2), in metres; y points up. */
export type Segment = readonly [x1: number, y1: number, x2: number, y2: number]

/** One moment: the limbs of a body. */
export type Pose = readonly Segment[]

/** One episode as poses at equal distances in time. */
export interface Lane {
  readonly label: string
  readonly poses: readonly Pose[]
}

/** Episodes above one another, on one scale. */
export interface Film {
  readonly title: string
  readonly lanes: readonly Lane[]
  /** Seconds between poses. */
  readonly dt: number
  /** Every how many poses one stays visible. */
  readonly ghostEvery: number
  /** Half the thickness of a limb, in metres. */
  readonly limb: number
  /** Height of the line that everything stands on or hangs from. */
  readonly ground: number
  /** Corners of the ground from left to right, where it is not level: it goes on at the heights of the first and the last. */
  readonly terrain?: readonly (readonly [x: number, y: number])[]
  /** Metres that a lane is wide at least, so that standing still looks like standing still. */
  readonly width: number
}

/** What is written down of an episode: one flat observation per step, or what a camera notes in its place, and the numbers about the step. */
export interface Recording {
  readonly observations: readonly (readonly number[])[]
  readonly info: readonly Readonly<Record<string, number>>[]
}

/** An episode with the name of the policy that played it. */
interface Take {
  readonly label: string
  readonly recording: Recording
}

/** How the episodes of one environment become a film; steps beyond `steps` are not shown. */
export interface Camera {
  readonly steps: number
  /** Steps from one picture to the next; 1 when absent. */
  readonly every?: number
  /** What is written down of a state, where observations do not show where the body is. */
  readonly note?: (env: Env) => readonly number[]
  film(takes: readonly Take[]): Film
}
