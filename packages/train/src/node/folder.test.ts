import { randomUUID } from 'node:crypto'
import { mkdir, mkdtemp, open, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { memoryStore, type RunStore } from '../store.ts'
import { openRunFolder } from './folder.ts'
import { writeWholeFile } from './wholeFile.ts'

const cleanups: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'maxent-train-'))
  cleanups.push(() => rm(folder, { recursive: true, force: true }))
  return folder
}

async function openTemporary(): Promise<RunStore> {
  const store = await openRunFolder(await temporaryFolder())
  cleanups.push(() => store.close())
  return store
}

const text = (bytes: Uint8Array | undefined): string | undefined => bytes && new TextDecoder().decode(bytes)
const bytesOf = (value: string): Uint8Array => new TextEncoder().encode(value)

describe.each([
  ['in memory', () => Promise.resolve(memoryStore())],
  ['in a folder', openTemporary],
])('a run store %s', (_, openStore) => {
  test('keeps whole files', async () => {
    const store = await openStore()
    expect(await store.read('config.json')).toBeUndefined()
    await store.write('config.json', bytesOf('first'))
    await store.write('config.json', bytesOf('second'))
    expect(text(await store.read('config.json'))).toBe('second')
    await store.write('checkpoints/b', bytesOf('b'))
    await store.write('checkpoints/a', bytesOf('a'))
    expect(await store.list('checkpoints')).toEqual(['a', 'b'])
    expect(await store.list('nothing')).toEqual([])
    await store.rename('checkpoints/a', 'checkpoints/c')
    await store.remove('checkpoints/b')
    await store.remove('checkpoints/b')
    expect(await store.list('checkpoints')).toEqual(['c'])
    expect(text(await store.read('checkpoints/c'))).toBe('a')
  })

  test('appends, measures and cuts', async () => {
    const store = await openStore()
    expect(await store.flush('metrics.jsonl')).toBe(0)
    await store.truncate('metrics.jsonl', 0)
    expect(await store.read('metrics.jsonl')).toBeUndefined()
    await store.append('metrics.jsonl', 'one\n')
    await store.append('metrics.jsonl', 'zwei ü\n')
    expect(await store.flush('metrics.jsonl')).toBe(12)
    await store.truncate('metrics.jsonl', 4)
    expect(text(await store.read('metrics.jsonl'))).toBe('one\n')
    expect(await store.flush('metrics.jsonl')).toBe(4)
    // It cuts only.
    await store.truncate('metrics.jsonl', 9)
    expect(text(await store.read('metrics.jsonl'))).toBe('one\n')
  })
})

