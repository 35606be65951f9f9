import { expect, it } from 'vitest'
import { workerEnvironment } from './workerEnvironment.ts'

it('keeps what the user has set, and adds what keeps freed memory', () => {
  expect(workerEnvironment({ PATH: '/bin', MALLOC_TOP_PAD_: '0' })).toEqual({
    PATH: '/bin',
    MALLOC_TOP_PAD_: '0',
    MALLOC_MMAP_THRESHOLD_: '1073741824',
    MALLOC_TRIM_THRESHOLD_: '1073741824',
  })
})
