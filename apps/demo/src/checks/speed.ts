/** How much slower than Node a browser makes an update of SAC: 64x64, batch 256, one thread, blocks in turns. */
import { launchChromium, openChecks } from '../browser/chromium.ts'
import { findChromium } from '../browser/findChromium.ts'
import { servePage } from '../browser/servePage.ts'
import * as node from './checks.ts'

const blocks = 11
const updates = 50
const wanted = 6

const executable = findChromium()
if (executable === undefined)
  throw new Error('speed: there must be a Chromium, got none, install one or set CHROME_PATH')

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1]

const served = await servePage('checks.html')
const browser = await launchChromium(executable)
const { run } = await openChecks(browser, served.isolated)
const recording = await node.record(2_000)
const times: { readonly node: number; readonly browser: number }[] = []
// The first block of each warms up.
for (let block = 0; block <= blocks; block++) {
  times.push({
    node: await node.timeUpdates(recording, updates),
    browser: await run('timeUpdates', recording, updates),
  })
}
await browser.close()
await served.close()

const counted = times.slice(1)
const ratio = median(counted.map((time) => time.browser / time.node))
const ms = (place: 'node' | 'browser'): string => median(counted.map((time) => time[place])).toFixed(2)
console.log(`one update of SAC, 64x64, batch 256, one thread, median of ${blocks} blocks of ${updates}`)
console.log(
  `Node ${ms('node')} ms, browser ${ms('browser')} ms, ratio ${ratio.toFixed(2)} (wanted: at most ${wanted})`,
)
process.exitCode = ratio <= wanted ? 0 : 1
