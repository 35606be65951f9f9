import { readFileSync } from 'node:fs'
import { key } from '@maxent/core/keys'
import { mapTree, type Tree } from '@maxent/core/tree'
import type { HostTensor } from '@maxent/jit'
import * as tf from '@tensorflow/tfjs'
import type { Tensor } from '@tensorflow/tfjs'
import { describe, expect, test } from 'vitest'
import { linearLearner } from '../fixtures/linearLearner.ts'
import { createAgent } from './agent.ts'
import { decodeSafetensors, encodeSafetensors, type FileTensor, type TensorFile } from './safetensors.ts'
import { exportState, importState, type StateOwner } from './stateFile.ts'
import { stateHash } from './stateHash.ts'

/** Written by the Python library: fixtures/make_safetensors.py. */
const recorded = new Uint8Array(readFileSync(new URL('../fixtures/state.safetensors', import.meta.url)))

const state = {
  policy: {
    kernel: {
      dtype: 'float32',
      shape: [2, 3],
      data: Float32Array.of(1.5, -0, 3e-45, -2, 1e38, 0.1),
    },
    bias: { dtype: 'float32', shape: [3], data: Float32Array.of(0.25, -1, 7) },
  },
  none: { dtype: 'float32', shape: [0, 4], data: new Float32Array(0) },
  'log α': { dtype: 'float32', shape: [], data: Float32Array.of(-0.5) },
  step: { dtype: 'int32', shape: [], data: Int32Array.of(-7) },
  mask: { dtype: 'bool', shape: [5], data: Uint8Array.of(1, 0, 1, 1, 0) },
} as const satisfies Tree<HostTensor>

/** An algorithm with states of that shape. */
const algorithm: StateOwner = {
  id: 'recorded',
  init: () =>
    mapTree<Tree<HostTensor>, HostTensor, Tensor>(state, ({ shape, dtype }) => tf.zeros([...shape], dtype)),
}

const read = (file: Uint8Array, owner = algorithm): Tree<HostTensor> =>
  importState({ algorithm: owner, file })

/** The recorded file with other contents. */
function changed(
  change: (file: { metadata: Record<string, string>; tensors: Map<string, FileTensor> }) => void,
) {
  const { metadata, tensors } = decodeSafetensors('test', recorded)
  const file = { metadata: { ...metadata }, tensors: new Map(tensors) }
  change(file)
  return encodeSafetensors(file satisfies TensorFile)
}

/** A file with any header over any data. */
function withHeader(header: string, data = new Uint8Array(0)): Uint8Array {
  const json = new TextEncoder().encode(header)
  const file = new Uint8Array(8 + json.length + data.length)
  new DataView(file.buffer).setBigUint64(0, BigInt(json.length), true)
  file.set(json, 8)
  file.set(data, 8 + json.length)
  return file
}

describe('a state as a safetensors file', () => {
  test('is what the Python library writes, byte for byte', () => {
    expect(exportState({ algorithm, state })).toEqual(recorded)
  })

  test('is read back bit for bit from what the Python library wrote', async () => {
    expect(read(recorded)).toEqual(state)
    expect(await stateHash(read(recorded))).toBe(await stateHash(state))
    // Also where the bytes begin at an odd place of a larger buffer.
    const shifted = new Uint8Array(recorded.length + 3).subarray(3)
    shifted.set(recorded)
    expect(read(shifted)).toEqual(state)
  })

  test('carries a learner over: it goes on with the same bits', async () => {
    const spec = { observation: { proprio: 3 }, action: { low: [-1], high: [1] } }
    const learner = linearLearner(spec, { batchSize: 4 })
    const batch = {
      observation: { proprio: Float32Array.from({ length: 12 }, (_, i) => Math.sin(i)) },
      action: new Float32Array(4),
      reward: Float32Array.of(1, 2, 3, 4),
      discount: Float32Array.of(1, 1, 0, 1),
      nextObservation: { proprio: Float32Array.from({ length: 12 }, (_, i) => Math.cos(i)) },
    }
    const first = await createAgent({ algorithm: learner, key: key(1) })
    for (let u = 0; u < 3; u++) await first.update(batch, u)
    const file = exportState({ algorithm: learner, state: await first.program.getState() })
    const imported = importState({ algorithm: learner, file })
    const second = await createAgent({ algorithm: learner, key: key(1), state: imported })
    for (const agent of [first, second]) await agent.update(batch, 3)
    const [a, b] = await Promise.all([first, second].map((agent) => agent.program.getState()))
    expect(await stateHash(a)).toBe(await stateHash(b))
    expect(await stateHash(a)).not.toBe(await stateHash(imported))
    await first.dispose()
    await second.dispose()
  })

  test('frees the tensors of the state that it compares with', () => {
    const before = tf.memory().numTensors
    read(exportState({ algorithm, state }))
    expect(tf.memory().numTensors).toBe(before)
  })
})

describe('exportState refuses', () => {
  test.each<[string, Tree<HostTensor>, string]>([
    [
      'a leaf of another shape',
      { ...state, step: { dtype: 'int32', shape: [1], data: Int32Array.of(1) } },
      'exportState: state must hold leaf "step" as int32 [], got int32 [1]',
    ],
    [
      'data of another length',
      { ...state, step: { dtype: 'int32', shape: [], data: Int32Array.of(1, 2) } },
      'exportState: state must hold leaf "step" as int32 [], got 8 bytes in place of 4',
    ],
    [
      'a state of another algorithm',
      { value: state.step },
      'exportState: state must hold leaf "policy/kernel" as float32 [2, 3], got no such leaf',
    ],
  ])('%s', (_, tree, message) => {
    expect(() => exportState({ algorithm, state: tree })).toThrow(message)
  })

  test('two leaves of one path', () => {
    const twice: StateOwner = { id: 'twice', init: () => ({ 'a/b': tf.scalar(0), a: { b: tf.scalar(0) } }) }
    expect(() => exportState({ algorithm: twice, state: {} })).toThrow(
      'exportState: algorithm must have leaves of different paths, got "a/b" again',
    )
  })
})

