import { Worker } from 'node:worker_threads'

const spin = `
  const { parentPort, workerData } = require('node:worker_threads')
  const end = performance.now() + workerData
  let x = 0
  while (performance.now() < end) for (let i = 0; i < 1e5; i++) x = (x * 1664525 + i) >>> 0
  parentPort.postMessage(x)
`

/** Below this ratio of CPU time to wall time two spinning threads do not have a core each. */
export const twoRealCores = 1.7

/**
 * Spins two threads and compares the CPU time they got with the time that passed: 2 where two cores are free for this process, 1 where
 * its threads share one.
 */
export async function spinProbe(milliseconds = 1000): Promise<number> {
  const before = process.cpuUsage()
  const start = performance.now()
  await Promise.all([1, 2].map(() => spinOnce(milliseconds)))
  const wall = performance.now() - start
  const used = process.cpuUsage(before)
  return (used.user + used.system) / 1000 / wall
}

function spinOnce(milliseconds: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(spin, { eval: true, workerData: milliseconds })
    worker.on('error', reject)
    worker.on('exit', () => resolve())
  })
}
