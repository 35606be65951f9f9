import { mkdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { claimError, CommandError, exitCodes, interruption } from '../errors.ts'
import { startHelper, stopSignal, type Helper } from '../processes.ts'
import { rounded } from '../report/numbers.ts'
import { renderReport } from '../report/page.ts'
import { createProgress, type Standing } from '../terminal/progress.ts'
import { writeWholeFile } from '@maxent/train/node'
import { tourParts, type TourPart } from './tourParts.ts'
import { partFolder, partIdentity, readOutcome } from './partOutcome.ts'
import { claimHolds, tourReport, type FinishedPart } from './tourReport.ts'

export interface TourOptions {
  readonly out: string
  readonly seed: number
  /** Steps of every part, in place of its own. */
  readonly steps?: number
  /** The command that goes on, for messages. */
  readonly command: string
}

/** What a part's process reports while it runs. */
export interface PartProgress extends Standing {
  readonly kind: 'progress'
}

/**
 * Trains every part that is not finished yet, each in a process of its own, and writes the report.
 * @returns its path.
 * @throws CommandError when stopped, when a part fails, or when a claim does not hold (the report is written all the same).
 */
export async function runTour(options: TourOptions): Promise<string> {
  const { out, seed, steps } = options
  await mkdir(out, { recursive: true })
  await trainMissing(options)
  const finished: FinishedPart[] = []
  for (const part of Object.values(tourParts(steps))) {
    const outcome = await readOutcome(partFolder(out, part, seed), partIdentity(part, seed), notice)
    if (outcome === undefined)
      throw new Error(`tour: the run on ${part.env} must leave an outcome, got none in ${out}`)
    finished.push({ part, outcome })
  }
  const path = resolve(join(out, 'report.html'))
  await writeWholeFile(path, renderReport(tourReport(finished, new Date())))
  for (const entry of finished) console.log(verdict(entry))
  console.log(`Report: ${path}`)
  const failed = finished.filter((entry) => !claimHolds(entry))
  if (failed.length > 0) {
    throw claimError(
      `tour: every claim must hold, got ${failed.map(({ part }) => part.env).join(', ')} below its threshold`,
    )
  }
  return path
}

const notice = (message: string): void => console.error(message)

async function trainMissing(options: TourOptions): Promise<void> {
  const { out, seed, steps, command } = options
  const missing: TourPart[] = []
  for (const part of Object.values(tourParts(steps))) {
    const outcome = await readOutcome(partFolder(out, part, seed), partIdentity(part, seed), notice)
    if (outcome === undefined) missing.push(part)
    else console.error(`${part.env}: finished before, kept (another folder with --out starts anew)`)
  }
  if (missing.length === 0) return
  console.error(
    `Training ${missing.map(({ env, algo }) => `${algo} on ${env}`).join(' and ')}, side by side. Ctrl-C stops; the same command goes on.`,
  )
  const signal = stopSignal()
  const ends = await trainSideBySide(missing, options)
  if (signal.aborted) {
    throw interruption(`Stopped; what was learned is kept in ${out}. Go on with: ${command}`)
  }
  const broken = ends.findIndex(({ status }) => status !== 0 && status !== exitCodes.interrupted)
  if (broken !== -1) {
    throw new CommandError(`${missing[broken].env}: ${ends[broken].errors.trim()}`, exitCodes.failed)
  }
  ends.forEach(({ errors }, i) => {
    if (errors !== '') console.error(`${missing[i].env}: ${errors.trim()}`)
  })
}

/** Trains each part in a process of its own, with a bar each, and gives how the processes ended. None is left running. */
async function trainSideBySide(
  parts: readonly TourPart[],
  { out, seed }: TourOptions,
): Promise<Awaited<Helper['finished']>[]> {
  const progress = createProgress({
    runs: Object.fromEntries(parts.map(({ env, steps }) => [env, { steps }])),
    stream: process.stderr,
  })
  const signal = stopSignal()
  const helpers: Helper[] = []
  const stopAll = (): void => helpers.forEach((helper) => helper.stop())
  signal.addEventListener('abort', stopAll)
  try {
    for (const { env, steps } of parts) {
      helpers.push(
        startHelper(['tour-part', env, '--out', out, '--seed', `${seed}`, '--steps', `${steps}`], (report) =>
          progress.update(env, report as PartProgress),
        ),
      )
    }
    // Where one breaks, the others stop too: better an error now than after minutes.
    return await Promise.all(
      helpers.map(async ({ finished }) => {
        const end = await finished
        if (end.status !== 0) stopAll()
        return end
      }),
    )
  } finally {
    stopAll()
    signal.removeEventListener('abort', stopAll)
    progress.close()
  }
}

function verdict(entry: FinishedPart): string {
  const { part, outcome } = entry
  const { evalReturnMean, evalReturnStd, wallSeconds, stepsPerSecond } = outcome.summary
  return (
    `${claimHolds(entry) ? 'holds' : 'FAILS'}  ${part.title}. ${part.claim}: ${rounded(evalReturnMean)} ± ${rounded(evalReturnStd)} ` +
    `(random actions ${rounded(outcome.random.mean)}), ${rounded(wallSeconds)} s, ${rounded(stepsPerSecond)} steps/s`
  )
}
