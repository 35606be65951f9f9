import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { writeWholeFile } from './wholeFile.ts'

const folder = mkdtempSync(join(tmpdir(), 'whole-'))
afterAll(() => rmSync(folder, { recursive: true }))

it('replaces a file, and leaves nothing else', async () => {
  const path = join(folder, 'page.html')
  await writeWholeFile(path, 'first')
  await writeWholeFile(path, 'second')
  expect(readFileSync(path, 'utf8')).toBe('second')
  expect(readdirSync(folder)).toEqual(['page.html'])
})

it('leaves nothing behind where the file cannot take its name', async () => {
  const taken = join(folder, 'taken')
  mkdirSync(join(taken, 'file.html', 'inside'), { recursive: true })
  await expect(writeWholeFile(join(taken, 'file.html'), 'text')).rejects.toThrow(/rename/)
  expect(readdirSync(taken)).toEqual(['file.html'])
})
