import * as tf from '@tensorflow/tfjs'
import type { Tensor, Tensor1D } from '@tensorflow/tfjs'
import { key } from '@maxent/core'
import '@maxent/core/testing'
import { describe, expect, it } from 'vitest'
import { makeBatch, twoGroups } from '../../fixtures/transitions.ts'
import { resolveNafConfig } from './config.ts'
import { naf } from './naf.ts'
import { createNetwork } from './network.ts'

const config = resolveNafConfig({
  batchSize: 4,
  hidden: [6, 5],
  activation: 'tanh',
  gamma: 0.9,
  learningRate: 2e-3,
  target: { kind: 'soft', tau: 0.1 },
})
const algorithm = naf(twoGroups, config)
const batch = makeBatch(twoGroups, 4)
const start = algorithm.init(key(1))
const { apply } = createNetwork(twoGroups, config)

describe('update', () => {
  it('takes the step of Algorithm 1, written out with the matrices', () => {
    const taken = tf.div(tf.sub(batch.action, [0, 0.4]), [2, 0.3])
    const next = apply(start.target, batch.nextObservation).value
    const target = tf.add(batch.reward, tf.mul(tf.mul(0.9, batch.discount), next))
    const loss = (parameters: Tensor): tf.Scalar => {
      const { value, mean, logDiagonal, below } = apply(parameters as Tensor1D, batch.observation)
      const [first, second] = tf.split(tf.exp(logDiagonal), 2, 1)
      const [d1, d2] = tf.split<Tensor>(tf.sub(taken, mean), 2, 1)
      // Lᵀ d for L = [[first, 0], [below, second]].
      const squares = tf.add(
        tf.square(tf.add(tf.mul(first, d1), tf.mul(below, d2))),
        tf.square(tf.mul(second, d2)),
      )
      const q = tf.sub(value, tf.mul(0.5, tf.reshape(squares, [4])))
      return tf.mean(tf.square(tf.sub(q, target)))
    }
    const grad = tf.grad(loss)(start.network)
    const moved = tf.sub(start.network, tf.mul(2e-3, tf.div(grad, tf.add(tf.abs(grad), 1e-8))))
    const { state, metrics } = algorithm.update(start, batch, {})
    expect(metrics.criticLoss).toBeAllClose(loss(start.network))
    expect(state.network).toBeAllClose(moved, { atol: 5e-6 })
    expect(state.target).toBeAllClose(tf.add(tf.mul(state.network, 0.1), tf.mul(start.target, 0.9)))
  })

  it('keeps P away from singular and infinite matrices, whatever the network says', () => {
    for (const size of [-1e4, 1e4]) {
      const wild = tf.fill<tf.Rank.R1>([start.network.size], size)
      const { logDiagonal } = apply(wild, batch.observation)
      for (const x of logDiagonal.dataSync()) expect(x >= -5 && x <= 2).toBe(true)
    }
    const { state } = algorithm.update({ ...start, network: tf.mul(start.network, 100) }, batch, {})
    expect(state.network.dataSync().every((x) => Number.isFinite(x))).toBe(true)
  })
})
