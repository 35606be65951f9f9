import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const cli = fileURLToPath(new URL('./cli.ts', import.meta.url))

/** A hidden command of this same program in a process of its own. */
export interface Helper {
  /** The exit status, and what it wrote to its error stream. */
  readonly finished: Promise<{ readonly status: number; readonly errors: string }>
  /** Asks it to stop in good order. */
  stop(): void
}

/** Starts a helper; what it reports goes to `onReport`. */
export function startHelper(args: readonly string[], onReport: (report: unknown) => void): Helper {
  const child = fork(cli, args, { stdio: ['ignore', 'ignore', 'pipe', 'ipc'] })
  let errors = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (errors = (errors + text).slice(-8000)))
  child.on('message', onReport)
  return {
    finished: new Promise((resolve, reject) => {
      child.on('error', reject)
      child.on('close', (status, signal) => {
        resolve({ status: status ?? 1, errors: signal === null ? errors : `${errors}stopped by ${signal}\n` })
      })
    }),
    stop: () => {
      if (child.connected) child.send('stop')
    },
  }
}

/** Sends a report to the process that started this one. */
export function report(message: unknown): Promise<void> {
  return new Promise((resolve, reject) => {
    if (process.send === undefined) {
      reject(new Error('report: the command must be started by another bench command, got no channel to one'))
      return
    }
    process.send(message, undefined, {}, (error) => (error === null ? resolve() : reject(error)))
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
