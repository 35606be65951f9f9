import { quietTfjs } from '../quietTfjs.ts'
import { lookUp } from '../names.ts'
import { report, stopSignal } from '../processes.ts'
import { loadSuites, profileOf } from '../suites/index.ts'
import { executeCell } from './executeCell.ts'
import { planCells, readCells } from './results.ts'
import { revisionOf } from './revision.ts'

/** A cell by name, as the process that runs it is told. */
export interface CellName {
  readonly suite: string
  readonly profile: string
  readonly arm: string
  readonly seed: number
  readonly out: string
  readonly threads: number
  readonly python: string
}

/** Runs one cell of a suite's grid and reports to the process that started this one. */
export async function runOneCell({
  suite: id,
  profile,
  arm,
  seed,
  out,
  threads,
  python,
}: CellName): Promise<void> {
  quietTfjs()
  const suite = lookUp(await loadSuites(), { caller: 'cell', kind: 'suite', name: id })
  const revision = await revisionOf(suite.packages)
  const request = { profile: profileOf(suite, profile), revision, seeds: seed, threads }
  const cells = planCells(suite, request, (await readCells(out, id)).results)
  lookUp(Object.fromEntries(cells.map((one) => [one.arm.id, one])), {
    caller: 'cell',
    kind: `arm of ${id} at ${profile}`,
    name: arm,
  })
  const ofArm = cells.filter((one) => one.arm.id === arm)
  const cell = ofArm.find((one) => one.seed === seed)
  if (cell === undefined) {
    const known = ofArm.map((one) => one.seed).join(', ')
    throw new RangeError(`cell: seed must be one of ${known} for ${arm} of ${id} at ${profile}, got ${seed}`)
  }
  await executeCell(cell, {
    out,
    threads,
    python,
    signal: stopSignal(),
    onProgress: (standing) => void report(standing),
    onNotice: (message) => console.error(message),
  })
}
