import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { measurePeers } from './peers.ts'

const folder = mkdtempSync(join(tmpdir(), 'peers-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** A stand-in for Python: a script of the shell. */
function python(name: string, body: string): string {
  const path = join(folder, name)
  writeFileSync(path, `#!/bin/sh\n${body}\n`)
  chmodSync(path, 0o755)
  return path
}

const effort = { blocks: 7, updates: 40 }

it('hands the effort to the script and reads the last line', async () => {
  const path = python(
    'good',
    'echo "a warning"; echo "{\\"sb3\\": {\\"version\\": \\"$2-$3\\", \\"ms\\": 12, \\"updatesPerSecond\\": 83}}"',
  )
  expect(await measurePeers(path, effort)).toEqual({ sb3: { version: '7-40', ms: 12, updatesPerSecond: 83 } })
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
