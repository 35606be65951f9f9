import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it, vi } from 'vitest'
import type { SummaryEntry } from '../report/summary.ts'
import { loadSuites } from '../suites/index.ts'
import { armsOf } from './grid.ts'
import { parseCellResult, type CellResult } from './cellResult.ts'

const cli = fileURLToPath(new URL('../cli.ts', import.meta.url))
const root = mkdtempSync(join(tmpdir(), 'run-suites-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

interface Outcome {
  readonly status: number | null
  readonly out: string
  readonly err: string
}

/** Each test starts several processes, on machines that may be busy. */
const patience = 480_000

/** Runs `bench run` as a user does; calls `midway` once, when the first of its cells has begun to learn. */
function run(args: string, midway?: (child: ChildProcess) => void): Promise<Outcome> {
  return new Promise((resolve) => {
    const words = [
      '--conditions=@maxent/source',
      cli,
      'run',
      ...args.split(' '),
      '--python',
      'no-such-python',
    ]
    const child = spawn(process.execPath, words, { cwd: root })
    let [out, err, due] = ['', '', midway]
    child.stdout.on('data', (text: Buffer) => (out += text.toString()))
    child.stderr.on('data', (text: Buffer) => {
      err += text.toString()
      if (!err.includes('seed 1: step')) return
      due?.(child)
      due = undefined
    })
    child.on('close', (status) => resolve({ status, out, err }))
  })
}

const small = 'sac-entropy --profile smoke --jobs 2 --json'

function summaryOf({ out }: Outcome): readonly SummaryEntry[] {
  expect(out.trim().split('\n')).toHaveLength(1)
  return JSON.parse(out) as readonly SummaryEntry[]
}

/** What a result folder holds of sac-entropy, without what differs between equal runs. */
function resultsIn(folder: string): unknown[] {
  const suite = join(root, folder, 'sac-entropy')
  const cells = readdirSync(suite).map((name) => parseCellResult(readFileSync(join(suite, name), 'utf8')))
  return cells.map(({ arm, settings, curves, samples, recordings, scalars }: CellResult) => {
    const { stepsPerSecond, ...exact } = scalars
    expect(stepsPerSecond).toBeGreaterThan(0)
    return { arm, settings, curves, samples, recordings, scalars: exact }
  })
}

const figuresOf = (outcome: Outcome): unknown =>
  summaryOf(outcome).map(({ verdict, control, reason, metrics, seeds, cells }) => ({
    verdict,
    control,
    reason,
    metrics,
    seeds,
    cells,
  }))

let whole: Promise<Outcome> | undefined
/** One run that nothing disturbs. */
const undisturbed = (): Promise<Outcome> => (whole ??= run(`${small} --out whole`))

const workOf = (folder: string): string => join(root, folder, 'work', 'sac-entropy')

/** Ids of the processes that a process has started. */
function childrenOf({ pid }: ChildProcess): readonly number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').map(Number)
}

/** Whether a process runs; one that has ended and that nobody has asked about has no command line left. */
function runs(pid: number): boolean {
  const file = `/proc/${pid}/cmdline`
  return existsSync(file) && readFileSync(file, 'utf8') !== ''
}

describe('bench run', () => {
  it(
    'runs every suite at smoke scale, says which peers it skips, and does nothing twice',
    async () => {
      const suites = await loadSuites()
      const ids = Object.keys(suites)
      const all = await run('--profile smoke --jobs 2 --out smoke --json')
      expect(all.status, all.err).toBe(0)
      expect(
        summaryOf(all)
          .map(({ id }) => id)
          .sort(),
      ).toEqual([...ids].sort())
      expect(all.err).toContain('cells of Python peers are skipped: there is no no-such-python')
      for (const entry of summaryOf(all)) {
        const suite = suites[entry.id]
        const peers = armsOf(suite, suite.profiles.smoke ?? {}).filter(({ kind }) => kind === 'peer')
        expect(entry.cells.missing, entry.id).toBe(peers.length)
      }
      // The arm that a search decides comes after it.
      expect(readdirSync(join(root, 'smoke', 'sac-auto')).map((name) => name.split('-seed')[0])).toContain(
        'hopper-tuned',
      )
      expect(JSON.parse(readFileSync(join(root, 'smoke', 'summary.json'), 'utf8'))).toHaveLength(ids.length)

      const again = await run('tour --profile smoke --out smoke --json')
      expect(again.err).toContain('tour: 4 of 4 cells are finished, and kept')
      expect(again.err).not.toContain('cells to run')
      expect(JSON.parse(readFileSync(join(root, 'smoke', 'summary.json'), 'utf8'))).toHaveLength(ids.length)
    },
    patience,
  )

  it(
    'stops at Ctrl-C, refuses to begin anew by accident, and resumes to the figures of a run left alone',
    async () => {
      const stopped = await run(`${small} --out stopped`, (child) => child.kill('SIGINT'))
      expect(stopped.status).toBe(130)
      expect(stopped.out).toBe('')
      expect(stopped.err).toMatch(
        /Stopped; what was learned is kept in stopped\. Go on with: .* run sac-entropy --profile smoke .*--out stopped --resume --json/,
      )
      const unfinished = readdirSync(workOf('stopped')).length
      expect(unfinished).toBeGreaterThan(0)

      const refused = await run(`${small} --out stopped`)
      expect(refused.status).toBe(2)
      expect(refused.err).toContain(
        `run: --resume must be given where cells were left unfinished, got ${unfinished} of sac-entropy`,
      )

      const resumed = await run(`${small} --out stopped --resume`)
      expect(resumed.status, resumed.err).toBe(0)
      expect(figuresOf(resumed)).toEqual(figuresOf(await undisturbed()))
      expect(resultsIn('stopped')).toEqual(resultsIn('whole'))
      expect(readdirSync(workOf('stopped'))).toEqual([])
    },
    patience,
  )

  it(
    'killed itself, leaves no process behind, and resumes to the same figures',
    async (context) => {
      if (process.platform !== 'linux') return context.skip('children are found through /proc')
      let orphans: readonly number[] = []
      const killed = await run(`${small} --out orphans`, (child) => {
        orphans = childrenOf(child)
        child.kill('SIGKILL')
      })
      expect(killed.status).toBeNull()
      expect(orphans).toHaveLength(2)
      await vi.waitUntil(() => !orphans.some(runs), { timeout: 60_000, interval: 100 })
      const resumed = await run(`${small} --out orphans --resume`)
      expect(resumed.status, resumed.err).toBe(0)
      await undisturbed()
      expect(resultsIn('orphans')).toEqual(resultsIn('whole'))
    },
    patience,
  )

  it(
    'reports a killed worker as a failed cell, finishes the others, and resumes to the same figures',
    async (context) => {
      if (process.platform !== 'linux') return context.skip('children are found through /proc')
      const wounded = await run(`${small} --out wounded`, (child) => {
        process.kill(childrenOf(child)[0], 'SIGKILL')
      })
      expect(wounded.status).toBe(1)
      expect(wounded.err).toMatch(/FAILED sac-entropy [\w-]+:\n {2}stopped by SIGKILL/)
      expect(wounded.err).toContain('run: every cell must finish, got 1 that failed')
      expect(resultsIn('wounded')).toHaveLength(1)
      expect(summaryOf(wounded)[0].cells).toEqual({ current: 1, stale: 0, missing: 1 })
      const resumed = await run(`${small} --out wounded --resume`)
      expect(resumed.status, resumed.err).toBe(0)
      await undisturbed()
      expect(resultsIn('wounded')).toEqual(resultsIn('whole'))
    },
    patience,
  )

  it(
    'reports a cell that cannot run with its last lines, and finishes the others',
    async () => {
      await undisturbed()
      const [name] = readdirSync(join(root, 'whole', 'sac-entropy')).filter((file) =>
        file.startsWith('fixed'),
      )
      const cell = join(workOf('blocked'), name.replace('.json', ''))
      mkdirSync(cell, { recursive: true })
      writeFileSync(join(cell, 'run'), 'a file where the folder of the run must be')
      const blocked = await run(`${small} --out blocked --resume`)
      expect(blocked.status).toBe(1)
      expect(blocked.err).toMatch(
        /FAILED sac-entropy fixed-temperature-[\w-]+:\n {2}run folder: must be able to make/,
      )
      expect(resultsIn('blocked')).toHaveLength(1)
    },
    patience,
  )

  it(
    'on a disk that is full, says so, and goes on once there is room',
    async (context) => {
      const disk = join(root, 'disk')
      const mount = (...options: string[]): string | undefined => {
        const { status, stderr } = spawnSync('/bin/mount', [...options, 'tmpfs', disk])
        return status === 0 ? undefined : stderr.toString()
      }
      mkdirSync(disk)
      if (process.platform !== 'linux' || process.getuid?.() !== 0)
        return context.skip('a small disk can be mounted by root on Linux only')
      const lack = mount('-t', 'tmpfs', '-o', 'size=100k')
      if (lack !== undefined) return context.skip(`mount: ${lack}`)
      try {
        const full = await run(`${small} --out disk`)
        expect(full.status).toBe(1)
        expect(full.err).toMatch(/got ENOSPC; the disk is full: free some space/)
        expect(mount('-o', 'remount,size=50m')).toBeUndefined()
        const resumed = await run(`${small} --out disk --resume`)
        expect(resumed.status, resumed.err).toBe(0)
        await undisturbed()
        expect(resultsIn('disk')).toEqual(resultsIn('whole'))
      } finally {
        spawnSync('/bin/umount', [disk])
      }
    },
    patience,
  )
})
