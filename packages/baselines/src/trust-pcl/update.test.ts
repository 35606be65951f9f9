import * as tf from '@tensorflow/tfjs'
import type { Tensor } from '@tensorflow/tfjs'
import { key, mapTree, normal, stepsSpecs } from '@maxent/core'
import type { StepsBatch, TensorSpec, Tree } from '@maxent/core'
import '@maxent/core/testing'
import { describe, expect, it } from 'vitest'
import { lambdaOfDivergence } from './divergence.ts'
import { trustPcl } from './trustPcl.ts'
import type { TrustPclConfig } from './config.ts'

const spec = { observation: { state: 3 }, action: { low: [-1, -1], high: [1, 1] } }
const [length, rows] = [3, 4]
const small = { length, batchSize: rows, hidden: [8], paths: 'all' } as const

/** Stretches that go on to their end, and twelve episodes. */
function makeBatch(change: { readonly returns?: Tensor; readonly lengths?: Tensor } = {}): StepsBatch {
  const specs = stepsSpecs(spec, { length, rows, record: { preTanh: 2 }, episodes: 12 })
  const drawn = mapTree<Tree<TensorSpec>, TensorSpec, Tensor>(specs, ({ shape }, path) => {
    const size = shape.reduce((product, n) => product * n, 1)
    return tf.tensor(normal(key(path.length), size), [...shape])
  }) as unknown as StepsBatch
  const last = tf.tensor2d([[1], [1], [0]])
  return {
    ...drawn,
    discount: tf.ones([length, rows]),
    valid: tf.ones([length, rows]),
    continues: tf.tile(last, [1, rows]),
    episodes: {
      returns: change.returns ?? tf.mul(100, tf.tensor1d(normal(key(5), 12))),
      lengths: change.lengths ?? tf.fill([12], 20),
    },
  }
}

interface Step {
  readonly state: ReturnType<ReturnType<typeof trustPcl>['init']>
  readonly after: Step['state']
  readonly metrics: Readonly<Record<string, Tensor>>
}

function step(config: Partial<TrustPclConfig>, batch = makeBatch()): Step {
  const algorithm = trustPcl(spec, { ...small, ...config })
  const state = algorithm.init(key(1))
  const { state: after, metrics } = algorithm.update(state, batch, {})
  return { state, after, metrics }
}

describe('λ', () => {
  it('stays where it is given without a bound on the divergence', () => {
    expect(step({ lambda: 3 }).after.lambda).toBeAllClose(3, { atol: 0 })
  })

  it('moves by a hundredth of the way to where the bound wants it', () => {
    const batch = makeBatch()
    const { after, metrics } = step({ lambda: 3, divergence: 0.01 }, batch)
    const { returns, lengths } = batch.episodes ?? { returns: tf.zeros([0]), lengths: tf.zeros([0]) }
    const wanted = lambdaOfDivergence({ returns, lengths, epsilon: 0.01, range: [0.1, 1000] }).arraySync()
    expect(wanted).toBeGreaterThan(20)
    expect(after.lambda).toBeAllClose(0.99 * 3 + 0.01 * wanted)
    expect(metrics.lambda).toBeAllClose(after.lambda)
  })

  it('stays as long as there are fewer than nine episodes', () => {
    const lengths = (ended: number): Tensor =>
      tf.tensor1d(Array.from({ length: 12 }, (_, n) => (n < ended ? 20 : 0)))
    const lambdaAfter = (ended: number): number =>
      step({ lambda: 3, divergence: 0.01 }, makeBatch({ lengths: lengths(ended) })).after.lambda.arraySync()
    expect(lambdaAfter(8)).toBe(3)
    expect(lambdaAfter(9)).toBeGreaterThan(3)
  })
})

