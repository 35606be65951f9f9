import { randomUUID } from 'node:crypto'
import { open, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'

/** Writes a file durably and at once: a reader, a crash, or another who writes it too sees one of the files, complete. */
export async function writeWholeFile(path: string, content: Uint8Array | string): Promise<void> {
  const temporary = temporaryName(path)
  try {
    const file = await open(temporary, 'w')
    try {
      await file.writeFile(content)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(temporary, path)
  } catch (error) {
    // What was written of the new file must not go on filling a full disk; the first error is the one to tell.
    await rm(temporary, { force: true }).catch(() => undefined)
    throw error
  }
  await syncFolder(dirname(path))
}

/** A name beside `path` that nobody else has, to be renamed to it. */
export const temporaryName = (path: string): string => `${path}.${process.pid}.${randomUUID()}.tmp`

/** Whether a name is that of a file that is being written, or was when its writer was killed. */
export const isTemporary = (name: string): boolean => /\.\d+\.[\da-f-]{36}\.tmp$/.test(name)

/** Makes what was created or renamed in a folder durable. */
export async function syncFolder(path: string): Promise<void> {
  // Windows cannot open a folder; its renames are journalled.
  if (process.platform === 'win32') return
  const folder = await open(path, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}
