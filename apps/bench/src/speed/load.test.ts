import { describe, expect, it } from 'vitest'
import { otherLoad, readCpu, waitForQuiet } from './load.ts'

describe('otherLoad', () => {
  const before = { at: 0, machine: 1000, own: 100 }

  it('counts what the machine did beyond this process and its children, in cores', () => {
    expect(otherLoad(before, { at: 1000, machine: 2500, own: 600 }, 400)).toBeCloseTo(0.6)
  })

  it('is never negative, whatever the clocks round', () => {
    expect(otherLoad(before, { at: 1000, machine: 1100, own: 900 })).toBe(0)
  })

  it('reads clocks that go forward', () => {
    const first = readCpu()
    const second = readCpu()
    expect(second.at).toBeGreaterThanOrEqual(first.at)
    expect(second.machine).toBeGreaterThanOrEqual(first.machine)
  })
})

describe('waitForQuiet', () => {
  it('waits until the load has gone', async () => {
    const loads = [1.5, 0.9, 0.1]
    const seen: number[] = []
    const measure = (): Promise<number> => Promise.resolve(loads.shift() ?? 0)
    await expect(waitForQuiet({ patience: 10, measure, onWait: (load) => seen.push(load) })).resolves.toBe(
      0.1,
    )
    expect(seen).toEqual([1.5, 0.9])
  })

  it('gives up as noisy, with exit status 2, when its patience ends', async () => {
    const measure = (): Promise<number> => Promise.resolve(1.25)
    await expect(waitForQuiet({ patience: 0, measure })).rejects.toMatchObject({
      message: expect.stringMatching(
        /^noisy: other processes must keep at most 0.2 of a core busy, got 1.25/,
      ) as string,
      exitCode: 2,
    })
  })
})
