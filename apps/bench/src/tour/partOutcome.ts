import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Recording } from '../film/index.ts'
import type { CurvePoint } from '../report/contents.ts'
import type { RunSummary } from '../run/summary.ts'
import { writeWholeFile } from '@maxent/train/node'
import type { TourPart } from './tourParts.ts'

/** What a finished part of the tour leaves behind, beside its run record. */
export interface PartOutcome {
  /** Which part, which settings, which seed: another identity is another run. */
  readonly identity: string
  readonly summary: RunSummary
  readonly curve: readonly CurvePoint[]
  readonly random: { readonly mean: number; readonly std: number; readonly episodes: number }
  readonly recordings: { readonly random: Recording; readonly learned: Recording }
}

const fileName = 'tour.json'

export function partIdentity({ env, algo, preset, steps, finalEpisodes }: TourPart, seed: number): string {
  return `${algo} (${preset}) on ${env}, ${steps} steps, ${finalEpisodes} episodes, seed ${seed}`
}

/** The folder of one part of a tour. */
export function partFolder(out: string, { env, steps }: TourPart, seed: number): string {
  return join(out, `${env}-seed${seed}-${steps}`)
}

/**
 * The outcome of a finished part, or `undefined` where it is not finished. A file that holds none counts as none, with a notice: the
 * run beside it is whole, and writes it anew.
 */
export async function readOutcome(
  folder: string,
  identity: string,
  onNotice: (message: string) => void,
): Promise<PartOutcome | undefined> {
  const path = join(folder, fileName)
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
  const outcome = parseOutcome(text)
  if (outcome === undefined) onNotice(`${path} holds no complete outcome: the part counts as not finished`)
  return outcome?.identity === identity ? outcome : undefined
}

function parseOutcome(text: string): PartOutcome | undefined {
  try {
    const found: unknown = JSON.parse(text)
    return isPartOutcome(found) ? found : undefined
  } catch {
    return undefined
  }
}

/** Looks at what the report is made of. */
function isPartOutcome(found: unknown): found is PartOutcome {
  if (!isObject(found)) return false
  const { identity, summary, curve, random, recordings } = found
  return (
    typeof identity === 'string' &&
    isObject(summary) &&
    typeof summary.evalReturnMean === 'number' &&
    Array.isArray(curve) &&
    isObject(random) &&
    typeof random.mean === 'number' &&
    isObject(recordings) &&
    isRecording(recordings.random) &&
    isRecording(recordings.learned)
  )
}

function isRecording(found: unknown): boolean {
  return isObject(found) && Array.isArray(found.observations) && Array.isArray(found.info)
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}

/** Writes an outcome, complete or not at all. */
export async function writeOutcome(folder: string, outcome: PartOutcome): Promise<void> {
  await writeWholeFile(join(folder, fileName), JSON.stringify(outcome))
}
