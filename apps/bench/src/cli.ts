import { CommanderError } from 'commander'
import { createBench } from './commands/bench.ts'
import { describeError, exitCodes } from './errors.ts'

const bench = createBench()
try {
  await bench.parseAsync()
} catch (error) {
  if (error instanceof CommanderError) {
    // Commander has printed its message; help that was asked for is no error.
    process.exitCode = error.exitCode === 0 ? 0 : exitCodes.usage
  } else {
    const { text, exitCode } = describeError(error, bench.opts<{ verbose?: boolean }>().verbose === true)
    console.error(text)
    process.exitCode = exitCode
  }
}

// A helper that listens to the process that started it would never end by itself.
if (process.connected) process.disconnect()
