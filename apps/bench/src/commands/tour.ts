import type { Command } from 'commander'
import { usageError } from '../errors.ts'
import { invocation } from '../invocation.ts'
import { lookUp } from '../names.ts'
import { count, seed } from './values.ts'

const folder = 'runs/tour'

interface TourFlags {
  readonly out: string
  readonly seed: number
  readonly steps?: number
}

/** `bench` without arguments, and the hidden command that trains one part of it. */
export function addTour(bench: Command): void {
  bench
    .command('tour', { isDefault: true })
    .description(
      'watch SAC solve Pendulum and learn HalfCheetah, in minutes; ends in report.html (the default)',
    )
    .argument('[command]')
    .usage('[options]')
    .option('--out <dir>', 'folder of the runs and the report', folder)
    .option('--seed <n>', 'seed of the runs', seed, 1)
    .option('--steps <n>', 'steps of each task, for a shorter look: the claims then fail', count)
    .action(async (word: string | undefined, flags: TourFlags) => {
      if (word !== undefined) refuse(bench, word)
      const { runTour } = await import('../tour/tour.ts')
      await runTour({ ...flags, command: commandOf(flags) })
    })
  bench
    .command('tour-part', { hidden: true })
    .argument('<env>')
    .requiredOption('--out <dir>')
    .requiredOption('--seed <n>', '', seed)
    .requiredOption('--steps <n>', '', count)
    .action(async (env: string, flags: TourFlags) => {
      const { runTourPart } = await import('../tour/runTourPart.ts')
      await runTourPart(env, flags)
    })
}

/** The command that goes on with a tour. */
function commandOf({ out, seed: runSeed, steps }: TourFlags): string {
  const words = [invocation]
  if (out !== folder) words.push('--out', out)
  if (runSeed !== 1) words.push('--seed', `${runSeed}`)
  if (steps !== undefined) words.push('--steps', `${steps}`)
  return words.join(' ')
}

/** A first word that is no command has come to the default command. */
function refuse(bench: Command, name: string): never {
  const visible = bench.createHelp().visibleCommands(bench)
  const commands = Object.fromEntries(visible.map((command) => [command.name(), command]))
  try {
    lookUp(commands, { caller: 'bench', kind: 'command', name })
  } catch (error) {
    throw usageError((error as Error).message)
  }
  throw usageError(`bench: the command must come first, got "${name}" after options, write bench ${name} ...`)
}
