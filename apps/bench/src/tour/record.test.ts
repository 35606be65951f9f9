import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { tourParts } from './parts.ts'
import { partFolder, partIdentity, readPart, writePart, type PartRecord } from './record.ts'
import { claimHolds, tourReport } from './report.ts'

const folder = mkdtempSync(join(tmpdir(), 'tour-'))
afterAll(() => rmSync(folder, { recursive: true }))

const { pendulum } = tourParts()

function record(evalReturnMean: number): PartRecord {
  return {
    identity: partIdentity(pendulum, 1),
    summary: {
      env: 'pendulum',
      algo: 'sac',
      seed: 1,
      steps: 10_000,
      evalReturnMean,
      evalReturnStd: 80,
      evalEpisodes: 100,
      wallSeconds: 90,
      stepsPerSecond: 115,
      stateHash: '0'.repeat(64),
    },
    curve: [{ step: 1000, mean: -1200, std: 100 }],
    random: { mean: -1230, std: 280, episodes: 100 },
    recordings: {
      random: { observations: [[-1, 0, 0]], info: [{}] },
      learned: { observations: [[1, 0, 0]], info: [{}] },
    },
  }
}

it('gives a finished part back, and no part of other settings', async () => {
  expect(await readPart(folder, partIdentity(pendulum, 1))).toBeUndefined()
  await writePart(folder, record(-150))
  expect(readdirSync(folder)).toEqual(['tour.json'])
  expect(await readPart(folder, partIdentity(pendulum, 1))).toEqual(record(-150))
  expect(await readPart(folder, partIdentity(pendulum, 2))).toBeUndefined()
})

it('keeps runs of other seeds and lengths in other folders', () => {
  const shorter = tourParts(500).pendulum
  const folders = [
    partFolder('out', pendulum, 1),
    partFolder('out', pendulum, 2),
    partFolder('out', shorter, 1),
  ]
  expect(new Set(folders).size).toBe(3)
})

it('lets a claim hold exactly from its threshold on', () => {
  expect(claimHolds({ part: pendulum, record: record(-200) })).toBe(true)
  expect(claimHolds({ part: pendulum, record: record(-200.01) })).toBe(false)
  expect(claimHolds({ part: pendulum, record: record(NaN) })).toBe(false)
})

it('tells in the report how each run is repeated', () => {
  const { runs } = tourReport([{ part: pendulum, record: record(-150) }], new Date(0))
  expect(runs[0].command).toBe(
    'npx -y pnpm@12 bench train --env pendulum --algo sac --steps 10000 --seed 1 --eval-episodes 100',
  )
})
