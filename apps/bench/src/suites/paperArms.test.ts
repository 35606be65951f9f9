import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { parseCellResult } from '../run/cellResult.ts'
import { executeCell } from '../run/executeCell.ts'
import { armsOf, expandGrid, resolveArm } from '../run/grid.ts'
import { cellFile } from '../run/results.ts'
import { loadSuites } from './index.ts'
import type { JsonValue, Suite, TrainArm } from './suite.ts'

const out = mkdtempSync(join(tmpdir(), 'paper-arms-'))
afterAll(() => rmSync(out, { recursive: true }))

/** Settings whose numbers are replaced by their names, but for those that decide a program's shapes: arms alike in this run the same program. */
function programOf(arm: TrainArm): string {
  const { algorithm, config } = resolveArm(arm, 1)
  const shape = (name: string, value: JsonValue): JsonValue => {
    if (typeof value === 'number') return /^(batchSize|critics|nStep)$/.test(name) ? value : name
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
    return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, shape(key, entry)]))
  }
  return JSON.stringify([algorithm, shape('config', config)])
}

interface Found {
  readonly suite: Suite
  readonly arm: TrainArm
}

const arms = Object.values(await loadSuites()).flatMap((suite): Found[] =>
  suite.profiles.paper === undefined
    ? []
    : armsOf(suite, suite.profiles.paper).flatMap((arm) => (arm.kind === 'train' ? [{ suite, arm }] : [])),
)

/** Of all arms so many that every program and every environment is among them. */
const distinct: Found[] = []
const seen = new Set<string>()
for (const found of arms) {
  const { arm } = found
  const marks = [programOf(arm), arm.env]
  if (marks.every((mark) => seen.has(mark))) continue
  marks.forEach((mark) => seen.add(mark))
  distinct.push(found)
}

/** A run that is long enough to learn from whole batches, and a rollout where the algorithm learns from those. */
function shortened(arm: TrainArm): TrainArm {
  const { kind, id, label, algorithm, env, config } = arm
  const { length = 0, environments = 1 } = resolveArm(arm, 1).config as {
    readonly length?: number
    readonly environments?: number
  }
  const steps = Math.max(30, length * environments)
  const train = {
    ...arm.train,
    steps,
    warmupSteps: 20,
    metricsEvery: 1,
    logEvery: 10,
    replayCapacity: steps,
  }
  return {
    kind,
    id,
    label,
    algorithm,
    env,
    config,
    train: { ...train, evaluateEvery: 0, finalEpisodes: 0 },
  }
}

describe('the first 30 steps or the first rollout at the scale of the paper, with gradient steps on its batches and networks', () => {
  it.each(distinct.map(({ suite, arm }) => [`${suite.id}, ${arm.id}`, arm, suite] as const))(
    '%s',
    async (_, arm, suite) => {
      const profile = { minutes: 1, seeds: 1, scale: 'shortened' }
      const [cell] = expandGrid({ ...suite, grid: [shortened(arm)] }, { profile, revision: {} })
      await executeCell(cell, {
        out,
        threads: 1,
        python: 'none',
        signal: new AbortController().signal,
        onProgress: () => undefined,
        onNotice: (message) => expect.fail(message),
      })
      const { scalars, curves } = parseCellResult(readFileSync(cellFile(out, cell), 'utf8'))
      expect(scalars.updates).toBeGreaterThan(0)
      const metrics = Object.entries(curves).filter(([name]) => name !== 'episodeReturn')
      expect(metrics.length).toBeGreaterThan(0)
      for (const [name, { values }] of metrics) expect(values.every(Number.isFinite), name).toBe(true)
    },
  )
})
