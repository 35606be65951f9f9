import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { loadPolicy } from '@maxent/jit'
import { sac } from '@maxent/sac'
import { importState, stateHash as hashOfState } from '@maxent/train'
import { afterAll, describe, expect, it, vi } from 'vitest'

const cli = fileURLToPath(new URL('./cli.ts', import.meta.url))
const root = mkdtempSync(join(tmpdir(), 'bench-'))
afterAll(() => rmSync(root, { recursive: true }))

interface Outcome {
  readonly status: number | null
  readonly out: string
  readonly err: string
}

/** Runs the command line as a user does; sends Ctrl-C's signal, or another, once the error stream shows all of `interruptAt`. */
function bench(
  args: string,
  interruptAt: readonly string[] = [],
  signal: NodeJS.Signals = 'SIGINT',
): Promise<Outcome> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ['--conditions=@maxent/source', cli, ...args.split(' ')], {
      cwd: root,
    })
    let out = ''
    let err = ''
    let due = interruptAt.length > 0
    child.stdout.on('data', (text: Buffer) => (out += text.toString()))
    child.stderr.on('data', (text: Buffer) => {
      err += text.toString()
      if (!due || !interruptAt.every((sign) => err.includes(sign))) return
      due = false
      child.kill(signal)
    })
    child.on('close', (status) => resolve({ status, out, err }))
  })
}

interface Summary {
  readonly stateHash: string
}

/** Each test starts several processes, on machines that may be busy. */
const patience = 240_000

const lastLine = (text: string): unknown => JSON.parse(text.trimEnd().split('\n').at(-1) ?? '')
const stateHash = ({ out }: Outcome): string => (lastLine(out) as Summary).stateHash

