import { writeFile } from 'node:fs/promises'
import type { Command } from 'commander'
import { usageError } from '../errors.ts'
import type { SeedCurve } from '../report/seedCurves.ts'
import { rounded } from '../report/numbers.ts'

/** `bench curves`: the learning curves of runs that differ in their seeds, as a figure and as a table for a README. */
export function addCurves(bench: Command): void {
  bench
    .command('curves')
    .description('learning curves of runs that differ in seed alone: a table, and with --svg a figure')
    .argument('<folders...>', 'run folders')
    .option('--svg <file>', 'where to write the figure')
    .action(async (folders: string[], { svg }: { svg?: string }) => {
      const runs = await Promise.all(folders.map(readSeed))
      const [{ env, algo }] = runs
      const other = runs.find((run) => run.env !== env || run.algo !== algo)
      if (other !== undefined) {
        throw usageError(
          `curves: folders must hold runs of one algorithm on one environment, got ${algo} on ${env} and ${other.algo} on ${other.env}`,
        )
      }
      console.log(table(runs))
      if (svg === undefined) return
      const { seedCurves } = await import('../report/seedCurves.ts')
      await writeFile(svg, seedCurves(`return of ${algo} on ${env}`, runs))
    })
}

interface SeedRun extends SeedCurve {
  readonly env: string
  readonly algo: string
}

async function readSeed(folder: string): Promise<SeedRun> {
  const { readRun } = await import('@maxent/train/node')
  const { config, evaluations } = await readRun(folder)
  const { env, algorithm, seed } = (config ?? {}) as {
    env?: { id?: unknown }
    algorithm?: unknown
    seed?: unknown
  }
  const id = env?.id
  if (typeof id !== 'string' || typeof algorithm !== 'string' || typeof seed !== 'number') {
    throw usageError(`curves: folders must hold complete run records, got ${folder}`)
  }
  const points = evaluations.map(({ step, returnMean }) => ({ step, mean: returnMean }))
  return { env: id, algo: algorithm, seed, points }
}

/** A row per step at which every seed was evaluated, in Markdown. */
function table(runs: readonly SeedRun[]): string {
  const columns = runs.map(({ points }) => new Map(points.map(({ step, mean }) => [step, mean])))
  const steps = [...columns[0].keys()].filter((step) => columns.every((column) => column.has(step)))
  return [
    ['step', ...runs.map(({ seed }) => `seed ${seed}`)],
    ['---:', ...runs.map(() => '---:')],
    ...steps.map((step) => [`${step}`, ...columns.map((column) => rounded(column.get(step) ?? NaN))]),
  ]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n')
}
