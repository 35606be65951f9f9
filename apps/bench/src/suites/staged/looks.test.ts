import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { takeLooks } from './looks.ts'

const root = mkdtempSync(join(tmpdir(), 'looks-'))
afterAll(() => rmSync(root, { recursive: true }))

it('looks that were taken are not taken again, and each is told of the one before', async () => {
  const file = join(root, 'looks.json')
  const taken: number[] = []
  const request = {
    file,
    steps: [1, 5, 9],
    take: (step: number, before: { readonly step: number; readonly found: number } | undefined) => {
      taken.push(step)
      if (step === 9 && taken.length < 4) throw new Error('asked to stop')
      return Promise.resolve({ step, found: (before?.found ?? 0) + step })
    },
  }
  await expect(takeLooks(request)).rejects.toThrow('asked to stop')
  expect(await takeLooks(request)).toEqual([
    { step: 1, found: 1 },
    { step: 5, found: 6 },
    { step: 9, found: 15 },
  ])
  expect(taken).toEqual([1, 5, 9, 9])
})
