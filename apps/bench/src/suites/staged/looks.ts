import { readFile } from 'node:fs/promises'
import { writeWholeFile } from '@maxent/train/node'

/** What was found after so many steps. */
interface At {
  readonly step: number
}

/** Looks to be taken, one after another. */
export interface LooksRequest<Look extends At> {
  /** Where they are kept. */
  readonly file: string
  /** Rising. */
  readonly steps: readonly number[]
  /** `before` is the look before, none at the first. */
  readonly take: (step: number, before: Look | undefined) => Promise<Look>
}

/**
 * Takes looks at what is learned meanwhile, and keeps each in a file: those of a sitting before are not taken again, since what was learned
 * has gone on from there.
 */
export async function takeLooks<Look extends At>({
  file,
  steps,
  take,
}: LooksRequest<Look>): Promise<readonly Look[]> {
  const taken = await readLooks<Look>(file)
  for (const step of steps) {
    if (taken.some((one) => one.step === step)) continue
    taken.push(await take(step, taken.at(-1)))
    await writeWholeFile(file, JSON.stringify(taken))
  }
  return taken
}

async function readLooks<Look>(file: string): Promise<Look[]> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Look[]
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}
