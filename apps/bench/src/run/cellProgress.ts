import { MultiBar, type SingleBar } from 'cli-progress'
import { duration, rounded, thousands } from '../report/numbers.ts'
import type { Standing } from '../terminal/progress.ts'
import { createEstimate, type Remaining, type Work } from './remaining.ts'

/** Shows how cells come along, and what time is left. */
export interface CellProgress {
  start(name: string): void
  update(name: string, standing: Standing): void
  finish(name: string): void
  fail(name: string): void
  /** Says something beside, without disturbing the bars. */
  note(text: string): void
  /** Leaves the terminal as it is, below the last bar or line. */
  close(): void
}

export interface CellProgressOptions {
  readonly cells: readonly Work[]
  readonly jobs: number
  readonly stream: NodeJS.WriteStream
  /** Milliseconds between two plain lines of a running cell. */
  readonly interval?: number
  /** Milliseconds, of any clock. */
  readonly now?: () => number
}

/** What one look of a view is about. */
interface View {
  running(name: string, steps: number, standing: Standing | undefined): void
  ended(name: string, text: string): void
  note(text: string): void
  total(done: number, left: Remaining | undefined): void
  close(): void
}

/** Bars of the running cells above one of all cells on a terminal; plain lines elsewhere. */
export function createCellProgress(options: CellProgressOptions): CellProgress {
  const { cells, jobs, stream, now = () => performance.now() } = options
  const estimate = createEstimate(cells, jobs)
  const steps = new Map(cells.map((cell) => [cell.name, cell.steps]))
  const since = new Map<string, number>()
  let done = 0
  const view = stream.isTTY ? barsView(cells.length, stream) : linesView(options)
  const total = (): void => view.total(done, estimate.remaining(now()))
  const end = (name: string, word: string): void => {
    done++
    view.ended(
      name,
      `${word} after ${duration((now() - (since.get(name) ?? now())) / 1000)}; ${done} of ${cells.length} cells, ` +
        timeLeft(estimate.remaining(now())),
    )
    total()
  }
  return {
    start: (name) => {
      since.set(name, now())
      view.running(name, steps.get(name) ?? 1, undefined)
    },
    update: (name, standing) => {
      estimate.at(name, standing.step, now())
      view.running(name, steps.get(name) ?? 1, standing)
      total()
    },
    finish: (name) => {
      estimate.done(name, now())
      end(name, 'finished')
    },
    fail: (name) => {
      estimate.failed(name)
      end(name, 'stopped')
    },
    note: (text) => view.note(text),
    close: () => view.close(),
  }
}

function timeLeft(left: Remaining | undefined): string {
  if (left === undefined) return 'time left not known yet'
  return `${left.atLeast ? 'at least' : 'about'} ${duration(left.seconds)} left`
}

function describe(steps: number, { step, stepsPerSecond, evalReturn }: Standing): string {
  return [
    ...(steps > 1 ? [`step ${thousands(step)} of ${thousands(steps)}`] : []),
    ...(stepsPerSecond > 0 && steps > 1 ? [`${rounded(stepsPerSecond)} steps/s`] : []),
    ...(evalReturn === undefined ? [] : [`return ${rounded(evalReturn)}`]),
  ].join(', ')
}

function barsView(cells: number, stream: NodeJS.WriteStream): View {
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
  const all = bars.create(cells, 0, { name: 'all cells', text: '' })
  const shown = new Map<string, SingleBar>()
  return {
    running: (name, steps, standing) => {
      const bar = shown.get(name) ?? bars.create(steps, 0, { name, text: 'starting' })
      shown.set(name, bar)
      if (standing !== undefined) bar.update(standing.step, { text: describe(steps, standing) })
    },
    ended: (name, text) => {
      bars.log(`${name}: ${text}\n`)
      const bar = shown.get(name)
      shown.delete(name)
      // Either draws anew, with what was logged above.
      if (bar === undefined) bars.update()
      else bars.remove(bar)
    },
    note: (text) => {
      bars.log(`${text}\n`)
      bars.update()
    },
    total: (done, left) => all.update(done, { text: timeLeft(left) }),
    close: () => bars.stop(),
  }
}

function linesView({ stream, interval = 30_000, now = () => performance.now() }: CellProgressOptions): View {
  const last = new Map<string, number>()
  let left: Remaining | undefined
  return {
    running: (name, steps, standing) => {
      const before = last.get(name)
      if (standing === undefined || (before !== undefined && now() - before < interval)) return
      last.set(name, now())
      stream.write(`${name}: ${[describe(steps, standing), timeLeft(left)].filter(Boolean).join('; ')}\n`)
    },
    ended: (name, text) => {
      stream.write(`${name}: ${text}\n`)
    },
    note: (text) => {
      stream.write(`${text}\n`)
    },
    total: (_, remaining) => {
      left = remaining
    },
    close: () => {},
  }
}
