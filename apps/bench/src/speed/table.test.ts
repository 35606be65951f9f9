import { expect, it } from 'vitest'
import type { SpeedReport } from './speed.ts'
import { speedTable } from './table.ts'

const report: SpeedReport = {
  machine: { cpu: 'Test CPU', cores: 2, memoryGb: 8, platform: 'linux x64' },
  node: 'v24.0.0',
  runtime: 'onnxruntime-node, cpu',
  sacUpdate: {
    threads1: { ms: 8.25, updatesPerSecond: 121.2, matmulLimitMs: 6.9, fractionOfLimit: 0.84 },
    threads2: null,
    threads2Reason: 'two spinning threads got 1.00 cores, less than 1.7',
    spinProbe: 1,
  },
  act: {
    us: 30,
    usBetweenUpdates: 110,
    fractionOfUpdate: 0.0036,
    fractionOfUpdateBetween: 0.0133,
    loaded: { us: 31, usBetweenUpdates: 66, fractionOfUpdate: 0.0037, fractionOfUpdateBetween: 0.008 },
  },
  env: {
    'half-cheetah': { stepsPerSecond: 14_000, ratioToBareLoop: 0.98 },
    pendulum: { stepsPerSecond: 2e6 },
  },
  endToEnd: { 'half-cheetah': { stepsPerSecond: 115.3, ratioToUpdateRate: 0.952 } },
  compileMs: 90,
  compileUpdates: 10.9,
  rng: {
    uniformNs: 6.1,
    normalNs: 10.8,
    mathRandomNs: 7.1,
    uniformToMathRandom: 0.86,
    normalToMathRandom: 1.5,
  },
  rssMb: 196,
  otherLoad: 0.03,
}

it('shows every figure with what it is compared to, and the reason for one that is missing', () => {
  const text = speedTable(report)
  expect(text).toMatch(/^Test CPU, 2 cores, v24\.0\.0, other load 0\.03$/m)
  expect(text).toMatch(/SAC update, 1 thread +8\.25 ms +0\.84 of the matrix-product limit/)
  expect(text).toMatch(/SAC update, 2 threads +- +two spinning threads got 1\.00 cores, less than 1\.7/)
  expect(text).toMatch(/act, between updates +110 us +1\.33 % of an update/)
  expect(text).toMatch(/act, loaded, between updates +66 us +0\.80 % of an update/)
  expect(text).toMatch(/half-cheetah, learning +115 steps\/s +0\.952 of the update rate/)
})

it('shows two threads against one', () => {
  const threads2 = { ...report.sacUpdate.threads1, ms: 6, fractionOfLimit: 0.7, speedup: 1.4 }
  const text = speedTable({
    ...report,
    sacUpdate: { threads1: report.sacUpdate.threads1, threads2, spinProbe: 2 },
  })
  expect(text).toMatch(/2 threads +6\.00 ms +1\.40 x one thread, 0\.70 of the limit/)
})

it('shows the Python libraries that were measured', () => {
  const text = speedTable({
    ...report,
    peers: {
      sb3: {
        version: '2.7.0',
        update: { ms: 12.4, perSecond: 80.6, ratio: 1.5, low: 1.45, high: 1.58 },
        endToEnd: { ms: 14, perSecond: 71.4, ratio: 1.4, low: 1.3, high: 1.5 },
      },
    },
    missingPeers: ['sbx is not installed, and was skipped'],
  })
  expect(text).toMatch(/sb3 2\.7\.0, SAC update +12\.4 ms +1\.50 x the time here \(1\.45 to 1\.58\)/)
  expect(text).toMatch(/sb3 2\.7\.0, learning half-cheetah, a step +14 ms +1\.40 x/)
  expect(text).toMatch(/^sbx is not installed, and was skipped/m)
})