describe('train', () => {
  const settings =
    '--set hidden=16,16 --set batchSize=16 --set train.warmupSteps=500 --set train.replayCapacity=10000'
  const base = `train --env pendulum --algo sac --steps 2500 --seed 5 ${settings}`

  it(
    'takes the settings of a publication by name, and writes the policy of a finished run as a file',
    async () => {
      const small = '--set hidden=8,8 --set batchSize=8 --set train.replayCapacity=5000'
      const run = `train --algo sac --preset 4.1/hopper --steps 1010 --eval-episodes 1 ${small} --out preset`
      expect((await bench(`${run} --json`)).status).toBe(0)
      const config = JSON.parse(readFileSync(join(root, 'preset', 'config.json'), 'utf8')) as object
      expect(JSON.stringify(config)).toContain('"rewardScale":5')
      expect(JSON.stringify(config)).toContain('"hopper-v1"')
      const files = '--export hopper.onnx --export-state hopper.safetensors'
      const resumed = await bench(`${run} --resume ${files} --json`)
      expect([resumed.status, resumed.err]).toEqual([
        0,
        expect.stringContaining('Policy: hopper.onnx\nState: hopper.safetensors') as string,
      ])
      const policy = await loadPolicy(readFileSync(join(root, 'hopper.onnx')))
      const [group] = Object.keys(policy.description.observation)
      const observation = { [group]: new Float32Array(policy.description.observation[group]) }
      expect(await policy.act(observation)).toHaveLength(3)
      await policy.dispose()
      const algorithm = sac(policy.description, { hidden: [8, 8], temperature: { kind: 'fixed', alpha: 1 } })
      const file = readFileSync(join(root, 'hopper.safetensors'))
      expect(await hashOfState(importState({ algorithm, file }))).toBe(stateHash(resumed))
    },
    patience,
  )

  it(
    'ends with one line of JSON',
    async () => {
      const alone = await bench(`${base} --eval-episodes 2 --out alone --json`)
      expect(alone.status).toBe(0)
      expect(alone.out.trim().split('\n')).toHaveLength(1)
      expect(lastLine(alone.out)).toEqual({
        env: 'pendulum',
        algo: 'sac',
        seed: 5,
        steps: 2500,
        evalReturnMean: expect.any(Number) as number,
        evalReturnStd: expect.any(Number) as number,
        evalEpisodes: 2,
        wallSeconds: expect.any(Number) as number,
        stepsPerSecond: expect.any(Number) as number,
        stateHash: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
      })
    },
    patience,
  )

  it(
    'stops at Ctrl-C with all kept, says how to go on, and then ends in the state of the run left alone',
    async () => {
      const stopped = await bench(`${base} --eval-episodes 2 --out stopped --json`, ['pendulum: step'])
      expect(stopped.status).toBe(130)
      expect(stopped.out).toBe('')
      const [, command] = /Go on with: npx -y pnpm@12 bench (.*)$/m.exec(stopped.err) ?? []
      expect(command).toBe(`${base} --eval-episodes 2 --out stopped --resume --json`)
      const [resumed, alone] = await Promise.all([
        bench(command),
        bench(`${base} --eval-episodes 2 --out alone --resume --json`),
      ])
      expect(resumed.status).toBe(0)
      expect(stateHash(resumed)).toBe(stateHash(alone))
    },
    patience,
  )

  it(
    'starts from what another run has learned, and names that run in the command that goes on',
    async () => {
      const tuned = `${base.replace('--seed 5', '--seed 6')} --start-from alone --eval-episodes 2 --out tuned`
      const stopped = await bench(`${tuned} --json`, ['pendulum: step'])
      expect(stopped.status).toBe(130)
      const [, command] = /Go on with: npx -y pnpm@12 bench (.*)$/m.exec(stopped.err) ?? []
      expect(command).toBe(`${tuned} --resume --json`)
      const resumed = await bench(command)
      expect([resumed.status, lastLine(resumed.out)]).toEqual([
        0,
        expect.objectContaining({ steps: 2500 }) as object,
      ])
      const other = await bench(`${tuned.replace('--algo sac', '--algo td3')}-td3`)
      expect(other.status).toBe(2)
      expect(other.err).toContain("startFrom: pretrained algorithm must be 'td3', got 'sac'")
    },
    patience,
  )

  it(
    'refuses a folder that holds a run, unless it is to go on with the same settings',
    async () => {
      const [refused, other, fewer] = await Promise.all([
        bench(`${base} --out alone`),
        bench(`${base} --eval-episodes 2 --out stopped --resume --set gamma=0.9`),
        bench(`${base.replace('2500', '2000')} --eval-episodes 2 --out alone --resume`),
      ])
      expect(refused.status).toBe(2)
      expect(refused.err).toContain(
        'train: --out must be a new folder, got a run in alone, pass --resume to take it up',
      )
      expect(other.status).toBe(2)
      expect(other.err).toMatch(/train: options must be those of the run in .*gamma = 0.9 where it has 0.99/)
      expect(fewer.status).toBe(2)
      expect(fewer.err).toMatch(/train: steps must be at least 2500, the steps already taken/)
    },
    patience,
  )
})

describe('the tour', () => {
  it(
    'stops both parts at Ctrl-C, goes on, ends in a report, and fails where claims fail',
    async () => {
      const stopped = await bench('--steps 600 --out tour', ['half-cheetah: step'])
      expect(stopped.status).toBe(130)
      expect(stopped.err).toContain('Go on with: npx -y pnpm@12 bench --out tour --steps 600')
      expect(existsSync(join(root, 'tour', 'half-cheetah-seed1-600', 'config.json'))).toBe(true)
      expect(existsSync(join(root, 'tour', 'report.html'))).toBe(false)

      const finished = await bench('--steps 600 --out tour')
      expect(finished.status).toBe(1)
      expect(finished.err).toContain('every claim must hold, got pendulum, half-cheetah below its threshold')
      expect(finished.out).toContain(`Report: ${join(root, 'tour', 'report.html')}`)
      const page = readFileSync(join(root, 'tour', 'report.html'), 'utf8')
      expect(page).toContain('✗ fails')

      const record = join(root, 'tour', 'half-cheetah-seed1-600', 'tour.json')
      const complete = readFileSync(record, 'utf8')
      writeFileSync(record, complete.slice(0, 100))
      const [again, train] = await Promise.all([
        bench('--steps 600 --out tour'),
        bench('train --algo sac --preset pendulum --steps 600 --seed 1 --eval-episodes 1 --json'),
      ])
      expect(again.err).toContain('pendulum: finished before, kept')
      expect(again.err).toContain('half-cheetah-seed1-600/tour.json holds no complete outcome')
      const { curve, recordings } = JSON.parse(readFileSync(record, 'utf8')) as Record<string, unknown>
      expect(JSON.parse(complete)).toMatchObject({ curve, recordings })
      expect(again.status).toBe(1)
      expect(page).toContain(stateHash(train).slice(0, 16))
    },
    patience,
  )
})

