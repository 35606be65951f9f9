import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const cli = fileURLToPath(new URL('./cli.ts', import.meta.url))

/** A hidden command of this same program in a process of its own. */
export interface Helper {
  /** The exit status, and what it wrote to its error stream. Never rejects: one that cannot start ends with status 1. */
  readonly finished: Promise<{ readonly status: number; readonly errors: string }>
  /** Asks it to stop in good order. */
  readonly stop: () => void
  /** Ends it at once: for one that has nothing to keep. */
  readonly kill: () => void
}

/** Starts a helper; what it reports goes to `onReport`. */
export function startHelper(args: readonly string[], onReport: (report: unknown) => void): Helper {
  const child = fork(cli, args, { stdio: ['ignore', 'ignore', 'pipe', 'ipc'] })
  let errors = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (errors = (errors + text).slice(-8000)))
  child.on('message', onReport)
  return {
    finished: new Promise((resolve) => {
      child.on('error', ({ message }) => resolve({ status: 1, errors: `${errors}${message}\n` }))
      child.on('close', (status, signal) => {
        resolve({ status: status ?? 1, errors: signal === null ? errors : `${errors}stopped by ${signal}\n` })
      })
    }),
    stop: () => {
      // One that has ended meanwhile needs no asking; without a callback the failure would be an error event.
      if (child.connected) child.send('stop', () => undefined)
    },
    kill: () => {
      child.kill()
    },
  }
}

/**
 * Sends a report to the process that started this one. Where that is gone the report is dropped: whoever is to hear it no longer does,
 * and the work under way must come to its checkpoint all the same.
 */
export function report(message: unknown): Promise<void> {
  return new Promise((resolve) => {
    if (process.send === undefined) resolve()
    else process.send(message, undefined, {}, () => resolve())
  })
}

let shared: AbortSignal | undefined

/**
 * The signal that is raised by Ctrl-C, by a request to terminate, or when the starting process asks for it or is gone. There is one for the
 * process, and it listens to the end: a second Ctrl-C, which some shells send along, must not cut a checkpoint short.
 */
export function stopSignal(): AbortSignal {
  shared ??= listen()
  return shared
}

function listen(): AbortSignal {
  const controller = new AbortController()
  const stop = (): void => controller.abort()
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
  if (process.send !== undefined) {
    process.on('message', stop)
    process.on('disconnect', stop)
  }
  return controller.signal
}
