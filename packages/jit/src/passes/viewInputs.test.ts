import * as tf from '@tensorflow/tfjs'
import { beforeAll, describe, expect, it } from 'vitest'
import { createProgram } from '../program/createProgram.ts'
import type { Graph, Value } from '../graph/graph.ts'
import { viewInputs } from './viewInputs.ts'

const vector: Value = { shape: [6], dtype: 'float32', input: 'state' }
const part = (n: number): Value => ({ shape: [n], dtype: 'float32' })

describe('viewInputs', () => {
  beforeAll(() => tf.ready())

  it('feeds the parts of a flat input in the shapes they are used in, and drops Split and Reshape', () => {
    const [a, b] = [part(2), part(4)]
    const square: Value = { shape: [2, 2], dtype: 'float32' }
    const out: Value = { shape: [2, 2], dtype: 'float32' }
    const graph: Graph = {
      inputs: [vector],
      nodes: [
        { op: 'Split', inputs: [vector], outputs: [a, b], attributes: {} },
        { op: 'Reshape', inputs: [b], outputs: [square], attributes: {} },
        { op: 'Add', inputs: [square, a], outputs: [out], attributes: {} },
      ],
      outputs: [out],
    }
    const { graph: viewed, views } = viewInputs(graph, [vector])
    expect(viewed.nodes.map(({ op }) => op)).toEqual(['Add'])
    expect(views.map(({ whole, offset, value }) => [whole === vector, offset, value.shape])).toEqual([
      [true, 2, [2, 2]],
      [true, 0, [2]],
    ])
    expect(viewed.nodes[0]?.inputs).toEqual(views.map(({ value }) => value))
  })

  it('leaves a part that is an output alone', () => {
    const [a, b] = [part(2), part(4)]
    const split = { op: 'Split', inputs: [vector], outputs: [a, b], attributes: {} }
    const { graph, views } = viewInputs({ inputs: [vector], nodes: [split], outputs: [a] }, [vector])
    expect(graph.nodes).toEqual([split])
    expect(views).toEqual([])
  })

  // A single row is computed without ONNX Runtime.
  it.each([1, 2])(
    'makes a program that reads parts of its state as it stands after updates, with %i rows, and old arrays are given back',
    async (count) => {
      const rows = Float32Array.from({ length: 2 * count }, (_, i) => [1, 10][i % 2])
      const results = (...row: number[]): Float32Array =>
        Float32Array.from({ length: 2 * count }, (_, i) => row[i % 2])
      const program = await createProgram({
        name: 'parts',
        state: { flat: tf.tensor1d([1, 2, 3, 4, 5, 6]) },
        functions: {
          grow: {
            args: [],
            run: ({ flat }) => ({ state: { flat: tf.add<tf.Tensor1D>(flat, 1) }, old: flat }),
          },
          read: {
            args: [{ shape: [count, 2] }],
            run: ({ flat }, x: tf.Tensor2D) => {
              const [kernel, bias] = tf.split(flat, [4, 2])
              return { y: tf.add(tf.matMul(x, tf.reshape<tf.Rank.R2>(kernel, [2, 2])), bias) }
            },
          },
        },
      })
      const before = await program.getState()
      expect((await program.call('read', [rows])).y).toEqual(results(36, 48))
      const { old } = await program.call('grow', [])
      await program.call('grow', [])
      expect((await program.call('read', [rows])).y).toEqual(results(60, 72))
      // What was handed out stays the caller's.
      expect(old).toEqual(Float32Array.of(1, 2, 3, 4, 5, 6))
      program.setState(before)
      await program.call('grow', [])
      await program.call('grow', [])
      expect(before).toEqual({
        flat: { shape: [6], dtype: 'float32', data: Float32Array.of(1, 2, 3, 4, 5, 6) },
      })
      expect((await program.call('read', [rows])).y).toEqual(results(60, 72))
      await program.dispose()
    },
  )
})
