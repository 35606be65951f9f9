import { mkdir, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { writeApi } from './api.ts'
import { differencesPage } from './differences.ts'
import { generated, root, sourcePageOf } from './documents.ts'
import { shownSources, sourcePage } from './sources.ts'

/** Writes the pages that no one writes by hand: the API reference, the sources that documents link to, where we differ from papers. */
async function generate(): Promise<void> {
  await rm(join(root, generated), { recursive: true, force: true })
  const write = async (page: string, text: string): Promise<void> => {
    const file = join(root, generated, page)
    await mkdir(dirname(file), { recursive: true })
    await writeFile(file, text)
  }
  await write('differences.md', differencesPage())
  for (const path of shownSources()) await write(sourcePageOf(path), sourcePage(path))
  await writeApi()
}

await generate()
