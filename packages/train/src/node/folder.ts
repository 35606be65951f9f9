import { mkdir, open, readFile, readdir, rename, rm } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import type { RunStore } from '../store.ts'
import { codeOf, ifThere } from './ifThere.ts'
import { takeLock } from './lock.ts'
import { isTemporary, syncFolder, writeWholeFile } from './wholeFile.ts'

const lockFile = 'run.lock'

/**
 * Opens a folder as a run record, making it where it does not exist, and locks it until `close`.
 * @throws Error when another process uses the folder, or it cannot be written.
 */
export async function openRunFolder(folder: string): Promise<RunStore> {
  const root = resolve(folder)
  await guard('make', root, () => makeFolders(join(root, 'checkpoints')))
  const unlock = await guard('lock', root, () => takeLock(join(root, lockFile)))
  const at = (path: string): string => join(root, ...path.split('/'))
  await guard('clear', root, () => clearTemporary(root))

  return {
    location: root,
    read: (path) => guard('read', at(path), () => ifThere(readFile(at(path)))),
    write: (path, bytes) => guard('write', at(path), () => writeWholeFile(at(path), bytes)),
    append: (path, text) => guard('append to', at(path), () => appendText(at(path), text)),
    flush: (path) => guard('flush', at(path), () => flushFile(at(path))),
    truncate: (path, length) => guard('cut', at(path), () => cutFile(at(path), length)),
    list: (path) => guard('list', at(path), async () => (await ifThere(readdir(at(path))))?.sort() ?? []),
    rename: (from, to) => guard('rename', at(from), () => rename(at(from), at(to))),
    remove: (path) => guard('remove', at(path), () => rm(at(path), { force: true })),
    close: unlock,
  }
}

/** Removes what writes left behind that were killed. Those to the lock may be another's. */
async function clearTemporary(root: string): Promise<void> {
  for (const name of await readdir(root)) {
    if (isTemporary(name) && !name.startsWith(lockFile)) await rm(join(root, name), { force: true })
  }
}

/** Makes a folder and those above it, durably. */
async function makeFolders(path: string): Promise<void> {
  const first = await mkdir(path, { recursive: true })
  if (first === undefined) return
  for (let made = path; made.length >= first.length; made = dirname(made)) await syncFolder(dirname(made))
}

async function appendText(path: string, text: string): Promise<void> {
  const file = await open(path, 'a')
  try {
    await file.writeFile(text)
  } finally {
    await file.close()
  }
}

async function cutFile(path: string, length: number): Promise<void> {
  const file = await ifThere(open(path, 'r+'))
  if (file === undefined) return
  try {
    // A system call that cuts also lengthens, with zeros.
    if ((await file.stat()).size > length) await file.truncate(length)
  } finally {
    await file.close()
  }
}

async function flushFile(path: string): Promise<number> {
  const file = await ifThere(open(path, 'r+'))
  if (file === undefined) return 0
  try {
    await file.sync()
    // Its name as well: it may be new.
    await syncFolder(dirname(path))
    return (await file.stat()).size
  } finally {
    await file.close()
  }
}

const remedies: Readonly<Record<string, string>> = {
  ENOSPC:
    'the disk is full: free some space and run the same command again, it goes on from the last checkpoint',
  EDQUOT:
    'the disk quota is used up: free some space and run the same command again, it goes on from the last checkpoint',
  EACCES: 'choose a folder that you may write to',
  EROFS: 'choose a folder that you may write to',
  ENOTDIR: 'choose a path that is not below a file',
  EEXIST: 'choose a path that is not a file',
}

/** Runs one file operation; a failure names the operation, the path and what to do. The system's error stays as `cause`. */
async function guard<T>(verb: string, path: string, operation: () => Promise<T>): Promise<T> {
  try {
    return await operation()
  } catch (error) {
    const code = codeOf(error)
    if (code === undefined) throw error
    const remedy = code in remedies ? `; ${remedies[code]}` : ''
    throw new Error(`run folder: must be able to ${verb} ${path}, got ${code}${remedy}`, { cause: error })
  }
}
