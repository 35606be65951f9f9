import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { launchChromium, openChecks, type ChecksPage } from '../browser/chromium.ts'
import { describeInChromium, patience } from '../browser/describeInChromium.ts'
import { servePage, type ServedPage } from '../browser/servePage.ts'
import * as node from './checks.ts'

/** The largest difference between numbers at the same places. */
function distance(a: readonly number[], b: readonly number[]): number {
  expect(a.length).toBe(b.length)
  return a.reduce((worst, x, i) => Math.max(worst, Math.abs(x - b[i])), 0)
}

describeInChromium('in a worker of a page', (executable) => {
  let served: ServedPage
  let browser: Browser
  let checks: ChecksPage
  beforeAll(async () => {
    served = await servePage('checks.html')
    browser = await launchChromium(executable)
    checks = await openChecks(browser, served.isolated)
  }, patience)
  afterAll(async () => {
    await browser.close()
    await served.close()
  })

  it('200 updates of SAC on recorded fresh batches have the metrics that they have in Node', async () => {
    const recording = await node.record(2_000)
    const [here, there] = [
      await node.sacUpdates(recording, 200),
      await checks.run('sacUpdates', recording, 200),
    ]
    const names = Object.keys(here[0])
    expect(names).toContain('criticLoss')
    expect(there.length).toBe(200)
    for (const name of names) {
      const of = (metrics: typeof here): number[] => metrics.map((at) => at[name])
      expect(distance(of(here), of(there)), name).toBeLessThan(1e-4)
    }
    expect(here[199].criticLoss).not.toBeCloseTo(here[0].criticLoss, 1)
  })

  it('SAC learns to swing the pendulum up', async () => {
    const { untrained, trained } = await checks.run('trainPendulum', 2_000)
    expect(untrained).toBeLessThan(-900)
    expect(trained).toBeGreaterThan(-400)
  })

  it('half-cheetah steps on MuJoCo along the trajectory that it has in Node', async () => {
    const [here, there] = [
      await node.trajectory('half-cheetah', 1_000),
      await checks.run('trajectory', 'half-cheetah', 1_000),
    ]
    expect(here.length).toBe(17 + 18 * 1_000)
    expect(there).toEqual(here)
  })

  it('an exported policy acts and draws as in Node at 1,000 observations, with plain ONNX Runtime too', async () => {
    const file = await node.policyFile(await node.record(500))
    const [here, there] = [await node.actions(file, 1_000), await checks.run('actions', file, 1_000)]
    expect(distance(here.action, there.action)).toBeLessThan(1e-5)
    expect(distance(here.sample, there.sample)).toBeLessThan(1e-5)
    expect(distance(here.action, await checks.run('plainActions', file, 1_000))).toBeLessThan(1e-5)
    const spread = Math.max(...here.action) - Math.min(...here.action)
    expect(spread).toBeGreaterThan(0.1)
  })

  it('a policy exported there loads here', async () => {
    const recording = await node.record(500)
    const file = await checks.run('policyFile', recording)
    const [here, there] = [await node.actions(file, 10), await checks.run('actions', file, 10)]
    expect(distance(here.action, there.action)).toBeLessThan(1e-5)
  })

  it('more than one thread is given where the page is isolated', async () => {
    const { page, run } = await openChecks(browser, served.isolated)
    const { criticLoss, warnings } = await run('updateOnThreads', 2)
    expect(warnings).toEqual([])
    expect(await run('poolThreads')).toBe(2)
    expect(criticLoss).toBeCloseTo((await node.updateOnThreads(2)).criticLoss, 5)
    await page.close()
  })

  it('one thread, and a warning, is given where it is not', async () => {
    const { page, run } = await openChecks(browser, served.plain)
    const { criticLoss, warnings } = await run('updateOnThreads', 2)
    expect(warnings).toEqual([
      expect.stringContaining('the page is not cross-origin isolated; serve it with'),
    ])
    expect(await run('poolThreads')).toBe(1)
    expect(criticLoss).toBeCloseTo((await node.updateOnThreads(1)).criticLoss, 5)
    await page.close()
  })

  it('an ONNX file that is not a policy is refused', async () => {
    await expect(checks.run('actions', Uint8Array.of(1, 2, 3), 1)).rejects.toThrow(
      'loadPolicy: file must be the bytes of an ONNX file, got 3 bytes of something else',
    )
  })

  it('a browser without WebAssembly SIMD is refused, and told what to do', async () => {
    const old = await launchChromium(executable, ['--no-enable-sse4-1'])
    const { run } = await openChecks(old, served.plain)
    await expect(run('trainPendulum', 1)).rejects.toThrow(
      'the browser must have WebAssembly SIMD, got one without, use Chrome 91',
    )
    await old.close()
  })
})
