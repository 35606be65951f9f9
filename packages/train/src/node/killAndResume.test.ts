import { spawnSync, type ChildProcess } from 'node:child_process'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { expectExactResume, linesOf, startProcess, type Child, type Line } from '../../fixtures/killing.ts'
import { codeOf } from './ifThere.ts'

const script = new URL('../../fixtures/runInFolder.ts', import.meta.url).pathname

let root = ''
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'maxent-train-'))
})
afterEach(() => rm(root, { recursive: true, force: true }))

function startRun(args: readonly string[], onLine?: (line: Line, child: ChildProcess) => void): Child {
  return startProcess([script, ...args], onLine)
}

/** Ctrl-C once, as soon as the run has begun. */
function interruptAtStart({ started }: Line, child: ChildProcess): void {
  if (started !== undefined) child.kill('SIGINT')
}

describe('a run in a folder', () => {
  test(
    'killed at 20 random moments, ends with the bits of one that was left alone',
    { timeout: 240_000 },
    () => expectExactResume({ script, root, kills: 20, steps: 6000 }),
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
