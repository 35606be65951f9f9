import type { Command } from 'commander'
import { usageError } from '../errors.ts'
import { lookUp } from '../names.ts'
import { seed } from './values.ts'

const folder = 'runs/tour'

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
    .action(async (word: string | undefined, options: { out: string; seed: number }) => {
      if (word !== undefined) refuse(bench, word)
      const { runTour } = await import('../tour/tour.ts')
      const given = options.out === folder ? '' : ` tour --out ${options.out}`
      await runTour({
        ...options,
        command: `pnpm bench${given}${options.seed === 1 ? '' : ` --seed ${options.seed}`}`,
      })
    })
  bench
    .command('tour-part', { hidden: true })
    .argument('<env>')
    .requiredOption('--out <dir>')
    .requiredOption('--seed <n>', '', seed)
    .action(async (env: string, options: { out: string; seed: number }) => {
      const { runTourPart } = await import('../tour/part.ts')
      await runTourPart(env, options)
    })
}

/** A first word that is no command has come to the default command. */
function refuse(bench: Command, name: string): never {
  const commands = Object.fromEntries(
    bench
      .createHelp()
      .visibleCommands(bench)
      .map((command) => [command.name(), command]),
  )
  try {
    lookUp(commands, { caller: 'bench', kind: 'command', name })
  } catch (error) {
    throw usageError((error as Error).message)
  }
  throw usageError(`bench: the command ${name} must come first`)
}
