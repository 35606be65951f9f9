import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import type { Arm, TrainArm } from '../suites/suite.ts'
import { parseCellResult, type CellResult } from './cellResult.ts'
import { curvesOf, executeCell, type CellRequest } from './executeCell.ts'
import { expandGrid, type Cell } from './grid.ts'
import { cellFile, cellFolder } from './results.ts'
import { madeUpSuite } from './suite.testData.ts'

const root = mkdtempSync(join(tmpdir(), 'cells-'))
afterAll(() => rmSync(root, { recursive: true }))

const learner: TrainArm = {
  kind: 'train',
  id: 'learner',
  label: 'learner',
  algorithm: 'sac',
  env: 'pendulum',
  config: { hidden: [8, 8], batchSize: 8 },
  train: {
    steps: 600,
    warmupSteps: 100,
    logEvery: 100,
    evaluateEvery: 300,
    evaluateEpisodes: 1,
    finalEpisodes: 2,
    replayCapacity: 1_000,
  },
  filmSteps: 5,
}

function cellOf(arm: Arm): Cell {
  const profile = { minutes: 1, seeds: 1, scale: 'small' }
  return expandGrid(madeUpSuite({ grid: [arm] }), { profile, revision: { '@maxent/sac': 1 } })[0]
}

function request(out: string, given: Partial<CellRequest> = {}): CellRequest {
  return {
    out: join(root, out),
    threads: 1,
    python: 'no-such-python',
    signal: new AbortController().signal,
    onProgress: () => undefined,
    onNotice: (message) => expect.fail(message),
    ...given,
  }
}

const resultIn = (out: string, cell: Cell): CellResult =>
  parseCellResult(readFileSync(cellFile(join(root, out), cell), 'utf8'))

it('ends episodes early where the arm says so, and is another cell for it', async () => {
  const usual = cellOf({ ...learner, train: { ...learner.train, steps: 200, evaluateEvery: 0 } })
  const cell = cellOf({ ...(usual.arm as TrainArm), episodeSteps: 20 })
  expect(cell.identity).not.toBe(usual.identity)
  expect(cellOf({ ...(usual.arm as TrainArm), episodeSteps: undefined }).identity).toBe(usual.identity)
  await executeCell(cell, request('short'))
  const { settings, scalars } = resultIn('short', cell)
  expect(settings).toMatchObject({ episodeSteps: 20 })
  // A pendulum is never paid more than nothing, and at worst some 17 a step.
  expect(scalars.return).toBeGreaterThan(-20 * 17)
})

it('keeps the curves, the last evaluation and a film of a trained arm, and leaves no folder behind', async () => {
  const cell = cellOf(learner)
  await executeCell(cell, request('whole'))
  const result = resultIn('whole', cell)
  expect(result).toMatchObject({
    suite: 'made-up',
    arm: 'learner',
    seed: 1,
    identity: cell.identity,
    settings: cell.settings,
    revision: { '@maxent/sac': 1 },
    damagedLines: 0,
    scalars: { updates: 500 },
  })
  expect(result.curves.return.steps).toEqual([300, 600])
  expect(result.curves.return.values[1]).toBeCloseTo(result.scalars.return, 1)
  expect(result.curves.entropy.steps).toEqual([200, 300, 400, 500, 600])
  expect(result.samples.returns).toHaveLength(2)
  expect(result.recordings.final.observations).toHaveLength(5)
  expect(existsSync(cellFolder(join(root, 'whole'), cell))).toBe(false)
})

it('asks the probe of an arm about what was learned, and keeps what it finds', async () => {
  const cell = cellOf({
    ...learner,
    probe: {
      settings: { count: 3 },
      run: ({ algorithm, state, config, seed }) =>
        Promise.resolve({
          scalars: { seed, gamma: config.gamma as number },
          samples: { sizes: [Object.keys(state).length, algorithm.spec.action.low.length] },
        }),
    },
  })
  await executeCell(cell, request('probed'))
  const { scalars, samples } = resultIn('probed', cell)
  expect(scalars).toMatchObject({ updates: 500, seed: 1, gamma: 0.99 })
  expect(samples.sizes).toEqual([6, 1])
  expect(samples.returns).toHaveLength(2)
})

it('goes on with actions of zero where an arm may diverge and does, and fails where it may not', async () => {
  const wild = {
    ...learner,
    config: { ...learner.config, criticLearningRate: 1e30, policyLearningRate: 1e30 },
  }
  await expect(executeCell(cellOf(wild), request('fails'))).rejects.toThrow('must be finite')
  const cell = cellOf({ ...wild, mayDiverge: true })
  expect(cell.identity).toBe(cellOf(wild).identity)
  await executeCell(cell, request('diverges'))
  const { curves, scalars, samples } = resultIn('diverges', cell)
  expect(scalars.divergedAt).toBeLessThan(600)
  expect(curves.return.steps).toEqual([300, 600])
  expect(curves.return.values[1]).toBeCloseTo(scalars.return, 1)
  expect(samples.returns).toHaveLength(2)
})

