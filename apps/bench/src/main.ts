import { CommanderError } from 'commander'
import { createBench } from './commands/bench.ts'
import { describeError, exitCodes } from './errors.ts'

/** Runs a command line, the words after `bench`, and gives the exit status. Errors are printed, not thrown. */
export async function main(words: readonly string[]): Promise<number> {
  const bench = createBench()
  try {
    await bench.parseAsync(words, { from: 'user' })
    return 0
  } catch (error) {
    // Commander has printed its message; help that was asked for is no error.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : exitCodes.usage
    const { text, exitCode } = describeError(error, bench.opts<{ verbose?: boolean }>().verbose === true)
    console.error(text)
    return exitCode
  }
}
