import { open, rename, rm } from 'node:fs/promises'

/** Writes a file durably and at once: a reader, or a crash, sees the old file or the new one, complete. */
export async function writeWholeFile(path: string, text: string): Promise<void> {
  const temporary = `${path}.tmp`
  try {
    const file = await open(temporary, 'w')
    try {
      await file.writeFile(text)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(temporary, path)
  } catch (error) {
    // What was written must not lie about; the first error is the one to tell.
    await rm(temporary, { force: true }).catch(() => undefined)
    throw error
  }
}
