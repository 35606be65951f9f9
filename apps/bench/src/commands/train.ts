import { Option, type Command } from 'commander'
import { usageError } from '../errors.ts'
import { invocation } from '../invocation.ts'
import { rounded } from '../report/numbers.ts'
import type { RunSummary } from '../run/summary.ts'
import type { ProgressView } from '../terminal/progress.ts'
import { count, gather, quoted, seed, stamp } from './values.ts'

interface TrainFlags {
  readonly env?: string
  readonly algo: string
  readonly preset?: string
  readonly steps: number
  readonly seed: number
  readonly set: readonly string[]
  readonly startFrom?: string
  readonly evalEpisodes: number
  readonly threads: number
  readonly envs?: number
  readonly out?: string
  readonly resume?: boolean
  readonly export?: string
  readonly exportState?: string
  readonly json?: boolean
}

/** `bench train`: any algorithm on any environment. */
export function addTrain(bench: Command): void {
  bench
    .command('train')
    .description('train an algorithm on an environment; the run is recorded and can be taken up again')
    .option('--env <id>', 'environment (bench envs lists them); that of the preset unless given')
    .requiredOption('--algo <id>', 'algorithm (bench algos lists them with their settings)')
    .option(
      '--preset <name>',
      'settings by name, of a publication or found here (bench algos lists them); --set stands over them',
    )
    .option('--steps <n>', 'environment steps', count, 100_000)
    .option('--seed <n>', 'decides every random number of the run', seed, 1)
    .addOption(
      new Option(
        '--set <key=value>',
        'a setting of the algorithm, or of the loop as train.KEY=VALUE; may be repeated',
      )
        .argParser(gather)
        .default([], 'none'),
    )
    .option(
      '--start-from <dir>',
      'begin with the networks that the run in this folder has learned: the same algorithm, actions and observations',
    )
    .option('--eval-episodes <n>', 'deterministic episodes at the end', count, 10)
    .option('--threads <n>', 'threads of the update; part of what identifies a run', count, 1)
    .option('--envs <n>', 'environments that step together; one, or as many as the algorithm says', count)
    .option('--out <dir>', 'folder of the run (default: a new one under runs/)')
    .option('--resume', 'take up the run in the folder')
    .option(
      '--export <file>',
      'write the policy as an ONNX file at the end; with --resume, that of a finished run',
    )
    .option('--export-state <file>', 'write the whole learned state as a safetensors file, likewise')
    .option('--json', 'end with one line of JSON')
    .action(trainAction)
}

async function trainAction(flags: TrainFlags): Promise<void> {
  const { runTraining } = await import('../run/training.ts')
  const { createProgress } = await import('../terminal/progress.ts')
  const { stopSignal } = await import('../processes.ts')
  const { blamingTheCommand } = await import('../errors.ts')
  const { findPreset } = await import('../registry/algorithms.ts')
  const { algo, steps, json } = flags
  const preset = await blamingTheCommand(() =>
    flags.preset === undefined ? undefined : findPreset(algo, flags.preset),
  )
  const env = flags.env ?? preset?.env
  if (env === undefined)
    throw usageError('train: --env must be given where no --preset names one, got none, see bench envs')
  const folder = flags.out ?? `runs/${env}-${algo}-seed${flags.seed}-${stamp(new Date())}`
  // Drawn at the first news: what is wrong with the command is said without a bar above it.
  let progress: ProgressView | undefined
  try {
    const { summary, algorithm, state } = await runTraining({
      env,
      algo,
      ...(preset && { preset }),
      seed: flags.seed,
      threads: flags.threads,
      ...(flags.envs !== undefined && { environments: flags.envs }),
      settings: flags.set,
      ...(flags.startFrom !== undefined && { startFrom: flags.startFrom }),
      train: { steps, finalEpisodes: flags.evalEpisodes },
      folder,
      start: flags.resume ? 'resume' : 'new',
      resumeCommand: resumeCommand({ ...flags, env }, folder),
      signal: stopSignal(),
      onProgress: (standing) => {
        progress ??= createProgress({ runs: { [env]: { steps } }, stream: process.stderr })
        progress.update(env, standing)
      },
      onNotice: (message) => console.error(message),
    })
    progress?.close()
    console.error(`Run: ${folder}`)
    if (flags.export !== undefined) {
      const { exportPolicy } = await import('@maxent/train')
      const { writeWholeFile } = await import('@maxent/train/node')
      await writeWholeFile(flags.export, await exportPolicy({ algorithm, state }))
      console.error(`Policy: ${flags.export}`)
    }
    if (flags.exportState !== undefined) {
      const { exportState } = await import('@maxent/train')
      const { writeWholeFile } = await import('@maxent/train/node')
      await writeWholeFile(flags.exportState, exportState({ algorithm, state }))
      console.error(`State: ${flags.exportState}`)
    }
    console.log(json ? JSON.stringify(summary) : describe(summary))
  } finally {
    progress?.close()
  }
}

function describe(summary: RunSummary): string {
  const {
    env,
    algo,
    seed: runSeed,
    steps,
    evalReturnMean,
    evalReturnStd,
    evalEpisodes,
    wallSeconds,
    stepsPerSecond,
  } = summary
  return (
    `${algo} on ${env}, seed ${runSeed}: return ${rounded(evalReturnMean)} ± ${rounded(evalReturnStd)} over ${evalEpisodes} ` +
    `deterministic episodes after ${steps} steps (${rounded(wallSeconds)} s, ${rounded(stepsPerSecond)} steps/s)\nstate ${summary.stateHash}`
  )
}

/** The same command with the folder named and `--resume`. */
function resumeCommand(flags: TrainFlags & { readonly env: string }, folder: string): string {
  const { env, algo, preset, steps, set, startFrom, threads, envs, evalEpisodes } = flags
  const words = [
    invocation,
    'train',
    '--env',
    env,
    '--algo',
    algo,
    '--steps',
    `${steps}`,
    '--seed',
    `${flags.seed}`,
  ]
  if (preset !== undefined) words.push('--preset', quoted(preset))
  for (const pair of set) words.push('--set', quoted(pair))
  if (startFrom !== undefined) words.push('--start-from', quoted(startFrom))
  if (threads !== 1) words.push('--threads', `${threads}`)
  if (envs !== undefined) words.push('--envs', `${envs}`)
  if (evalEpisodes !== 10) words.push('--eval-episodes', `${evalEpisodes}`)
  return [...words, '--out', quoted(folder), '--resume', ...(flags.json ? ['--json'] : [])].join(' ')
}
