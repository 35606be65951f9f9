import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { findChromium } from './findChromium.ts'

let folder: string
let program: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'maxent-path-'))
  program = join(folder, 'chromium')
  await writeFile(program, '')
  await chmod(program, 0o755)
})
afterAll(() => rm(folder, { recursive: true }))

it('takes the browser that CHROME_PATH names before the first on the PATH', () => {
  expect(findChromium({ PATH: `/nowhere:${folder}` })).toBe(program)
  expect(findChromium({ PATH: folder, CHROME_PATH: process.execPath })).toBe(process.execPath)
  expect(findChromium({ PATH: folder, CHROME_PATH: '' })).toBe(program)
})

it('refuses a CHROME_PATH where nothing can be run', () => {
  expect(() => findChromium({ PATH: folder, CHROME_PATH: join(folder, 'missing') })).toThrow(
    /^findChromium: CHROME_PATH must name a program, got .*missing, correct or unset it$/,
  )
})
