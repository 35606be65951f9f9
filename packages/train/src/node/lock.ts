import { randomUUID } from 'node:crypto'
import { link, readFile, readlink, rename, rm, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { codeOf, ifThere } from './ifThere.ts'
import { temporaryName } from './wholeFile.ts'

/** Who holds a run folder. */
interface Holder {
  readonly pid: number
  readonly host: string
  /** In which numbers of processes mean what they mean here: containers have their own. Empty where the system does not tell. */
  readonly processes: string
  /** Tells the lock from one that the same process took at another time. */
  readonly id: string
  /** When the process started, as the system tells it, so that a later process with the same number is not taken for it. */
  readonly started: string
  /** When it took the folder. */
  readonly since: string
}

/**
 * Takes the lock file at `path`. A lock that a dead process left behind is taken over.
 * @returns a function that lets go of it, and does nothing when it is somebody else's by then.
 * @throws Error when a live process holds it, or one of which that cannot be told: on another machine or in another container.
 */
export async function takeLock(path: string): Promise<() => Promise<void>> {
  const own = temporaryName(path)
  const mine: Holder = {
    pid: process.pid,
    host: hostname(),
    processes: await processSpace(),
    id: randomUUID(),
    started: await startOf(process.pid),
    since: new Date().toISOString(),
  }
  await writeFile(own, `${JSON.stringify(mine)}\n`)
  try {
    // A lock that is let go between the two looks at it is tried again.
    while (!(await linkNew(own, path)) && !(await replaceStale(own, path)));
  } finally {
    await rm(own, { force: true })
  }
  return async () => {
    const holder = parseHolder((await ifThere(readFile(path, 'utf8'))) ?? '')
    if (holder?.id === mine.id) await rm(path, { force: true })
  }
}

/** Makes `path` another name of `own`, if there is none of that name: of many processes that try, one succeeds. */
async function linkNew(own: string, path: string): Promise<boolean> {
  try {
    await link(own, path)
    return true
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false
    throw error
  }
}

/**
 * Puts `own` in the place of a lock whose holder is dead. Only who holds a second lock may do that, so that no one replaces a lock that
 * has just been taken over; should its holder die as well, that lock is taken over in the same way.
 * @returns false when there is no lock any more.
 */
async function replaceStale(own: string, path: string): Promise<boolean> {
  await assertStale(path)
  const release = await takeLock(`${path}.takeover`)
  try {
    // Others may have come first.
    if ((await assertStale(path)) === 'absent') return false
    await rename(own, path)
    return true
  } finally {
    await release()
  }
}

/** @throws Error when a lock's holder lives, or may live. */
async function assertStale(path: string): Promise<'stale' | 'absent'> {
  const text = await ifThere(readFile(path, 'utf8'))
  if (text === undefined) return 'absent'
  const holder = parseHolder(text)
  if (holder === undefined) return 'stale'
  const { pid, host, started, since } = holder
  if (!(await isDead(holder)))
    throw inUse(path, `process ${pid} on ${host}, started ${started}, since ${since}`)
  return 'stale'
}

/** Whether the holder is gone for certain. */
async function isDead({ pid, host, processes, started }: Holder): Promise<boolean> {
  if (host !== hostname()) return false
  // The machine was started anew.
  if (bootOf(started) !== bootOf(await startOf(process.pid))) return true
  return processes === (await processSpace()) && !(isAlive(pid) && (await startOf(pid)) === started)
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

function bootOf(started: string): string {
  return started.split('+')[0]
}

async function processSpace(): Promise<string> {
  return await readlink('/proc/self/ns/pid').catch(() => '')
}
