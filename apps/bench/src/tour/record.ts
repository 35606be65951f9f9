import { readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Recording } from '../film/index.ts'
import type { CurvePoint } from '../report/record.ts'
import type { RunSummary } from '../run/summary.ts'
import type { TourPart } from './parts.ts'

/** What a finished part of the tour leaves behind, beside its run record. */
export interface PartRecord {
  /** Which part, which settings, which seed: another identity is another run. */
  readonly identity: string
  readonly summary: RunSummary
  readonly curve: readonly CurvePoint[]
  readonly random: { readonly mean: number; readonly std: number; readonly episodes: number }
  readonly recordings: { readonly random: Recording; readonly learned: Recording }
}

const fileName = 'tour.json'

export function partIdentity({ env, algo, steps, finalEpisodes }: TourPart, seed: number): string {
  return `${algo} on ${env}, ${steps} steps, ${finalEpisodes} episodes, seed ${seed}`
}

/** The folder of one part of a tour. */
export function partFolder(out: string, { env, steps }: TourPart, seed: number): string {
  return join(out, `${env}-seed${seed}-${steps}`)
}

/** The record of a finished part, or `undefined` where it is not finished. */
export async function readPart(folder: string, identity: string): Promise<PartRecord | undefined> {
  let text: string
  try {
    text = await readFile(join(folder, fileName), 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
  const record = JSON.parse(text) as PartRecord
  return record.identity === identity ? record : undefined
}

/** Writes a record, complete or not at all. */
export async function writePart(folder: string, record: PartRecord): Promise<void> {
  const path = join(folder, fileName)
  await writeFile(`${path}.tmp`, JSON.stringify(record))
  await rename(`${path}.tmp`, path)
}