describe('importState refuses', () => {
  const owner = (
    alter: (tree: Record<string, Tree<Tensor>>) => Record<string, Tree<Tensor>>,
  ): StateOwner => ({
    id: 'recorded',
    init: (from) => alter(algorithm.init(from) as Record<string, Tree<Tensor>>),
  })

  test.each<[string, StateOwner, string]>([
    [
      'a state of another shape',
      owner((tree) => ({ ...tree, policy: { kernel: tf.zeros([3, 2]), bias: tf.zeros([3]) } })),
      'importState: file must hold leaf "policy/kernel" as float32 [3, 2], got float32 [2, 3]; make the algorithm with the ' +
        'configuration that the state was learned with',
    ],
    [
      'a state of another type',
      owner((tree) => ({ ...tree, step: tf.scalar(0) })),
      'importState: file must hold leaf "step" as float32 [], got int32 []',
    ],
    [
      'a state with fewer leaves',
      owner((tree) => ({ ...tree, value: tf.zeros([2]) })),
      'importState: file must hold leaf "value" as float32 [2], got no such leaf',
    ],
    [
      'a state with more leaves',
      owner(({ mask: _, ...rest }) => rest),
      'importState: file must hold no more than the state, got leaf "mask" too',
    ],
    [
      'a state of another algorithm',
      { ...algorithm, id: 'other' },
      'importState: file must have the metadata maxent.state = {"version":1,"algorithm":"other"}, got ' +
        '{"version":1,"algorithm":"recorded"}; make the algorithm that wrote it',
    ],
  ])('%s', (_, other, message) => {
    expect(() => read(recorded, other)).toThrow(RangeError)
    expect(() => read(recorded, other)).toThrow(message)
  })

  test.each<[string, () => Uint8Array, string]>([
    [
      'a file of a later version',
      () => changed(({ metadata }) => (metadata['maxent.state'] = '{"version":2,"algorithm":"recorded"}')),
      'got {"version":2,"algorithm":"recorded"}; update @maxent/train',
    ],
    [
      'a file without metadata',
      () => changed(({ metadata }) => delete metadata['maxent.state']),
      'got none; write it with exportState, or keep the metadata',
    ],
    [
      'metadata that are no JSON',
      () => changed(({ metadata }) => (metadata['maxent.state'] = 'v1')),
      'got v1; make the algorithm that wrote it',
    ],
    [
      'a type that states do not have',
      () =>
        changed(({ tensors }) => tensors.set('step', { dtype: 'I64', shape: [], bytes: new Uint8Array(8) })),
      'importState: file must hold leaf "step" as int32 [], got I64 []',
    ],
    [
      'bools that are neither 0 nor 1',
      () =>
        changed(({ tensors }) =>
          tensors.set('mask', { dtype: 'BOOL', shape: [5], bytes: Uint8Array.of(0, 1, 0, 7, 1) }),
        ),
      'importState: file must hold leaf "mask" as bool [5] of 0 and 1, got 7 at index 3',
    ],
    [
      'a tensor with fewer bytes than its shape',
      () =>
        changed(({ tensors }) => tensors.set('step', { dtype: 'I32', shape: [], bytes: new Uint8Array(2) })),
      'importState: file must hold leaf "step" as int32 [], got 2 bytes in place of 4',
    ],
    [
      'an empty file',
      () => new Uint8Array(0),
      'importState: file must be the bytes of a safetensors file, got 0 bytes: it is empty or cut',
    ],
    [
      'text',
      () => new TextEncoder().encode('{"policy": [1, 2, 3], "value": [4, 5]}'),
      'importState: file must be the bytes of a safetensors file, got 38 bytes of something else',
    ],
    [
      'a header that is no JSON',
      () => withHeader('{"a": '),
      'importState: file must be the bytes of a safetensors file, got a header that does not describe tensors',
    ],
    [
      'a header that is no record of tensors',
      () => withHeader('{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}', new Uint8Array(4)),
      'got a header that does not describe tensors',
    ],
    [
      'tensors that overlap',
      () =>
        withHeader(
          '{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[2,6]}}',
          new Uint8Array(6),
        ),
      'importState: file must hold its tensors one after another, got offsets [2, 6] of "b" after byte 4 of the data',
    ],
    [
      'a hole',
      () => withHeader('{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}', new Uint8Array(8)),
      'got offsets [4, 8] of "a" after byte 0 of the data',
    ],
    [
      'offsets that run backwards',
      () => withHeader('{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,-4]}}', new Uint8Array(8)),
      'got a header that does not describe tensors',
    ],
    [
      'bytes at the end',
      () => Uint8Array.of(...recorded, 0),
      `importState: file must end with its last tensor, after ${recorded.length} bytes, got ${recorded.length + 1}`,
    ],
  ])('%s', (_, file, message) => {
    expect(() => read(file())).toThrow(RangeError)
    expect(() => read(file())).toThrow(message)
  })

  test('every cut of a file', () => {
    for (let length = 0; length < recorded.length; length++) {
      expect(() => read(recorded.subarray(0, length))).toThrow(/cut/)
    }
  })

  test('random bytes', () => {
    let word = 1
    for (let i = 0; i < 200; i++) {
      const noise = Uint8Array.from({ length: i }, () => (word = (word * 48271) % 2147483647) & 255)
      expect(() => read(noise)).toThrow(RangeError)
    }
  })
})
