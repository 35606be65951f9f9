import { PassThrough } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { createCellProgress } from './cellProgress.ts'

function capture(isTTY: boolean): { stream: NodeJS.WriteStream; text: () => string } {
  const stream = Object.assign(new PassThrough(), { isTTY, columns: 120 })
  const chunks: string[] = []
  stream.on('data', (chunk: Buffer) => chunks.push(chunk.toString()))
  return { stream: stream as unknown as NodeJS.WriteStream, text: () => chunks.join('') }
}

const cells = ['a', 'b', 'c'].map((name) => ({ name, kind: 'kind', steps: 1000 }))

describe('progress of cells off a terminal', () => {
  it('writes where every cell stands from time to time and at its end, with the time that is left for all', () => {
    const { stream, text } = capture(false)
    let now = 0
    const progress = createCellProgress({ cells, jobs: 2, stream, interval: 5000, now: () => now })
    progress.start('a')
    progress.start('b')
    progress.update('a', { step: 0, stepsPerSecond: 0 })
    progress.update('b', { step: 0, stepsPerSecond: 0 })
    now = 2000
    progress.update('a', { step: 200, stepsPerSecond: 100 })
    now = 6000
    progress.update('b', { step: 600, stepsPerSecond: 100, evalReturn: -3.25 })
    now = 10_000
    progress.finish('a')
    progress.fail('b')
    progress.close()
    expect(text().split('\n')).toEqual([
      'a: step 0 of 1,000; time left not known yet',
      'b: step 0 of 1,000; time left not known yet',
      expect.stringMatching(/^b: step 600 of 1,000, 100 steps\/s, return \u22123\.3; about \d+ s left$/),
      'a: finished after 10 s; 1 of 3 cells, about 10 s left',
      'b: stopped after 10 s; 2 of 3 cells, about 10 s left',
      '',
    ])
  })
})

describe('progress of cells on a terminal', () => {
  it('draws a bar for every running cell and one for all', () => {
    const { stream, text } = capture(true)
    const progress = createCellProgress({ cells, jobs: 2, stream })
    progress.start('a')
    progress.start('b')
    progress.finish('a')
    progress.update('b', { step: 500, stepsPerSecond: 100, evalReturn: 12 })
    progress.close()
    expect(text()).toContain('a: finished after')
    expect(text()).toContain('all cells')
    expect(text()).toContain('50%')
    expect(text()).toContain('return 12')
  })
})