describe('openRunFolder', () => {
  test('makes the folder, and leaves nothing but the record behind', async () => {
    const root = join(await temporaryFolder(), 'deep', 'run')
    const store = await openRunFolder(root)
    expect(store.location).toBe(root)
    await store.write('config.json', bytesOf('{}'))
    expect((await readdir(root)).sort()).toEqual(['checkpoints', 'config.json', 'run.lock'])
    await store.close()
    expect((await readdir(root)).sort()).toEqual(['checkpoints', 'config.json'])
  })

  test('refuses a folder that this process has open already', async () => {
    const root = await temporaryFolder()
    const store = await openRunFolder(root)
    await expect(openRunFolder(root)).rejects.toThrow(
      new RegExp(
        `^openRunFolder: folder must not be in use by another process, got .*run.lock held by process ${process.pid} on`,
      ),
    )
    await store.close()
    await (await openRunFolder(root)).close()
  })

  test('of many that take a stale folder at once, one gets it', async () => {
    const root = await temporaryFolder()
    await writeFile(join(root, 'run.lock'), '{"pid":')
    const results = await Promise.allSettled(Array.from({ length: 8 }, () => openRunFolder(root)))
    const opened = results.filter((result) => result.status === 'fulfilled')
    expect(opened).toHaveLength(1)
    await opened[0].value.close()
  })

  /** The lock that this process writes, with other fields. */
  async function lockWith(changes: Readonly<Record<string, unknown>>): Promise<string> {
    const root = await temporaryFolder()
    const store = await openRunFolder(root)
    const lock = JSON.parse(await readFile(join(root, 'run.lock'), 'utf8')) as Record<string, unknown>
    await store.close()
    await writeFile(join(root, 'run.lock'), JSON.stringify({ ...lock, ...changes }))
    return root
  }

  test('refuses the lock of another machine or container, which it cannot look at', async () => {
    await expect(openRunFolder(await lockWith({ pid: 1, host: 'elsewhere' }))).rejects.toThrow(
      /held by process 1 on elsewhere.*delete the lock file/,
    )
    await expect(openRunFolder(await lockWith({ pid: 2 ** 22, processes: 'pid:[1]' }))).rejects.toThrow(
      /held by process 4194304 on .*delete the lock file/,
    )
  })

  test('takes over the lock of a process that is gone, or of a machine before it was started anew', async () => {
    for (const changes of [{ pid: 2 ** 22 }, { processes: 'pid:[1]', started: '00000000+1' }])
      await (await openRunFolder(await lockWith(changes))).close()
  })

  test('closed twice, it lets go of its own lock alone', async () => {
    const root = await temporaryFolder()
    const first = await openRunFolder(root)
    await first.close()
    const second = await openRunFolder(root)
    await first.close()
    await expect(openRunFolder(root)).rejects.toThrow('must not be in use by another process')
    await second.close()
  })

  test('says so when the lock cannot be read', async () => {
    const root = await temporaryFolder()
    await mkdir(join(root, 'run.lock'))
    await expect(openRunFolder(root)).rejects.toThrow(/^run folder: must be able to lock .*EISDIR/)
  })

  test('names operation, path and remedy when the system refuses', async () => {
    const root = await temporaryFolder()
    await writeFile(join(root, 'file'), '')
    await expect(openRunFolder(join(root, 'file'))).rejects.toThrow(
      /^run folder: must be able to make .*file, got (ENOTDIR|EEXIST); choose a path that is not/,
    )
    const store = await openRunFolder(root)
    await mkdir(join(root, 'config.json'))
    await expect(store.write('config.json', bytesOf('x'))).rejects.toThrow(
      /^run folder: must be able to write .*config\.json, got EISDIR/,
    )
    expect((await readdir(root)).filter((name) => name.endsWith('.tmp'))).toEqual([])
    await expect(store.rename('a', 'b')).rejects.toThrow(
      /^run folder: must be able to rename .*a, got ENOENT/,
    )
    await store.close()
  })

  test.each([
    ['ENOSPC', 'the disk is full: free some space and run the same command again'],
    ['EDQUOT', 'the disk quota is used up: free some space'],
  ])('says what to do when the system says %s, and leaves the old file', async (code, remedy) => {
    const root = await temporaryFolder()
    const store = await openRunFolder(root)
    await store.write('config.json', bytesOf('old'))
    const probe = await open(join(root, 'probe'), 'w')
    const handle = Object.getPrototypeOf(probe) as typeof probe
    await probe.close()
    const failing = vi
      .spyOn(handle, 'writeFile')
      .mockRejectedValue(Object.assign(new Error(`${code}: no room`), { code }))
    try {
      for (const [verb, operation] of [
        ['write', () => store.write('config.json', bytesOf('new'))],
        ['append to', () => store.append('metrics.jsonl', 'line\n')],
      ] as const) {
        await expect(operation()).rejects.toThrow(
          new RegExp(`^run folder: must be able to ${verb} .*, got ${code}; ${remedy}`),
        )
      }
    } finally {
      failing.mockRestore()
    }
    expect(await readdir(root)).not.toContain('config.json.tmp')
    expect(text(await store.read('config.json'))).toBe('old')
    await store.close()
  })

  test('a write that is cut short leaves the old file', async () => {
    const root = await temporaryFolder()
    const store = await openRunFolder(root)
    await store.write('config.json', bytesOf('old'))
    await expect(store.write('config.json', 3 as never)).rejects.toThrow(/must be able to write/)
    expect(await readFile(join(root, 'config.json'), 'utf8')).toBe('old')
    expect((await readdir(root)).sort()).toEqual(['checkpoints', 'config.json', 'run.lock'])
    await store.close()
  })

  test('writers of one file do not mix', async () => {
    const path = join(await temporaryFolder(), 'whole')
    const written = ['a', 'b', 'c'].map((letter, i) => letter.repeat((3 - i) * 500_000))
    for (let round = 0; round < 5; round++) {
      await Promise.all(written.map((one) => writeWholeFile(path, one)))
      expect(written).toContain(await readFile(path, 'utf8'))
    }
  })

  test('what a killed write left behind is cleared away', async () => {
    const root = await temporaryFolder()
    const left = `config.json.17.${randomUUID()}.tmp`
    await writeFile(join(root, left), 'cut')
    await writeFile(join(root, 'notes.tmp'), 'mine')
    const store = await openRunFolder(root)
    const names = await readdir(root)
    expect(names).not.toContain(left)
    expect(names).toContain('notes.tmp')
    await store.close()
  })
})
