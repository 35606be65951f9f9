import { key, uniform } from '@maxent/core/keys'
import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { codeOf } from './lock.ts'
import { readRun } from './readRun.ts'

const script = new URL('../../fixtures/runInFolder.ts', import.meta.url).pathname

let root = ''
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'maxent-train-'))
})
afterEach(() => rm(root, { recursive: true, force: true }))

type Line = Readonly<Record<string, unknown>>

interface Child {
  readonly process: ChildProcess
  /** The lines it wrote, up to now. */
  readonly lines: readonly Line[]
  readonly errors: () => string
  /** Resolves with the signal that ended it, or its exit status. */
  readonly ended: Promise<NodeJS.Signals | number | null>
}

function startRun(
  args: readonly string[],
  onLine: (line: Line, child: ChildProcess) => void = () => undefined,
): Child {
  const child = spawn(process.execPath, ['--conditions=@maxent/source', script, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const lines: Line[] = []
  let errors = ''
  child.stderr.on('data', (data: Buffer) => (errors += data.toString()))
  createInterface(child.stdout).on('line', (text) => {
    const line = JSON.parse(text) as Line
    lines.push(line)
    onLine(line, child)
  })
  const ended = new Promise<NodeJS.Signals | number | null>((resolve) =>
    child.on('close', (status, signal) => resolve(signal ?? status)),
  )
  return { process: child, lines, errors: () => errors, ended }
}

/** Ctrl-C once, as soon as the run has begun. */
function interruptAtStart({ started }: Line, child: ChildProcess): void {
  if (started !== undefined) child.kill('SIGINT')
}

/** The line files without their wall times. */
async function linesOf(folder: string): Promise<string> {
  const text =
    (await readFile(join(folder, 'metrics.jsonl'), 'utf8')) +
    (await readFile(join(folder, 'eval.jsonl'), 'utf8'))
  return text.replaceAll(/"wallSeconds":[^}]*/g, '')
}

describe('a run in a folder', () => {
  test(
    'killed at 20 random moments, ends with the bits of one that was left alone',
    { timeout: 240_000 },
    async () => {
      const whole = startRun([join(root, 'whole')])
      expect(await whole.ended, whole.errors()).toBe(0)

      const folder = join(root, 'killed')
      const chance = uniform(key(20), 60)
      const starts: unknown[] = []
      for (let kill = 0; kill < 20; kill++) {
        // So many lines after the start, and then within so many milliseconds: also while a checkpoint is being written.
        let left = Math.floor(chance[3 * kill] * 10)
        const delay = chance[3 * kill + 1] * 12
        const run = startRun([folder], (_, child) => {
          if (left-- === 0) void sleep(delay).then(() => child.kill('SIGKILL'))
        })
        expect(await run.ended, `${run.errors()} ${JSON.stringify(run.lines)}`).toBe('SIGKILL')
        starts.push(run.lines[0].started)
        const record = await readRun(folder)
        expect(record.damaged.length).toBeLessThanOrEqual(1)
      }
      const last = startRun([folder])
      expect(await last.ended, last.errors()).toBe(0)
      expect(last.lines.at(-1)).toEqual(whole.lines.at(-1))
      expect(await linesOf(folder)).toBe(await linesOf(join(root, 'whole')))
      expect((await readRun(folder)).damaged).toEqual([])
      // It went on from where it was, many times over.
      expect(new Set(starts).size).toBeGreaterThan(10)
    },
  )

  test('Ctrl-C leaves a run that goes on', async () => {
    const folder = join(root, 'run')
    const first = startRun([folder, '100000'], ({ step }, child) => {
      if (step === 200) child.kill('SIGINT')
    })
    expect(await first.ended, first.errors()).toBe(0)
    const { outcome, steps } = first.lines.at(-1) as { outcome: string; steps: number }
    expect(outcome).toBe('interrupted')
    expect(steps).toBeLessThan(100_000)
    const second = startRun([folder, '100000'], interruptAtStart)
    await second.ended
    expect(second.lines[0]).toEqual({ started: steps })
  })

  test('is refused to a second process while the first lives, and given once that is dead', async () => {
    const folder = join(root, 'run')
    let inUse: Child | undefined
    const first = startRun([folder, '1000000'], (line) => {
      if (line.started === 0) inUse = startRun([folder])
    })
    while (inUse === undefined) await sleep(20)
    expect(await inUse.ended).toBe(1)
    expect(inUse.errors()).toMatch(
      new RegExp(
        `openRunFolder: folder must not be in use by another process, got .*run.lock held by process ${first.process.pid} on`,
      ),
    )
    first.process.kill('SIGKILL')
    await first.ended
    expect(await readdir(folder)).toContain('run.lock')
    const third = startRun([folder, '1000000'], interruptAtStart)
    expect(await third.ended, third.errors()).toBe(0)
    expect(await readdir(folder)).not.toContain('run.lock')
  })

  test('on a disk that fills up, says so, and goes on once there is room', async (context) => {
    const disk = join(root, 'disk')
    const mounted = mountSmallDisk(disk)
    if (mounted !== undefined) return context.skip(mounted)
    try {
      const folder = join(disk, 'run')
      const ballast = join(disk, 'ballast')
      const first = startRun([folder, '2000'], ({ step }) => {
        if (step === 200) void fill(ballast)
      })
      expect(await first.ended).toBe(1)
      expect(first.errors()).toMatch(
        /run folder: must be able to (write|append to|flush) .*, got ENOSPC; the disk is full: free some space and run the same command again/,
      )
      await rm(ballast)
      const second = startRun([folder, '2000'])
      expect(await second.ended, second.errors()).toBe(0)
      expect(second.lines[0].started).toBeGreaterThan(0)
      const whole = startRun([join(root, 'whole'), '2000'])
      await whole.ended
      expect(second.lines.at(-1)).toEqual(whole.lines.at(-1))
      expect(await linesOf(folder)).toBe(await linesOf(join(root, 'whole')))
    } finally {
      spawnSync('/bin/umount', [disk])
    }
  })
})

/** Mounts a file system of 300 kB at `path`; gives the reason when that cannot be done. */
function mountSmallDisk(path: string): string | undefined {
  if (process.platform !== 'linux' || process.getuid?.() !== 0)
    return 'a small disk can be mounted by root on Linux only'
  spawnSync('mkdir', ['-p', path])
  const { status, stderr } = spawnSync('/bin/mount', ['-t', 'tmpfs', '-o', 'size=300k', 'tmpfs', path])
  return status === 0 ? undefined : `mount: ${stderr.toString()}`
}

/** Writes to `path` until the disk is full. */
async function fill(path: string): Promise<void> {
  for (let size = 256; size >= 1; size /= 2) {
    try {
      for (let i = 0; i < 10; i++) await writeFile(path, new Uint8Array(size * 1024), { flag: 'a' })
    } catch (error) {
      expect(codeOf(error)).toBe('ENOSPC')
    }
  }
}
