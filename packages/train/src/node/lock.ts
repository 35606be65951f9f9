import { link, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'

/** Who holds a run folder. */
interface Holder {
  readonly pid: number
  readonly host: string
  /** When the process started, as the system tells it, so that a later process with the same number is not taken for it. */
  readonly started: string
  /** When it took the folder. */
  readonly since: string
}

/**
 * Takes the lock file at `path`. A lock that a dead process left behind is taken over.
 * @returns a function that lets go.
 * @throws Error when a live process, or one on another machine, holds it.
 */
export async function takeLock(path: string): Promise<() => Promise<void>> {
  const mine: Holder = {
    pid: process.pid,
    host: hostname(),
    started: await startOf(process.pid),
    since: new Date().toISOString(),
  }
  const own = `${path}.${process.pid}.tmp`
  await writeFile(own, `${JSON.stringify(mine)}\n`)
  try {
    // Two rounds suffice: a second stale lock can only be that of a process that died in between.
    for (let round = 0; round < 3; round++) {
      try {
        await link(own, path)
        return () => rm(path, { force: true })
      } catch (error) {
        if (codeOf(error) !== 'EEXIST') throw error
      }
      await clearStale(path)
    }
    throw inUse(path, 'other processes that take it at the same moment')
  } finally {
    await rm(own, { force: true })
  }
}

async function clearStale(path: string): Promise<void> {
  const text = await readFile(path, 'utf8').catch(() => undefined)
  if (text === undefined) return
  const holder = parseHolder(text)
  if (holder !== undefined) {
    const who = `process ${holder.pid} on ${holder.host}, started ${holder.started}, since ${holder.since}`
    if (holder.host !== hostname()) throw inUse(path, who)
    if (isAlive(holder.pid) && (await startOf(holder.pid)) === holder.started) throw inUse(path, who)
  }
  // Only one of several contenders gets the stale file out of the way; whoever moved a fresh lock puts it back.
  const aside = `${path}.${process.pid}.stale`
  try {
    await rename(path, aside)
    if ((await readFile(aside, 'utf8')) !== text) await link(aside, path)
    await rm(aside, { force: true })
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error
  }
}

function inUse(path: string, who: string): Error {
  return new Error(
    `openRunFolder: folder must not be in use by another process, got ${path} held by ${who}; ` +
      `wait for it or stop it, choose another folder, or delete the lock file if that process is gone`,
  )
}

function parseHolder(text: string): Holder | undefined {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null && 'pid' in value && typeof value.pid === 'number')
      return value as Holder
  } catch {
    // A lock that was cut while it was written belongs to no one.
  }
  return undefined
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return codeOf(error) === 'EPERM'
  }
}

/** On Linux the boot and the clock tick in which a process started; elsewhere `unknown`, and only the number tells processes apart. */
async function startOf(pid: number): Promise<string> {
  try {
    const boot = (await readFile('/proc/sys/kernel/random/boot_id', 'utf8')).trim()
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8')
    // The second field, the command in parentheses, may hold spaces; the start time is field 22.
    return `${boot.slice(0, 8)}+${stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]}`
  } catch {
    return 'unknown'
  }
}

export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
}