describe('an update', () => {
  it('reads V where a stretch ends from the parameters that bootstrap names', () => {
    const batch = makeBatch()
    const algorithm = trustPcl(spec, { ...small, bootstrap: 'lagged' })
    const state = algorithm.init(key(1))
    // The lagged value does not depend on the state, and the online one is another.
    const shifted = { ...state, laggedValue: tf.zerosLike(state.laggedValue) }
    const error = (bootstrap: TrustPclConfig['bootstrap'], from: typeof state): number =>
      trustPcl(spec, { ...small, bootstrap })
        .update(from, batch, {})
        .metrics.pathError.arraySync()
    expect(error('online', shifted)).toBeCloseTo(error('online', state), 6)
    expect(error('lagged', state)).toBeCloseTo(error('online', state), 6)
    // Paths of three steps, two and one.
    const weight = (0.99 ** 3 + 0.99 ** 2 + 0.99) / 3
    const ends = tf.slice(batch.nextObservation.state, [length - 1, 0, 0], [1, rows, 3])
    const values = tf.mul<tf.Scalar>(weight, meanValue(state.value, batch, ends)).arraySync()
    expect(error('lagged', state) - error('lagged', shifted)).toBeCloseTo(values, 5)
  })

  it('lets no gradient through a lagged V', () => {
    // One step, next to nothing of the policy in the error: the gradient is that of −C V(s).
    const plain = { ...small, alpha: 0, lambda: 1e-9 }
    const online = step({ ...plain, bootstrap: 'online' })
    const lagged = step({ ...plain, bootstrap: 'lagged' })
    expect(lagged.metrics.pathError).toBeAllClose(online.metrics.pathError)
    const moment = ({ after }: Step): Tensor => after.optimizer.value.mean as Tensor
    expect(moment(lagged)).not.toBeAllClose(moment(online))
    expect(lagged.after.laggedValue).toBeAllClose(
      tf.add(tf.mul(0.99, lagged.state.value), tf.mul(0.01, lagged.after.value)),
    )
  })

  it('counts the paths from first steps, or from all', () => {
    const batch = makeBatch()
    const [first, all] = (['first', 'all'] as const).map((paths) => step({ paths }, batch))
    const parameters = first.state.value
    const start = tf.slice(batch.observation.state, [0, 0, 0], [1, rows, 3])
    expect(first.metrics.valueMean).toBeAllClose(meanValue(parameters, batch, start))
    expect(all.metrics.valueMean).not.toBeAllClose(first.metrics.valueMean)
    // A stretch of one step has one path.
    const short: StepsBatch = {
      ...batch,
      continues: tf.zeros([length, rows]),
      valid: tf.tile(tf.tensor2d([[1], [0], [0]]), [1, rows]),
    }
    const [a, b] = (['first', 'all'] as const).map((paths) => step({ paths }, short))
    expect(a.after.policy).toBeAllClose(b.after.policy, { atol: 0, rtol: 0 })
    expect(a.metrics.pathLoss).toBeAllClose(b.metrics.pathLoss)
  })

  it('ends a stretch where it says, not at its last row', () => {
    const batch = makeBatch()
    // All but the first step of the second stretch are after its end: they must not matter.
    const cut = tf.tensor2d([
      [1, 0, 1, 1],
      [1, 0, 1, 1],
      [0, 0, 0, 0],
    ])
    const valid = tf.tensor2d([
      [1, 1, 1, 1],
      [1, 0, 1, 1],
      [1, 0, 1, 1],
    ])
    const other = (x: tf.Tensor3D): tf.Tensor3D =>
      tf.add(x, tf.mul(9, tf.sub(1, tf.reshape(valid, [3, 4, 1]))))
    const ended: StepsBatch = { ...batch, continues: cut, valid }
    const changed: StepsBatch = {
      ...ended,
      nextObservation: { state: other(batch.nextObservation.state) },
      reward: tf.add(batch.reward, tf.mul(7, tf.sub(1, valid))),
    }
    expect(step({}, changed).metrics.pathError).toBeAllClose(step({}, ended).metrics.pathError)
    expect(step({}, batch).metrics.pathError).not.toBeAllClose(step({}, ended).metrics.pathError)
  })
})

describe('a shared σ', () => {
  it('is the same in every state, starts where it is given and is learned', () => {
    const algorithm = trustPcl(spec, { ...small, sharedLogStd: Math.log(0.5) })
    const state = algorithm.init(key(1))
    const act = (from: typeof state, noise: number): number[] => {
      const observation = { state: tf.tensor2d(normal(key(9), 6), [2, 3]) }
      const { record } = algorithm.act(from, observation, tf.fill([2, 2], noise))
      return [...(record?.preTanh ?? tf.zeros([0, 2])).dataSync()]
    }
    const sigmas = (from: typeof state): number[] => act(from, 1).map((u, i) => u - act(from, 0)[i])
    for (const sigma of sigmas(state)) expect(sigma).toBeCloseTo(0.5, 5)
    const learned = sigmas(algorithm.update(state, makeBatch(), {}).state)
    expect(learned[0]).toBeCloseTo(learned[2], 5)
    expect(learned[0]).not.toBeCloseTo(0.5, 5)
  })
})

/** The mean of V over states [1, rows, 3]. */
function meanValue(parameters: tf.Tensor1D, batch: StepsBatch, states: tf.Tensor3D): Tensor {
  const algorithm = trustPcl(spec, small)
  const state = { ...algorithm.init(key(1)), value: parameters }
  // The metrics tell of V where steps begin: here all of them begin there.
  const repeated: tf.Tensor3D = tf.tile(states, [length, 1, 1])
  return algorithm.update(state, { ...batch, observation: { state: repeated } }, {}).metrics.valueMean
}
