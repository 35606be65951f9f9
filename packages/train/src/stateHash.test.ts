import type { HostTensor } from '@maxent/jit'
import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { stateHash } from './stateHash.ts'

const tensor = (
  data: HostTensor['data'],
  shape: readonly number[],
  dtype: HostTensor['dtype'],
): HostTensor => ({
  shape,
  dtype,
  data,
})
const state = {
  policy: [tensor(Float32Array.of(1, 2, 3, 4), [2, 2], 'float32')],
  step: tensor(Int32Array.of(9), [], 'int32'),
}

test('stateHash is SHA-256 over path, type, shape and bytes of every leaf', async () => {
  const hash = createHash('sha256')
  hash.update('["policy/0","float32",[2,2],16]\n')
  hash.update(new Uint8Array(Float32Array.of(1, 2, 3, 4).buffer))
  hash.update('["step","int32",[],4]\n')
  hash.update(new Uint8Array(Int32Array.of(9).buffer))
  expect(await stateHash(state)).toBe(hash.digest('hex'))
})

test('stateHash tells states apart by value, sign of zero, shape, type and path', async () => {
  const one = (
    data: HostTensor['data'],
    shape: readonly number[],
    dtype: HostTensor['dtype'] = 'float32',
  ): object => ({
    a: tensor(data, shape, dtype),
  })
  const states = [
    one(Float32Array.of(0, 0), [2]),
    one(Float32Array.of(0, -0), [2]),
    one(Float32Array.of(0, 1), [2]),
    one(Float32Array.of(0, 0), [1, 2]),
    one(Int32Array.of(0, 0), [2], 'int32'),
    { b: tensor(Float32Array.of(0, 0), [2], 'float32') },
  ]
  const hashes = await Promise.all(states.map((tree) => stateHash(tree as Record<string, HostTensor>)))
  expect(new Set(hashes).size).toBe(states.length)
})
