import * as tf from '@tensorflow/tfjs'
import type { Tensor3D } from '@tensorflow/tfjs'
import { key, normal } from '@maxent/core'
import type { StepsBatch } from '@maxent/core'
import '@maxent/core/testing'
import { describe, expect, it } from 'vitest'
import { ppo } from './ppo.ts'

const spec = { observation: { state: 2 }, action: { low: [-2], high: [2] } }
const [T, N] = [4, 2]
const config = { environments: N, length: T, hidden: [4], batchSize: 3, gamma: 0.9, lambda: 0.8 }

const draw = (seed: number, n: number): Tensor3D => tf.tensor3d(normal(key(seed), T * N * n), [T, N, n])

/** In the first environment a time limit after the second step, in the second an end of the task after the third. */
const rollout = (): StepsBatch => ({
  observation: { state: draw(1, 2) },
  nextObservation: { state: draw(2, 2) },
  action: draw(3, 1),
  record: { sample: draw(4, 1) },
  reward: tf.reshape(draw(5, 1), [T, N]),
  discount: tf.tensor2d([[1, 1], [1, 1], [1, 0], [1, 1]]), // prettier-ignore
  continues: tf.tensor2d([[1, 1], [0, 1], [1, 0], [0, 0]]), // prettier-ignore
  valid: tf.ones([T, N]),
})

describe('prepare', () => {
  it('gives the advantages of the recursion, worked step by step', () => {
    const algorithm = ppo(spec, { ...config, normalizeObservations: false, normalizeReturns: false })
    const state = algorithm.init(key(1))
    const steps = rollout()
    const { rows } = algorithm.prepare(state, steps)
    const { advantage, target, observation } = rows as Record<string, tf.Tensor>
    // The value is what the target is beyond the advantage, which nothing is cut from here.
    const value = tf.sub(target, advantage).dataSync()
    const { rows: shifted } = algorithm.prepare(state, {
      ...steps,
      observation: steps.nextObservation,
      discount: tf.zeros([T, N]),
    })
    const next = tf
      .sub((shifted as Record<string, tf.Tensor>).target, (shifted as Record<string, tf.Tensor>).advantage)
      .dataSync()
    const [reward, discount, continues] = [steps.reward, steps.discount, steps.continues].map((x) =>
      x.dataSync(),
    )
    const expected = new Float32Array(T * N)
    for (let i = 0; i < N; i++) {
      let later = 0
      for (let t = T - 1; t >= 0; t--) {
        const at = t * N + i
        const delta = reward[at] + 0.9 * discount[at] * next[at] - value[at]
        later = delta + 0.9 * 0.8 * discount[at] * continues[at] * later
        expected[at] = later
      }
    }
    expect(advantage).toBeAllClose(expected)
    expect(observation).toBeAllClose(steps.observation.state.reshape([T * N, 2]))
  })

  it('bootstraps through the time limit, and not past the end of the task', () => {
    const algorithm = ppo(spec, { ...config, lambda: 0, normalizeReturns: false })
    const state = algorithm.init(key(1))
    const steps = rollout()
    const targetOf = (batch: StepsBatch): Float32Array | Int32Array | Uint8Array =>
      (algorithm.prepare(state, batch).rows as Record<string, tf.Tensor>).target.dataSync()
    const other = targetOf({ ...steps, nextObservation: { state: draw(9, 2) } })
    const same = targetOf(steps)
    // Row 2 is the time limit of the first environment, row 5 the end of the task of the second.
    expect(other[2]).not.toBe(same[2])
    expect(other[5]).toBe(same[5])
    expect(same[5]).toBeCloseTo(steps.reward.dataSync()[5], 5)
  })

  it('has the densities of the policy that acted, so that the first ratios are 1', () => {
    const algorithm = ppo(spec, config)
    const state = algorithm.init(key(1))
    const { rows, state: next } = algorithm.prepare(state, rollout())
    const three = Object.fromEntries(
      Object.entries(rows as Record<string, tf.Tensor>).map(([name, x]) => [name, tf.slice(x, 0, 3)]),
    )
    const batch = { ...three, weight: tf.ones([3]) } as never
    const { metrics } = algorithm.update(next, batch, {})
    expect(metrics.kl).toBeAllClose(0, { atol: 1e-6 })
    expect(metrics.clipped).toBeAllClose(0)
    expect(metrics.surrogate).toBeAllClose(0, { atol: 1e-6 })
  })

  it('brings the statistics up to date for the next rollout, those of observations and of returns', () => {
    const algorithm = ppo(spec, config)
    const steps = rollout()
    const { state, rows } = algorithm.prepare(algorithm.init(key(1)), steps)
    const seen = steps.observation.state.reshape([T * N, 2])
    expect(state.observations.mean).toBeAllClose(tf.mean(seen, 0))
    expect(state.observations.count).toBeAllClose(T * N)
    const { target } = rows as Record<string, tf.Tensor>
    expect(tf.mean(target)).toBeAllClose(0, { atol: 1e-5 })
    expect(tf.mean(tf.square(target))).toBeAllClose(1, { rtol: 1e-3 })
    // Those that acted normalised by no statistics at all.
    expect((rows as Record<string, tf.Tensor>).observation).toBeAllClose(seen)
    const off = ppo(spec, { ...config, normalizeObservations: false, normalizeReturns: false })
    expect(off.prepare(off.init(key(1)), steps).state.observations.count).toBeAllClose(0)
  })
})
