import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { tourParts } from './tourParts.ts'
import { partFolder, partIdentity, readOutcome, writeOutcome, type PartOutcome } from './partOutcome.ts'
import { claimHolds, tourReport } from './tourReport.ts'

const folder = mkdtempSync(join(tmpdir(), 'tour-'))
afterAll(() => rmSync(folder, { recursive: true }))

const { pendulum } = tourParts()

function outcome(evalReturnMean: number): PartOutcome {
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

const silent = (message: string): void => expect.fail(message)

it('gives a finished part back, and no part of other settings', async () => {
  expect(await readOutcome(folder, partIdentity(pendulum, 1), silent)).toBeUndefined()
  await writeOutcome(folder, outcome(-150))
  expect(readdirSync(folder)).toEqual(['tour.json'])
  expect(await readOutcome(folder, partIdentity(pendulum, 1), silent)).toEqual(outcome(-150))
  expect(await readOutcome(folder, partIdentity(pendulum, 2), silent)).toBeUndefined()
})

it.each([
  ['cut short', JSON.stringify(outcome(-150)).slice(0, -20)],
  ['empty', ''],
  ['null', 'null'],
  ['without recordings', JSON.stringify({ ...outcome(-150), recordings: {} })],
  ['without a return', JSON.stringify({ ...outcome(-150), summary: {} })],
])('takes a part for not finished, with a notice, when its outcome is %s', async (_, text) => {
  const damaged = mkdtempSync(join(folder, 'damaged-'))
  writeFileSync(join(damaged, 'tour.json'), text)
  const notices: string[] = []
  const found = await readOutcome(damaged, partIdentity(pendulum, 1), (notice) => notices.push(notice))
  expect(found).toBeUndefined()
  expect(notices).toEqual([expect.stringMatching(/tour\.json holds no complete outcome/)])
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
  expect(claimHolds({ part: pendulum, outcome: outcome(-200) })).toBe(true)
  expect(claimHolds({ part: pendulum, outcome: outcome(-200.01) })).toBe(false)
  expect(claimHolds({ part: pendulum, outcome: outcome(NaN) })).toBe(false)
})

it('tells in the report how each run is repeated', () => {
  const { runs } = tourReport([{ part: pendulum, outcome: outcome(-150) }], new Date(0))
  expect(runs[0].command).toBe(
    'npx -y pnpm@12 bench train --algo sac --preset pendulum --env pendulum --steps 10000 --seed 1 --eval-episodes 100',
  )
})
