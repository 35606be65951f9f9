import { createRequire } from 'node:module'
import { expect, test } from 'vitest'
import { runtimeVersion } from './version.ts'

test('runtimeVersion is that of the package installed', async () => {
  const { version } = createRequire(import.meta.url)('onnxruntime-node/package.json') as {
    readonly version: string
  }
  expect(await runtimeVersion()).toBe(version)
})