describe('a tour whose terminal goes away', () => {
  it(
    'leaves no process behind, and each part with a checkpoint',
    async () => {
      const killed = await bench(
        '--steps 100000 --out orphans',
        ['pendulum: step', 'half-cheetah: step'],
        'SIGKILL',
      )
      expect(killed.status).toBeNull()
      for (const part of ['pendulum', 'half-cheetah']) {
        const folder = join(root, 'orphans', `${part}-seed1-100000`)
        // A part holds its folder's lock until it has ended in good order.
        await vi.waitUntil(() => !existsSync(join(folder, 'run.lock')), { timeout: 60_000, interval: 100 })
        expect(readdirSync(join(folder, 'checkpoints'))).not.toEqual([])
      }
    },
    patience,
  )
})

describe('speed', () => {
  it(
    'ends at Ctrl-C, and the process that measures with it',
    async () => {
      const start = performance.now()
      const { status, out, err } = await bench('speed --force', ['measuring update'])
      expect(status).toBe(130)
      expect(err).toContain('speed: stopped before the end, nothing is kept')
      expect(out).toBe('')
      // The error stream is shared with the process that measures: had that gone on, it would have taken all of its blocks.
      expect(performance.now() - start).toBeLessThan(10_000)
    },
    patience,
  )

  it(
    'measures the estimators alone',
    async () => {
      const { status, out } = await bench('speed --estimators --quick --force --json')
      expect(status).toBe(0)
      const number = expect.any(Number) as number
      expect(lastLine(out)).toEqual({
        softValue: { ms: number, matmulLimitMs: number, fractionOfLimit: number },
        sqlUpdate: { ms: number, matmulLimitMs: number, fractionOfLimit: number },
        svgd16: { ms: number, fractionOfUpdate: number },
        svgd32: { ms: number, fractionOfUpdate: number },
        sacUpdateMs: number,
      })
    },
    patience,
  )

  it(
    'measures everything, and prints it as the last line',
    async () => {
      const { status, out } = await bench('speed --quick --force --json')
      expect(status).toBe(0)
      const number = expect.any(Number) as number
      const report = lastLine(out) as { sacUpdate: { threads2: unknown; threads2Reason?: string } }
      expect(report).toMatchObject({
        node: process.version,
        runtime: expect.stringMatching(/^onnxruntime-node \d+\.\d+\.\d+, cpu$/) as string,
        sacUpdate: {
          threads1: { ms: number, updatesPerSecond: number, matmulLimitMs: number, fractionOfLimit: number },
        },
        act: { us: number, usBetweenUpdates: number, loaded: { us: number, usBetweenUpdates: number } },
        env: {
          'half-cheetah': { stepsPerSecond: number, ratioToBareLoop: number },
          pendulum: { stepsPerSecond: number },
        },
        endToEnd: { 'half-cheetah': { stepsPerSecond: number, ratioToUpdateRate: number } },
        compileMs: number,
        rssMb: number,
      })
      expect(report.sacUpdate.threads2 !== null || report.sacUpdate.threads2Reason !== undefined).toBe(true)
    },
    patience,
  )
})
