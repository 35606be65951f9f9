import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { measurePeers, missingPeers, summarisePeers } from './peers.ts'

const folder = mkdtempSync(join(tmpdir(), 'peers-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** A stand-in for Python: a script of the shell. */
function python(name: string, body: string): string {
  const path = join(folder, name)
  writeFileSync(path, `#!/bin/sh\n${body}\n`)
  chmodSync(path, 0o755)
  return path
}

const effort = { work: 'update', blocks: 7, repetitions: 40 } as const

it('hands the effort to the script and reads the last line', async () => {
  const path = python(
    'good',
    'echo "a warning"; echo "{\\"sb3\\": {\\"version\\": \\"$2-$3-$4\\", \\"ms\\": 12}}"',
  )
  expect(await measurePeers(path, effort)).toEqual({ sb3: { version: 'update-7-40', ms: 12 } })
})

it('says which Python is missing', async () => {
  await expect(measurePeers(join(folder, 'none'), effort)).rejects.toMatchObject({
    message: expect.stringMatching(
      /^speed: --python must be a Python, got .*none, name one that is installed$/,
    ) as string,
    exitCode: 2,
  })
})

it('passes on what a library says that does not run', async () => {
  const path = python('broken', 'echo "ImportError: libtorch" >&2; exit 1')
  await expect(measurePeers(path, effort)).rejects.toMatchObject({
    message: 'speed: the Python peers must be measurable, got: ImportError: libtorch',
    exitCode: 1,
  })
})

it('ends a library that is being measured when stopped', async () => {
  const stopped = new AbortController()
  const measured = measurePeers(python('slow', 'exec sleep 60'), effort, stopped.signal)
  stopped.abort()
  await expect(measured).rejects.toMatchObject({ exitCode: 130 })
})

it('compares round by round, with the spread of the ratios', () => {
  const round = (ms: number, sb3: number): object => ({ ms, peers: { sb3: { version: '2', ms: sb3 } } })
  const rounds = [round(10, 20), round(20, 30), round(10, 12)] as Parameters<
    typeof summarisePeers
  >[0]['update']
  const gymnasium = [{ ms: 0.5, peers: { gymnasium: { version: '1', ms: 0.25 } } }]
  const reports = summarisePeers({ update: rounds, endToEnd: [], env: gymnasium })
  expect(reports).toEqual({
    sb3: { version: '2', update: { ms: 20, perSecond: 50, ratio: 1.5, low: 1.2, high: 2 } },
    gymnasium: { version: '1', env: { ms: 0.25, perSecond: 4000, ratio: 0.5, low: 0.5, high: 0.5 } },
  })
  expect(missingPeers(reports)).toEqual(['sbx is not installed, and was skipped'])
})

it('says what stands in for a library that is missing', () => {
  const torch = { version: '2', update: { ms: 1, perSecond: 1000, ratio: 1, low: 1, high: 1 } }
  expect(missingPeers({ torch })).toEqual([
    'sb3 is not installed: its update written out in plain torch stands in',
    'sbx is not installed, and was skipped',
    'gymnasium is not installed, and was skipped',
  ])
})
