import { MultiBar, type SingleBar } from 'cli-progress'
import { duration, rounded, thousands } from '../report/numbers.ts'

/** Where a run stands. */
export interface Standing {
  readonly step: number
  readonly stepsPerSecond: number
  /** Mean return of the newest evaluation. */
  readonly evalReturn?: number
}

/** Shows how runs come along. */
export interface ProgressView {
  update(run: string, standing: Standing): void
  /** Leaves the terminal as it is, below the last bar or line. */
  close(): void
}

/** Names and lengths of the runs to show. */
export interface ProgressOptions {
  readonly runs: Readonly<Record<string, { readonly steps: number }>>
  readonly stream: NodeJS.WriteStream
  /** Milliseconds between two plain lines of a run without news. */
  readonly interval?: number
}

/** Bars on a terminal, plain lines elsewhere. */
export function createProgress(options: ProgressOptions): ProgressView {
  return options.stream.isTTY ? createBars(options) : createLines(options)
}

function createBars({ runs, stream }: ProgressOptions): ProgressView {
  const width = Math.max(...Object.keys(runs).map((name) => name.length))
  const bars = new MultiBar({
    stream,
    format: '{name} {bar} {percentage}%  {text}',
    barCompleteChar: '█',
    barIncompleteChar: '░',
    barsize: 24,
    hideCursor: true,
    forceRedraw: true,
    gracefulExit: false,
    autopadding: true,
  })
  let open = true
  const shown: Record<string, SingleBar> = {}
  for (const [name, { steps }] of Object.entries(runs)) {
    shown[name] = bars.create(steps, 0, { name: name.padEnd(width), text: 'starting' })
  }
  return {
    update: (run, standing) => {
      shown[run].update(standing.step, { text: describe(standing, runs[run].steps) })
    },
    close: () => {
      // Stopping twice would draw over what was printed since.
      if (open) bars.stop()
      open = false
    },
  }
}

function createLines({ runs, stream, interval = 10_000 }: ProgressOptions): ProgressView {
  const last: Record<string, { at: number; evalReturn?: number | undefined }> = {}
  return {
    update: (run, standing) => {
      const before = last[run]
      const { steps } = runs[run]
      const news = before === undefined || standing.evalReturn !== before.evalReturn || standing.step >= steps
      if (!news && performance.now() - before.at < interval) return
      last[run] = { at: performance.now(), evalReturn: standing.evalReturn }
      stream.write(
        `${run}: step ${thousands(standing.step)} of ${thousands(steps)}, ${describe(standing, steps)}\n`,
      )
    },
    close: () => {},
  }
}

function describe({ step, stepsPerSecond, evalReturn }: Standing, steps: number): string {
  const parts: string[] = []
  if (stepsPerSecond > 0) {
    parts.push(`${rounded(stepsPerSecond)} steps/s`, `${duration((steps - step) / stepsPerSecond)} left`)
  }
  parts.push(evalReturn === undefined ? 'no evaluation yet' : `return ${rounded(evalReturn)}`)
  return parts.join(', ')
}
