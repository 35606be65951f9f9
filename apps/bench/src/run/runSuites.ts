import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { writeWholeFile } from '@maxent/train/node'
import { exitCodes, interruption, usageError } from '../errors.ts'
import { summarySchema, type SummaryEntry } from '../report/summary.ts'
import { startHelper, stopSignal, type Helper } from '../processes.ts'
import { profileOf } from '../suites/index.ts'
import type { ProfileName, Suite } from '../suites/suite.ts'
import type { Standing } from '../terminal/progress.ts'
import { createCellProgress, type CellProgress } from './cellProgress.ts'
import type { Cell } from './grid.ts'
import {
  cellFolder,
  checkResultsFolder,
  findCells,
  planCells,
  readCells,
  unfinishedCells,
} from './results.ts'
import { revisionOf, type Revision } from './revision.ts'
import { summarise } from './summarise.ts'
import { peerLack } from './trainPeer.ts'

/** What `bench run` is asked for. */
export interface RunRequest {
  readonly suites: readonly Suite[]
  readonly profile: ProfileName
  readonly seeds?: number
  readonly jobs: number
  readonly threads: number
  readonly out: string
  readonly resume: boolean
  readonly python: string
  /** Ids of all suites there are: what a results folder may hold. */
  readonly known: readonly string[]
  /** The command that goes on, for messages. */
  readonly resumeCommand: string
  readonly say: (line: string) => void
}

/** What came of it. */
export interface RunOutcome {
  readonly summary: readonly SummaryEntry[]
  readonly failed: readonly FailedCell[]
}

/** A cell that ended with an error. */
interface FailedCell {
  readonly suite: string
  readonly cell: string
  /** The last lines it wrote to its error stream. */
  readonly lines: string
}

/** A suite with the cells of its grid. */
interface Plan {
  readonly suite: Suite
  readonly revision: Revision
  readonly cells: readonly Cell[]
}

/**
 * Runs every cell that is not finished yet, each in a process of its own, and sums up. A cell that fails does not stop the others. Arms
 * whose settings others decide come last, where all that decides is there.
 * @throws CommandError for a request that cannot be met, and when stopped.
 */
export async function runSuites(request: RunRequest): Promise<RunOutcome> {
  const { out, say } = request
  await checkResultsFolder(out, request.known)
  const makePlans = (): Promise<readonly Plan[]> =>
    Promise.all(request.suites.map((suite) => planOf(suite, request)))
  let plans = await makePlans()
  const todo: Cell[] = []
  for (const plan of plans) todo.push(...(await missingCells(plan, request)))
  const each = new Map(todo.map((cell) => [nameOf(cell), cell]))
  await mkdir(out, { recursive: true })
  const failed = [...(await runCells(await withoutLackingPeers([...each.values()], request), request))]
  const known = new Set(plans.flatMap(({ cells }) => cells.map(nameOf)))
  plans = await makePlans()
  const decided = plans.flatMap(({ cells }) => cells.filter((cell) => !known.has(nameOf(cell))))
  if (!stopSignal().aborted) {
    const { missing } = await findCells(out, decided)
    failed.push(...(await runCells(missing, request)))
  }
  for (const { suite, cell, lines } of failed) say(`FAILED ${suite} ${cell}:\n${indented(lines)}`)
  if (stopSignal().aborted) {
    throw interruption(`Stopped; what was learned is kept in ${out}. Go on with: ${request.resumeCommand}`)
  }
  const summary = await Promise.all(plans.map((plan) => sumUp(plan, request)))
  await keepSummary(out, summary)
  return { summary, failed }
}

async function planOf(suite: Suite, { profile: name, seeds, threads, out }: RunRequest): Promise<Plan> {
  const revision = await revisionOf(suite.packages)
  const profile = profileOf(suite, name)
  const keepers = new Set([suite.id, profile.cellsOf ?? suite.id])
  const read = await Promise.all([...keepers].map((id) => readCells(out, id)))
  const results = read.flatMap((folder) => folder.results)
  return { suite, revision, cells: planCells(suite, { profile, revision, seeds, threads }, results) }
}

/** The cells of a plan that have no result; says what was found. */
async function missingCells({ suite, cells }: Plan, request: RunRequest): Promise<readonly Cell[]> {
  const { out, say, resume } = request
  const { current, stale, missing, damaged } = await findCells(out, cells)
  for (const { file, reason } of damaged) say(`${file} holds no complete cell and is passed over: ${reason}`)
  if (stale.length > 0) {
    say(
      `${suite.id}: ${stale.length} cells are of another learning revision; they are kept, shown as stale, and enter no verdict`,
    )
  }
  if (current.length > 0)
    say(`${suite.id}: ${current.length} of ${cells.length} cells are finished, and kept`)
  const begun = await unfinishedCells(out, missing)
  if (begun.length > 0 && !resume) {
    throw usageError(
      `run: --resume must be given where cells were left unfinished, got ${begun.length} of ${suite.id} in ${out}; ` +
        `pass it to go on with them, or delete ${cellFolder(out, begun[0])} and its like to start them anew`,
    )
  }
  return missing
}

