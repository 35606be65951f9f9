import { PassThrough } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { createProgress } from './progress.ts'

function capture(isTTY: boolean): { stream: NodeJS.WriteStream; text: () => string } {
  const stream = Object.assign(new PassThrough(), { isTTY, columns: 120 })
  const chunks: string[] = []
  stream.on('data', (chunk: Buffer) => chunks.push(chunk.toString()))
  return { stream: stream as unknown as NodeJS.WriteStream, text: () => chunks.join('') }
}

describe('progress off a terminal', () => {
  it('writes a line at the first sign of life, at every new evaluation and at the end, and nothing in between', () => {
    const { stream, text } = capture(false)
    const progress = createProgress({ runs: { pendulum: { steps: 4000 } }, stream })
    progress.update('pendulum', { step: 100, stepsPerSecond: 100 })
    progress.update('pendulum', { step: 200, stepsPerSecond: 100 })
    progress.update('pendulum', { step: 1000, stepsPerSecond: 100, evalReturn: -1234.5 })
    progress.update('pendulum', { step: 1100, stepsPerSecond: 100, evalReturn: -1234.5 })
    progress.update('pendulum', { step: 4000, stepsPerSecond: 80.25, evalReturn: -150 })
    progress.close()
    expect(text()).toBe(
      'pendulum: step 100 of 4,000, 100 steps/s, 39 s left, no evaluation yet\n' +
        'pendulum: step 1,000 of 4,000, 100 steps/s, 30 s left, return \u22121,235\n' +
        'pendulum: step 4,000 of 4,000, 80.3 steps/s, 0 s left, return \u2212150\n',
    )
  })
})

describe('progress on a terminal', () => {
  it('draws a bar per run', () => {
    const { stream, text } = capture(true)
    const progress = createProgress({ runs: { a: { steps: 10 }, bb: { steps: 20 } }, stream })
    progress.update('a', { step: 10, stepsPerSecond: 5, evalReturn: 3 })
    progress.close()
    expect(text()).toContain('100%')
    expect(text()).toContain('return 3')
  })

  it('draws nothing more once it is closed, so that what is printed since stays', () => {
    const { stream, text } = capture(true)
    const progress = createProgress({ runs: { a: { steps: 10 } }, stream })
    progress.close()
    const before = text()
    progress.close()
    expect(text()).toBe(before)
  })
})
