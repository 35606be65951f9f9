import { mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { createBench } from './bench.ts'

async function run(env: string, seed: number): Promise<string> {
  const folder = join(await mkdtemp(join(tmpdir(), 'curves-')), `seed-${seed}`)
  await mkdir(folder)
  await writeFile(join(folder, 'config.json'), JSON.stringify({ env: { id: env }, algorithm: 'sac', seed }))
  const line = (step: number, returnMean: number): string =>
    JSON.stringify({
      step,
      updates: step,
      final: false,
      returnMean,
      returnStd: 1,
      returns: [returnMean],
      lengths: [200],
      wallSeconds: 1,
    })
  await writeFile(join(folder, 'eval.jsonl'), `${line(500, -1200)}\n${line(1000, -150 - seed)}\n`)
  return folder
}

const bench = (...args: string[]): Promise<unknown> => createBench().parseAsync(args, { from: 'user' })

describe('bench curves', () => {
  afterEach(() => vi.restoreAllMocks())

  it('prints a row per step and a column per seed, and draws every seed', async () => {
    const folders = [await run('pendulum', 1), await run('pendulum', 2)]
    const print = vi.spyOn(console, 'log').mockImplementation(() => undefined)
    const svg = join(folders[0], 'curves.svg')
    await bench('curves', ...folders, '--svg', svg)
    expect(print.mock.calls[0]?.[0]).toBe(
      '| step | seed 1 | seed 2 |\n| ---: | ---: | ---: |\n| 500 | −1,200 | −1,200 |\n| 1000 | −151 | −152 |',
    )
    const figure = await readFile(svg, 'utf8')
    expect(figure).toMatch(/^<svg /)
    expect(figure.match(/aria-label="line"/g)).toHaveLength(2)
  })

  it('refuses runs of different environments, and folders without a whole record', async () => {
    const [pendulum, cheetah] = [await run('pendulum', 1), await run('half-cheetah', 1)]
    await expect(bench('curves', pendulum, cheetah)).rejects.toThrow(
      'got sac on pendulum and sac on half-cheetah',
    )
    await writeFile(join(cheetah, 'config.json'), '{}')
    await expect(bench('curves', cheetah)).rejects.toThrow('folders must hold complete run records')
  })
})
