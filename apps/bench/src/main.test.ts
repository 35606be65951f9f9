import { existsSync, readdirSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { main } from './main.ts'

let printed: { out: string; err: string }
beforeEach(() => {
  printed = { out: '', err: '' }
  const keep =
    (stream: 'out' | 'err', end: string) =>
    (text: unknown): true => {
      printed[stream] += String(text) + end
      return true
    }
  vi.spyOn(console, 'log').mockImplementation(keep('out', '\n'))
  vi.spyOn(console, 'error').mockImplementation(keep('err', '\n'))
  vi.spyOn(process.stderr, 'write').mockImplementation(keep('err', ''))
})
afterEach(() => {
  vi.restoreAllMocks()
})

/** Runs in the folder that the tests run in: those of whoever works there, and no others. */
const runFolders = (): readonly string[] => (existsSync('runs') ? readdirSync('runs') : [])
const earlierRuns = runFolders()

const bench = (command: string): Promise<number> => main(command.split(' '))

describe('the lists', () => {
  it('print suites, environments and algorithms as JSON', async () => {
    const lists: Record<string, unknown> = {}
    for (const name of ['list', 'envs', 'algos']) {
      printed.out = ''
      expect(await bench(`${name} --json`)).toBe(0)
      lists[name] = JSON.parse(printed.out)
    }
    expect(lists.list).toContainEqual(expect.objectContaining({ id: 'klh-grid', status: 'planned' }))
    expect(lists.envs).toContainEqual(expect.objectContaining({ id: 'half-cheetah', actionSize: 6 }))
    const gamma: unknown = expect.objectContaining({ name: 'gamma', default: 0.99 })
    expect(lists.algos).toContainEqual(
      expect.objectContaining({
        id: 'sac',
        package: '@maxent/sac',
        config: expect.arrayContaining([gamma]) as unknown,
      }),
    )
  })

  it('print tables for people', async () => {
    for (const name of ['list', 'envs', 'algos']) await bench(name)
    expect(printed.out).toMatch(/klh-grid +Tirumala et al\. 2019 +fig\. 12 +planned/)
    expect(printed.out).toMatch(/sac-auto .* quick \d+ min, standard \d+ h, paper [\d,]+ h/)
    expect(printed.out).toMatch(/half-cheetah +half-cheetah +run-forward +proprio 17 +6/)
    expect(printed.out).toMatch(/--set gamma=0.99 +in \[0, 1\] +discount factor/)
    expect(printed.out).toContain('--set hidden=256,256')
    expect(printed.out).toContain('--set train.warmupSteps=1000')
  })
})

describe('a wrong command line', () => {
  const tiny = 'train --env pendulum --algo sac --steps 10 --out never-made'

  it.each([
    ['trian', 'bench: command must be one of', 'did you mean "train"?'],
    ['train --env pendulm --algo sac', 'got "pendulm"', 'did you mean "pendulum"?'],
    ['train --env pendulum --algo sca', 'algorithm must be one of sac, ', 'did you mean "sac"?'],
    [`${tiny} --set gama=0.9`, "sac: gama must be a known field, got '0.9'", "did you mean 'gamma'?"],
    [`${tiny} --set gamma=3`, 'sac: gamma must be in [0, 1], got 3', ''],
    [`${tiny} --set gamma`, 'a setting must be field=value', "got 'gamma'"],
    [`${tiny} --set train.logEvry=3`, 'train: logEvry must be a known field', "did you mean 'logEvery'?"],
    [`${tiny} --set train.steps=3`, 'train: steps must be given by its own option', '--set train.steps'],
    [`${tiny} --set policyGroups=["vision"]`, 'policyGroups', 'vision'],
    [
      `${tiny} --resume`,
      'train: --resume must be given with the folder of a run',
      'got no run in never-made',
    ],
    [
      'train --env pendulum --algo sac --resume',
      'train: --resume must be given with',
      'leave it out to start one',
    ],
    ['train --env pendulum --algo sac --steps ten', "argument 'ten' is invalid", 'integer of at least 1'],
    ['train --env pendulum --algo sac --seed -1', "argument '-1' is invalid", 'integer from 0'],
    ['train --env pendulum', "required option '--algo <id>' not specified", ''],
    ['run sac-entopy', 'run: suite must be one of', 'did you mean "sac-entropy"?'],
    [
      'run sac-entropy --profile quikc',
      'run: --profile must be one of smoke, quick',
      'did you mean "quick"?',
    ],
    ['run tour --profile paper', 'run tour: --profile must be one of smoke, quick, got "paper"', ''],
    ['run tour --seeds 0', "argument '0' is invalid", 'integer of at least 1'],
    ['run tour --out .', 'run: --out must be a folder of results, or a new one', 'name another folder'],
    ['run tour --out package.json', 'run: --out must be a folder, got the file package.json', ''],
    ['golden sca', 'golden: algorithm must be one of', 'did you mean "sac"?'],
    ['speed --memory --updates 9', 'speed: --updates must be at least 10, got 9', ''],
    ['speed --fast', "unknown option '--fast'", ''],
  ])('%s: names what is wrong, without a stack, and exits with 2', async (command, message, remedy) => {
    expect(await bench(command)).toBe(2)
    expect(printed.err).toContain(message)
    expect(printed.err).toContain(remedy)
    expect(printed.err).not.toMatch(/^ +at /m)
    expect(printed.out).toBe('')
  })

  it('shows the stack when asked', async () => {
    await bench('--verbose train --env pendulm --algo sac')
    expect(printed.err).toMatch(/^ +at /m)
  })

  it('leaves no folder behind', () => {
    expect(existsSync('never-made')).toBe(false)
    expect(runFolders()).toEqual(earlierRuns)
  })
})
