import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fillNormal, foldIn, key } from '@maxent/core/keys'
import type { CellResult, Curve } from '../run/cellResult.ts'
import { expandGrid, type Cell } from '../run/grid.ts'
import { cellFile } from '../run/results.ts'
import { revisionOf, type Revision } from '../run/revision.ts'
import type { Arm, Suite } from '../suites/suite.ts'

/** What is made up. */
export interface SyntheticRequest {
  readonly arms: number
  readonly seeds: number
  /** Points of each curve. */
  readonly points: number
}

/** A suite whose arms differ in their discount, and whose later arms learn more. */
export function syntheticSuite(id: string, { arms, seeds }: SyntheticRequest): Suite {
  const grid = Array.from({ length: arms }, (_, i): Arm => ({
    kind: 'train',
    id: `arm-${i}`,
    label: `discount 0.${90 + i}`,
    algorithm: 'sac',
    env: 'pendulum',
    config: { gamma: (90 + i) / 100 },
    train: {},
  }))
  const ids = grid.map((arm) => arm.id)
  return {
    id,
    paper: 'Nobody 2026',
    figure: 'fig. 0',
    claim: 'the last arm returns more than 500 on every seed, and <less> & less is "escaped"',
    packages: ['@maxent/sac'],
    grid,
    profiles: {
      smoke: {
        minutes: 0.1,
        seeds: 1,
        scale: 'batch 16',
        change: (arm) => (arm.kind === 'train' ? { ...arm, config: { ...arm.config, batchSize: 16 } } : arm),
      },
      quick: { minutes: 1, seeds, scale: 'made up' },
    },
    verdict: {
      statistic: 'least return at the end',
      threshold: 'above 500',
      fails: 'a seed returns less',
      leastSeeds: 5,
      roles: { learner: [ids[ids.length - 1]] },
      judge: ({ learner }) => {
        const least = Math.min(...learner.map(({ scalars }) => scalars.return))
        return {
          verdict: least > 500 ? 'holds' : 'fails',
          reason: `least return ${least.toFixed(0)}`,
          metrics: { leastReturn: { value: least, low: least - 10, high: least + 10 } },
        }
      },
    },
    control: { meaning: 'the first arm, which learns nothing', roles: { learner: [ids[0]] } },
    plots: [
      {
        kind: 'curves',
        title: 'Return',
        arms: ids,
        curve: 'return',
        y: 'return',
        levels: [{ label: 'claim', value: 500 }],
      },
      { kind: 'curves', title: 'Temperature', arms: ids, curve: 'alpha', y: 'α', scale: 'log' },
      {
        kind: 'histogram',
        title: 'Returns at the end',
        arms: ids.slice(0, 2),
        samples: 'returns',
        x: 'return',
      },
      {
        kind: 'scatter',
        title: 'Return and temperature',
        arms: ids,
        x: { name: 'return', title: 'return' },
        y: { name: 'alpha', title: 'α' },
      },
      {
        kind: 'table',
        title: 'After learning',
        arms: ids,
        columns: [
          { scalar: 'return', title: 'return' },
          { scalar: 'alpha', title: 'α' },
        ],
      },
      { kind: 'film', title: 'Swinging', arms: ids.slice(0, 1), env: 'pendulum' },
    ],
    paperTable: { config: { batchSize: 128 }, seeds: 10 },
    paperArms: ids.slice(0, 1),
    differences: ['nothing here was ever run'],
  }
}

/** Writes every cell of a synthetic suite's quick profile; `change` may alter them. */
export async function writeSyntheticCells(
  folder: string,
  suite: Suite,
  {
    points,
    change = (result) => result,
  }: { readonly points: number; readonly change?: (result: CellResult) => CellResult },
): Promise<void> {
  const { quick } = suite.profiles
  if (quick === undefined) throw new Error('writeSyntheticCells: a suite must have the profile quick')
  const revision = await revisionOf(suite.packages)
  await mkdir(join(folder, suite.id), { recursive: true })
  for (const cell of expandGrid(suite, { profile: quick, revision })) {
    const result = change(syntheticCell(cell, { points, revision }))
    await writeFile(cellFile(folder, cell), JSON.stringify(result))
  }
}

function syntheticCell(
  { suite, arm, seed, identity, settings }: Cell,
  { points, revision }: { readonly points: number; readonly revision: Revision },
): CellResult {
  const level = Number(arm.id.slice('arm-'.length))
  const noise = new Float32Array(points)
  fillNormal(foldIn(foldIn(key(seed), suite), level), noise)
  const steps = Array.from({ length: points }, (_, i) => 100 * (i + 1))
  const curve = (value: (share: number, i: number) => number): Curve => ({
    steps,
    values: steps.map((_, i) => Number(value((i + 1) / points, i).toPrecision(6))),
  })
  const last = 400 * level + 20 * noise[0]
  return {
    format: 1,
    suite,
    arm: arm.id,
    seed,
    identity,
    settings,
    revision,
    commit: '0123456789ab+',
    machine: { cpu: 'Test CPU <9000>', cores: 2, memoryGb: 8, platform: 'linux x64' },
    runtime: 'Node v24',
    startedAt: '2026-11-21T10:00:00.000Z',
    wallSeconds: 60,
    damagedLines: 0,
    curves: {
      return: curve((share, i) => last * Math.sqrt(share) + 60 * noise[i]),
      alpha: curve((share) => Math.exp(-3 * share - level / 5 + noise[0] / 10)),
      entropy: curve((share, i) => noise[i] - share),
    },
    scalars: { return: last, alpha: Math.exp(-3 - level / 5) },
    samples: { returns: Array.from(noise.slice(0, 10), (value) => last + 30 * value) },
    recordings:
      arm.id === 'arm-0' && seed === 1
        ? {
            final: {
              observations: steps.slice(0, 50).map((_, i) => [Math.cos(i / 9), Math.sin(i / 9), 0]),
              info: steps.slice(0, 50).map(() => ({})),
            },
          }
        : {},
  }
}