it('names, skips and counts a damaged line of metrics.jsonl, and takes up the run all the same', async () => {
  const cell = cellOf(learner)
  const stop = new AbortController()
  const metrics = join(cellFolder(join(root, 'damaged'), cell), 'run', 'metrics.jsonl')
  // Progress is told by the clock; the run must stop at its first line, however fast it is.
  const watch = setInterval(() => {
    if (existsSync(metrics) && readFileSync(metrics).length > 0) stop.abort()
  }, 1)
  const stopped = executeCell(cell, request('damaged', { signal: stop.signal }))
  await expect(stopped).rejects.toThrow(/Stopped after \d+ steps/)
  clearInterval(watch)
  writeFileSync(metrics, readFileSync(metrics, 'utf8').replace('{', '!'))
  const notices: string[] = []
  await executeCell(cell, request('damaged', { onNotice: (message) => notices.push(message) }))
  expect(notices).toEqual([expect.stringMatching(/^metrics\.jsonl, line 1: skipped, /)])
  const [found, whole] = [resultIn('damaged', cell), resultIn('whole', cell)]
  expect(found.damagedLines).toBe(1)
  expect(found.curves.entropy).toEqual(whole.curves.entropy)
  expect(found.samples).toEqual(whole.samples)
})

it('evaluates uniform actions', async () => {
  const cell = cellOf({
    kind: 'uniform',
    id: 'random',
    label: 'random',
    env: 'pendulum',
    episodes: 3,
    filmSteps: 4,
  })
  await executeCell(cell, request('uniform'))
  const { scalars, samples, recordings, curves } = resultIn('uniform', cell)
  expect(samples.returns).toHaveLength(3)
  expect(scalars.return).toBeCloseTo(samples.returns.reduce((sum, value) => sum + value) / 3)
  expect(recordings.final.observations).toHaveLength(4)
  expect(curves).toEqual({})
})

it('evaluates actions of zero, which is another cell than uniform ones', async () => {
  const uniform: Arm = { kind: 'uniform', id: 'idle', label: 'idle', env: 'ant-v1', episodes: 1 }
  const cell = cellOf({ ...uniform, actions: 'zero' })
  expect(cell.identity).not.toBe(cellOf(uniform).identity)
  expect(cellOf(uniform).settings).not.toHaveProperty('actions')
  await executeCell(cell, request('zero'))
  // An ant is paid for being whole.
  expect(resultIn('zero', cell).scalars.return).toBeGreaterThan(900)
})

it('keeps what a computation gives, hands it seed, settings and a folder, and tells what it says', async () => {
  const steps: number[] = []
  const notices: string[] = []
  const cell = cellOf({
    kind: 'compute',
    id: 'sum',
    label: 'sum',
    settings: { terms: [1, 2, 3] },
    compute: ({ seed, settings, folder, onProgress, onNotice }) => {
      onProgress(1, 4)
      onNotice('odd')
      writeFileSync(join(folder, 'kept'), '')
      const sum = (settings.terms as number[]).reduce((total, term) => total + term, seed)
      return Promise.resolve({ scalars: { sum } })
    },
  })
  const reports = {
    onProgress: ({ step }: { readonly step: number }) => steps.push(step),
    onNotice: (message: string) => notices.push(message),
  }
  await executeCell(cell, request('compute', reports))
  expect(resultIn('compute', cell).scalars).toEqual({ sum: 7 })
  expect([steps, notices]).toEqual([[0.25], ['odd']])
})

it('takes a computation that stops when asked for interrupted, and any other error for what it is', async () => {
  const stop = new AbortController()
  const stopping = cellOf({
    kind: 'compute',
    id: 'stopping',
    label: 'stopping',
    settings: {},
    compute: ({ signal }) => {
      if (stop.signal.aborted) return Promise.reject(new Error('broken'))
      stop.abort()
      return Promise.reject(signal.reason as Error)
    },
  })
  await expect(executeCell(stopping, request('stopping', { signal: stop.signal }))).rejects.toMatchObject({
    exitCode: 130,
  })
  expect(existsSync(cellFolder(join(root, 'stopping'), stopping))).toBe(true)
  await expect(executeCell(stopping, request('stopping'))).rejects.toThrow('broken')
})

it('makes curves of six digits, without episodes that did not end', () => {
  const line = { updates: 1, episodes: 0, episodeLength: null, wallSeconds: 1 }
  const curves = curvesOf({
    evaluations: [],
    metrics: [
      { ...line, step: 10, episodeReturn: null, metrics: { alpha: 0.123456789 } },
      { ...line, step: 20, episodeReturn: -1234567.8, metrics: {} },
    ],
  })
  expect(curves).toEqual({
    alpha: { steps: [10], values: [0.123457] },
    episodeReturn: { steps: [20], values: [-1234570] },
  })
})
