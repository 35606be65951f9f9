import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { CommandError } from '../errors.ts'
import { algorithms } from '../registry/algorithms.ts'
import { readPretrained, startFromRun } from './pretrained.ts'
import { runTraining, type FinishedTraining, type TrainingRequest } from './training.ts'

const root = mkdtempSync(join(tmpdir(), 'pretrained-'))
afterAll(() => rmSync(root, { recursive: true }))

const small = ['hidden=8,8', 'batchSize=8', 'train.warmupSteps=50', 'train.replayCapacity=500']

function train(folder: string, given: Partial<TrainingRequest> = {}): Promise<FinishedTraining> {
  return runTraining({
    env: 'pendulum',
    algo: 'ddpg',
    seed: 1,
    threads: 1,
    settings: small,
    train: { steps: 80, evaluateEvery: 0, finalEpisodes: 1 },
    folder: join(root, folder),
    start: 'new',
    resumeCommand: '',
    signal: new AbortController().signal,
    onProgress: () => undefined,
    onNotice: () => undefined,
    ...given,
  })
}

let before: FinishedTraining
beforeAll(async () => {
  before = await train('before')
})
const startFrom = join(root, 'before')

describe('a run that starts from another', () => {
  it('begins with what that has learned, and says in its record whence', async () => {
    const steps = { train: { steps: 1, evaluateEvery: 0, finalEpisodes: 1 } }
    const { state } = await train('after', { startFrom, seed: 2, ...steps })
    const [learned, started] = [before.state, state] as readonly Readonly<Record<string, unknown>>[]
    expect(started.policy).toEqual(learned.policy)
    expect(started.step).not.toEqual(learned.step)
    const config = JSON.parse(readFileSync(join(root, 'after', 'config.json'), 'utf8')) as {
      readonly details: unknown
    }
    expect(config.details).toMatchObject({
      startFrom: { env: 'pendulum', steps: 80, stateHash: before.summary.stateHash },
    })
  })

  it('is taken up again with the same origin alone', async () => {
    const longer = {
      start: 'resume',
      seed: 2,
      train: { steps: 90, evaluateEvery: 0, finalEpisodes: 1 },
    } as const
    const { summary } = await train('after', { startFrom, ...longer })
    expect(summary.steps).toBe(90)
    await expect(train('after', longer)).rejects.toThrow(/details\.startFrom = nothing where it has/)
  })

  it.each([
    [
      'another algorithm',
      { algo: 'td3' },
      "startFrom: pretrained algorithm must be 'td3', got 'ddpg'; pretrain with the algorithm that goes on",
    ],
    [
      'other actions',
      { env: 'inverted-pendulum' },
      'startFrom: pretrained policy must have the actions {"low":[-3],"high":[3]}, got {"low":[-2],"high":[2]}',
    ],
    [
      'other sizes of networks',
      { settings: [...small.slice(1), 'hidden=16,16'] },
      /startFrom: pretrained policy must be float32 \[\d+\], got float32 \[\d+\]; give both the same networks/,
    ],
    [
      'a folder without a run',
      { startFrom: join(root, 'nothing') },
      /train: --start-from must be the folder of a run of bench train with a checkpoint, got .*nothing: no record of a run; name the folder/,
    ],
  ])('is refused where it has %s', async (what, given, message) => {
    const error: unknown = await train(what.replaceAll(' ', '-'), { startFrom, ...given }).catch(
      (reason: unknown) => reason,
    )
    expect(error).toBeInstanceOf(CommandError)
    expect((error as CommandError).exitCode).toBe(2)
    expect((error as CommandError).message).toMatch(message)
  })

  it('is refused where the record of the other is no run of bench train', async () => {
    const folder = mkdtempSync(join(root, 'made-up-'))
    writeFileSync(join(folder, 'config.json'), '{"algorithm":"ddpg"}')
    await expect(readPretrained(folder)).rejects.toThrow(
      /got .*: a config\.json without algorithm, environment and settings/,
    )
  })
})

describe('the groups that the networks of both tasks see', () => {
  const spec = { observation: { proprio: 3 }, action: { low: [-1], high: [1] } }
  const wider = { ...spec, observation: { proprio: 3, pose: 4 } }
  const { ddpg } = algorithms
  const pretrained = { algorithm: ddpg.make(spec, {}), state: {} }
  const origin = { env: 'made-up', steps: 1, stateHash: '' }

  it('are compared alone where the settings name them', () => {
    const groups = { policyGroups: ['proprio'], criticGroups: ['proprio'] }
    const after = ddpg.make(wider, groups)
    expect(startFromRun(after, { pretrained, origin }, groups).spec).toBe(wider)
    expect(() => startFromRun(ddpg.make(wider, {}), { pretrained, origin }, {})).toThrow(
      'startFrom: pretrained policy must have the observation groups (proprio 3, pose 4), got (proprio 3)',
    )
  })
})
