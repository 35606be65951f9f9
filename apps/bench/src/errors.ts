/** What the shell is told: 0 done, 1 a claim or a run failed, 2 the command was wrong or could not measure, 130 stopped by Ctrl-C. */
export const exitCodes = { failed: 1, usage: 2, interrupted: 130 } as const

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]

/** An error that the person at the keyboard can act on: printed as its message alone. */
export class CommandError extends Error {
  readonly exitCode: ExitCode

  constructor(message: string, exitCode: ExitCode, options?: ErrorOptions) {
    super(message, options)
    this.name = 'CommandError'
    this.exitCode = exitCode
  }
}

/** The command line asks for something that cannot be. */
export function usageError(message: string, options?: ErrorOptions): CommandError {
  return new CommandError(message, exitCodes.usage, options)
}

/** The command did its work and the result is not the one claimed. */
export function claimError(message: string): CommandError {
  return new CommandError(message, exitCodes.failed)
}

/** Ctrl-C, with how to go on. */
export function interruption(message: string): CommandError {
  return new CommandError(message, exitCodes.interrupted)
}

/**
 * Runs code whose RangeErrors and TypeErrors are about what the user asked for, and turns those into usage errors.
 */
export async function blamingTheCommand<T>(work: () => T | Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof RangeError || error instanceof TypeError)
      throw usageError(error.message, { cause: error })
    throw error
  }
}

/** The one line that is printed for any error, and the status the process ends with. */
export function describeError(
  error: unknown,
  verbose: boolean,
): { readonly text: string; readonly exitCode: ExitCode } {
  const exitCode = error instanceof CommandError ? error.exitCode : exitCodes.failed
  if (!(error instanceof Error)) return { text: String(error), exitCode }
  return { text: verbose ? (error.stack ?? error.message) : error.message, exitCode }
}
