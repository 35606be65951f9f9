import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const script = new URL('../fixtures/measureMemory.ts', import.meta.url).pathname

test('with the replay pre-touched, memory does not grow between update 10,000 and 50,000', async () => {
  // A process of its own: the test runner's memory is not constant.
  const args = ['--conditions=@maxent/source', script, '10000', '50000']
  const { stdout } = await promisify(execFile)(process.execPath, args)
  const lines = stdout.split('\n').filter((line) => line.startsWith('{'))
  const [early, late] = lines.map(
    (line) => JSON.parse(line) as { readonly rss: number; readonly tensors: number },
  )
  expect(late.tensors).toBe(early.tensors)
  expect(late.rss / early.rss).toBeLessThan(1.05)
})