/** Leaves out the cells of Python libraries that are not installed, and says so. */
async function withoutLackingPeers(
  cells: readonly Cell[],
  { python, say }: RunRequest,
): Promise<readonly Cell[]> {
  const peers = cells.filter(({ arm }) => arm.kind === 'peer')
  if (peers.length === 0) return cells
  const lack = await peerLack(python)
  if (lack === undefined) return cells
  say(`${peers.length} cells of Python peers are skipped: ${lack} (--python PATH names another Python)`)
  return cells.filter(({ arm }) => arm.kind !== 'peer')
}

/** Runs cells in their order, `jobs` at a time, and gives those that failed. None is left running. */
async function runCells(cells: readonly Cell[], request: RunRequest): Promise<readonly FailedCell[]> {
  if (cells.length === 0) return []
  const { jobs, say } = request
  const signal = stopSignal()
  say(`${cells.length} cells to run, ${Math.min(jobs, cells.length)} at a time. Ctrl-C stops, keeping all.`)
  const progress = createCellProgress({
    cells: cells.map((cell) => ({
      name: label(cell),
      kind: `${cell.suite}/${cell.arm.id}`,
      steps: cell.steps,
    })),
    jobs,
    stream: process.stderr,
  })
  const running = new Set<Helper>()
  const stopAll = (): void => running.forEach((helper) => helper.stop())
  signal.addEventListener('abort', stopAll)
  const failed: FailedCell[] = []
  const queue = [...cells]
  const work = async (): Promise<void> => {
    for (let cell = queue.shift(); cell !== undefined && !signal.aborted; cell = queue.shift()) {
      const failure = await runCell(cell, { ...request, progress, running })
      if (failure !== undefined) failed.push(failure)
    }
  }
  try {
    await Promise.all(Array.from({ length: jobs }, work))
  } finally {
    signal.removeEventListener('abort', stopAll)
    stopAll()
    progress.close()
  }
  return failed
}

/** Runs one cell in a process of its own, and gives how it failed, if it did. */
async function runCell(
  cell: Cell,
  request: RunRequest & { readonly progress: CellProgress; readonly running: Set<Helper> },
): Promise<FailedCell | undefined> {
  const { progress, running, out, threads, profile, python } = request
  const name = label(cell)
  progress.start(name)
  const words = ['cell', `${cell.suite}/${cell.arm.id}/${cell.seed}`, '--profile', profile]
  const options = ['--out', out, '--threads', `${threads}`, '--python', python]
  const helper = startHelper([...words, ...options], (news) => progress.update(name, news as Standing))
  running.add(helper)
  const { status, errors } = await helper.finished
  running.delete(helper)
  if (status === 0) {
    progress.finish(name)
    if (errors !== '') progress.note(`${name}: ${errors.trim()}`)
    return undefined
  }
  progress.fail(name)
  if (status === exitCodes.interrupted) return undefined
  return { suite: cell.suite, cell: cell.name, lines: errors.trim().split('\n').slice(-10).join('\n') }
}

/** Unique among the cells of all suites: those that share a cell have it once. */
function nameOf({ suite, name }: Cell): string {
  return `${suite}/${name}`
}

function label({ suite, arm, seed }: Cell): string {
  return `${suite} ${arm.id} seed ${seed}`
}

function indented(lines: string): string {
  return lines.replaceAll(/^/gm, '  ')
}

async function sumUp({ suite, revision, cells }: Plan, { out, profile }: RunRequest): Promise<SummaryEntry> {
  return summarise(suite, { profile, revision, found: await findCells(out, cells) })
}

/** Writes `summary.json`: entries of other suites and profiles stay. */
export async function keepSummary(out: string, entries: readonly SummaryEntry[]): Promise<void> {
  const path = join(out, 'summary.json')
  const others = (await readSummary(path)).filter(
    ({ id, profile }) => !entries.some((entry) => entry.id === id && entry.profile === profile),
  )
  const all = [...others, ...entries].sort((a, b) =>
    `${a.id} ${a.profile}` < `${b.id} ${b.profile}` ? -1 : 1,
  )
  await writeWholeFile(path, `${JSON.stringify(all, null, 2)}\n`)
}

/** The summary that is there; one that cannot be read counts as none, since the cells are what is kept. */
async function readSummary(path: string): Promise<readonly SummaryEntry[]> {
  try {
    return summarySchema.parse(JSON.parse(await readFile(path, 'utf8')))
  } catch {
    return []
  }
}
