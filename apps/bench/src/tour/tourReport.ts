import { invocation } from '../invocation.ts'
import { describeMachine } from '../machine.ts'
import type { Report, ReportRun } from '../report/contents.ts'
import type { TourPart } from './tourParts.ts'
import type { PartOutcome } from './partOutcome.ts'

/** A part with what came of it. */
export interface FinishedPart {
  readonly part: TourPart
  readonly outcome: PartOutcome
}

/** Whether the part's claim holds. */
export function claimHolds({ part, outcome }: FinishedPart): boolean {
  return outcome.summary.evalReturnMean >= part.threshold
}

/** The tour as a page. */
export function tourReport(finished: readonly FinishedPart[], finishedAt: Date): Report {
  return {
    title: 'Soft actor-critic in minutes',
    finishedAt,
    machine: describeMachine(),
    runtime: `Node ${process.version}`,
    // The parts ran side by side.
    wallSeconds: Math.max(...finished.map(({ outcome }) => outcome.summary.wallSeconds)),
    runs: finished.map(reportRun),
    next: [
      {
        meaning: 'Run HalfCheetah on to 100,000 steps, where it gallops',
        command: `${invocation} train --algo sac --preset half-cheetah --steps 100000 --seed 1`,
      },
      {
        meaning: 'Change a setting: a fixed temperature instead of a learned one',
        command: `${invocation} train --env pendulum --algo sac --steps 10000 --set temperature.kind=fixed --set temperature.alpha=0.2`,
      },
      {
        meaning: 'Every algorithm with its settings, and every environment',
        command: `${invocation} algos\n${invocation} envs`,
      },
      { meaning: 'The experiments of the papers', command: `${invocation} list` },
      { meaning: 'How fast this machine learns', command: `${invocation} speed` },
    ],
  }
}

function reportRun(finished: FinishedPart): ReportRun {
  const { part, outcome } = finished
  const { summary, curve, random, recordings } = outcome
  const { env, algo, seed, steps, wallSeconds, stepsPerSecond, stateHash } = summary
  return {
    title: part.title,
    env,
    algo,
    command: `${invocation} train --algo ${algo} --preset ${part.preset} --env ${env} --steps ${steps} --seed ${seed} --eval-episodes ${part.finalEpisodes}`,
    seed,
    steps,
    wallSeconds,
    stepsPerSecond,
    stateHash,
    curve,
    random,
    learned: { mean: summary.evalReturnMean, std: summary.evalReturnStd, episodes: summary.evalEpisodes },
    claim: { text: part.claim, threshold: part.threshold, holds: claimHolds(finished) },
    film: part.camera.film([
      { label: 'random actions', recording: recordings.random },
      { label: 'learned policy', recording: recordings.learned },
    ]),
  }
}
