import { availableParallelism } from 'node:os'
import { relative } from 'node:path'
import { Option, type Command } from 'commander'
import { blamingTheCommand, claimError, CommandError, exitCodes } from '../errors.ts'
import { invocation } from '../invocation.ts'
import { lookUp } from '../names.ts'
import type { SummaryEntry } from '../report/summary.ts'
import { profileNames, type ProfileName } from '../suites/suite.ts'
import { count, quoted, seed, stamp } from './values.ts'

interface RunFlags {
  readonly profile: string
  readonly seeds?: number
  readonly jobs: number
  readonly threads: number
  readonly out?: string
  readonly resume?: boolean
  readonly python: string
  readonly json?: boolean
}

/** `bench run`, the hidden command that runs one cell, and what running costs. */
export function addRun(bench: Command): void {
  const python = (): Option =>
    new Option('--python <path>', 'the Python of suites that compare with libraries of Python').default(
      'python3',
    )
  bench
    .command('run')
    .description(
      'run suites cell by cell, judge their claims, and keep the results (exit status 1 where a claim fails)',
    )
    .argument('[ids...]', 'suites (bench list shows them); none: all that are ready')
    .option('--profile <name>', profileNames.join(', '), 'quick')
    .option('--seeds <n>', "seeds 1 to N, in place of the profile's number", count)
    .option('--jobs <n>', 'cells at a time', count, availableParallelism())
    .option('--threads <n>', 'threads of each cell; part of what identifies it', count, 1)
    .option(
      '--out <dir>',
      'folder of the results (default: apps/bench/results; for smoke a new one under runs/)',
    )
    .option('--resume', 'go on with cells that were left unfinished')
    .addOption(python())
    .option('--json', 'end with one line of JSON, the summary')
    .action(runAction)
  bench
    .command('cell', { hidden: true })
    .argument('<cell>', 'SUITE/ARM/SEED')
    .requiredOption('--profile <name>')
    .requiredOption('--out <dir>')
    .requiredOption('--threads <n>', '', count)
    .addOption(python())
    .action(cellAction)
  bench
    .command('run-cost')
    .description('what run costs beside the work of its cells, and what two cells at a time gain, as JSON')
    .option('--profile <name>', 'profile of the cells: too small ones make the cost look large', 'quick')
    .option('--patience <seconds>', 'seconds to wait for a quiet machine before giving up', count, 120)
    .option('--force', 'measure although other processes load the machine')
    .action(costAction)
}

interface CostFlags {
  readonly profile: string
  readonly patience: number
  readonly force?: boolean
}

async function costAction({ profile, patience, force }: CostFlags): Promise<void> {
  const { measureRun, allowedOverhead, wantedSpeedup } = await import('../run/measureRun.ts')
  const cost = await blamingTheCommand(() =>
    measureRun({
      profile: profileNamed(profile),
      ...(force ? {} : { patience }),
      say: (line) => console.error(line),
    }),
  )
  console.log(JSON.stringify(cost))
  const { one, speedup } = cost
  if (one.overhead > allowedOverhead || speedup < wantedSpeedup) {
    throw claimError(
      `run-cost: overhead must be at most ${allowedOverhead} and the speedup of two jobs at least ${wantedSpeedup}, ` +
        `got ${one.overhead.toFixed(3)} and ${speedup.toFixed(2)}`,
    )
  }
}

async function runAction(ids: readonly string[], flags: RunFlags): Promise<void> {
  const { loadSuites } = await import('../suites/index.ts')
  const all = await loadSuites()
  const { suites, profile } = await blamingTheCommand(() => ({
    suites: (ids.length > 0 ? [...new Set(ids)] : Object.keys(all)).map((name) =>
      lookUp(all, { caller: 'run', kind: 'suite', name }),
    ),
    profile: profileNamed(flags.profile),
  }))
  const { committedResults } = await import('../run/results.ts')
  const { runSuites } = await import('../run/runSuites.ts')
  const { quietTfjs } = await import('../quietTfjs.ts')
  quietTfjs()
  const out =
    flags.out ??
    (profile === 'smoke' ? `runs/smoke-${stamp(new Date())}` : relative('.', committedResults) || '.')
  const { jobs, threads, seeds, python } = flags
  const { summary, failed } = await blamingTheCommand(() =>
    runSuites({
      suites,
      profile,
      ...(seeds === undefined ? {} : { seeds }),
      jobs,
      threads,
      out,
      resume: flags.resume === true,
      python,
      known: Object.keys(all),
      resumeCommand: resumeCommand(ids, out, flags),
      say: (line) => console.error(line),
    }),
  )
  console.error(`Results: ${out}`)
  console.log(flags.json ? JSON.stringify(summary) : summary.map(describe).join('\n\n'))
  if (failed.length > 0) {
    const names = failed.map(({ suite, cell }) => `${suite} ${cell}`).join(', ')
    throw new CommandError(
      `run: every cell must finish, got ${failed.length} that failed: ${names}`,
      exitCodes.failed,
    )
  }
  const fallen = summary.filter(({ verdict }) => verdict === 'fails')
  if (fallen.length > 0) {
    throw claimError(`run: every claim must hold, got ${fallen.map(({ id }) => id).join(', ')} failing`)
  }
}

function profileNamed(name: string): ProfileName {
  const known = Object.fromEntries(profileNames.map((profile) => [profile, profile]))
  return lookUp(known, { caller: 'run', kind: '--profile', name })
}

async function cellAction(
  name: string,
  options: Pick<RunFlags, 'profile' | 'threads' | 'python'> & { readonly out: string },
): Promise<void> {
  const { runOneCell } = await import('../run/runOneCell.ts')
  const [suite, arm, cellSeed] = name.split('/')
  await runOneCell({ ...options, suite, arm, seed: seed(cellSeed) })
}

/** A verdict with what it rests on, for people. */
function describe(entry: SummaryEntry): string {
  const { id, profile, figure, paper, claim, verdict, reason, control, seeds, cells, differences } = entry
  const word = verdict === 'fails' ? 'FAILS' : verdict
  return [
    `${word}  ${id} (${profile}; ${paper}, ${figure}): ${claim}`,
    `  ${reason}`,
    `  negative control: ${control}; ${seeds} seeds; ${cells.current} cells, ${cells.missing} missing, ${cells.stale} stale`,
    ...differences.map((line) => `  differs: ${line}`),
  ].join('\n')
}

/** The same command with its folder named and `--resume`. */
function resumeCommand(ids: readonly string[], out: string, flags: RunFlags): string {
  const words = [invocation, 'run', ...ids, '--profile', flags.profile]
  if (flags.seeds !== undefined) words.push('--seeds', `${flags.seeds}`)
  if (flags.threads !== 1) words.push('--threads', `${flags.threads}`)
  if (flags.python !== 'python3') words.push('--python', quoted(flags.python))
  words.push('--jobs', `${flags.jobs}`, '--out', quoted(out), '--resume')
  return [...words, ...(flags.json ? ['--json'] : [])].join(' ')
}
