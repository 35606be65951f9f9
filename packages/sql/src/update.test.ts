import * as tf from '@tensorflow/tfjs'
import type { Tensor, Tensor1D } from '@tensorflow/tfjs'
import { key, squashedScore, svgdDirection } from '@maxent/core'
import type { Algorithm } from '@maxent/core'
import '@maxent/core/testing'
import { describe, expect, it } from 'vitest'
import { makeBatch, makeNoise, twoGroups } from '../../baselines/fixtures/transitions.ts'
import { resolveSqlConfig } from './config.ts'
import type { SqlConfig } from './config.ts'
import { createNetworks } from './networks.ts'
import { sql } from './sql.ts'
import type { SqlState } from './state.ts'

const shared: Partial<SqlConfig> = {
  batchSize: 4,
  hidden: [6, 5],
  activation: 'tanh',
  gamma: 0.9,
  policyLearningRate: 1e-3,
  criticLearningRate: 2e-3,
  temperature: { kind: 'fixed', alpha: 0.3 },
  value: { kind: 'uniform', samples: 6, shared: false },
  particles: { kind: 'disjoint', fixed: 5, updated: 3 },
  rewardScale: 2,
}
const batch = makeBatch(twoGroups, 4)
const taken = tf.expandDims(tf.div(tf.sub(batch.action, [0, 0.4]), [2, 0.3]), 1)

/** Adam's first step: the learning rate against the sign of the gradient. */
const firstStep = (parameters: Tensor1D, grad: Tensor, rate: number): Tensor1D =>
  tf.sub<Tensor1D>(parameters, tf.mul(rate, tf.div(grad, tf.add(tf.abs(grad), 1e-8))))

interface Written {
  readonly loss: number
  readonly target: Tensor
  readonly critic: Tensor1D
  readonly policy: Tensor1D
}

/** Algorithm 1 written out, in the form before tanh, with one set of particles or two. */
function written(config: SqlConfig, start: SqlState, noise: { uniform: Tensor; particles: Tensor }): Written {
  const { critics, sampler } = createNetworks(twoGroups, config)
  const least = (parameters: Tensor1D, observation: typeof batch.observation, action: Tensor): Tensor =>
    tf.min(critics(parameters, observation, action), 0)
  const alpha = 0.3
  const actions = tf.sub(tf.mul(tf.add(noise.uniform, tf.zeros([4, 1, 1])), 2), 1)
  const next = least(start.criticTarget, batch.nextObservation, actions)
  const value = tf.add(tf.mul(alpha, tf.log(tf.mean(tf.exp(tf.div(next, alpha)), 1))), alpha * 2 * Math.LN2)
  const target = tf.add(tf.mul(2, batch.reward), tf.mul(tf.mul(0.9, batch.discount), value))
  const loss = (parameters: Tensor): tf.Scalar => {
    const q = tf.squeeze(critics(parameters as Tensor1D, batch.observation, taken), [2])
    return tf.mul(0.5, tf.sum<tf.Scalar>(tf.mean(tf.square(tf.sub(q, target)), 1)))
  }
  const critic = firstStep(start.critic, tf.grad(loss)(start.critic), 2e-3)

  const isOne = config.particles.kind === 'same'
  const [fixedLatents, movedLatents] = isOne
    ? [noise.particles, noise.particles]
    : tf.split(noise.particles, [5, 3], 1)
  const u = sampler(start.policy, batch.observation, fixedLatents)
  const slope = tf.grad((a: Tensor) => tf.sum(least(critic, batch.observation, a)))(tf.tanh(u))
  const direction = svgdDirection({
    particles: u,
    updated: sampler(start.policy, batch.observation, movedLatents),
    score: squashedScore({ preTanh: u, actionGradient: slope, alpha }),
    alpha,
  })
  const along = (parameters: Tensor): tf.Scalar =>
    tf.neg(
      tf.sum<tf.Scalar>(tf.mul(direction, sampler(parameters as Tensor1D, batch.observation, movedLatents))),
    )
  const count = tf.sum(direction, 2).size
  const grad = tf.div(tf.grad(along)(start.policy), count)
  return {
    loss: loss(start.critic).dataSync()[0],
    target,
    critic,
    policy: firstStep(start.policy, grad, 1e-3),
  }
}

describe('update', () => {
  it.each<[string, Partial<SqlConfig>]>([
    ['two sets of particles', {}],
    ['one set of particles', { particles: { kind: 'same', count: 4 } }],
    [
      'two critics and actions that all states share',
      {
        critics: 2,
        value: { kind: 'uniform', samples: 6, shared: true },
      },
    ],
  ])('takes the steps of algorithm 1, written out, with %s', (_, change) => {
    const config = resolveSqlConfig({ ...shared, ...change })
    const algorithm = sql(twoGroups, config)
    const start = algorithm.init(key(1))
    const noise = makeNoise(algorithm.noise.update) as { uniform: Tensor; particles: Tensor }
    const expected = written(config, start, noise)
    const { state, metrics } = algorithm.update(start, batch, noise)
    expect(metrics.criticLoss).toBeAllClose(expected.loss)
    expect(metrics.targetMean).toBeAllClose(tf.mean(expected.target))
    expect(state.critic).toBeAllClose(expected.critic, { atol: 2e-6 })
    expect(state.policy).toBeAllClose(expected.policy, { atol: 2e-6 })
    expect(state.step).toBeAllClose(1)
  })

  it('copies the critics at every interval-th step and holds the targets between', () => {
    const algorithm = sql(twoGroups, { ...shared, target: { kind: 'hard', interval: 3 } })
    let state = algorithm.init(key(1))
    for (let i = 0; i < 6; i++) {
      const { state: next } = algorithm.update(state, batch, makeNoise(algorithm.noise.update, i + 1))
      const copied = i % 3 === 2 ? next.critic : state.criticTarget
      expect(next.criticTarget.dataSync()).toEqual(copied.dataSync())
      state = next
    }
  })

  it('measures the sampler at every diagnosticsEvery-th step, and learns the same', () => {
    const algorithm = sql(twoGroups, { ...shared, diagnosticsEvery: 3 })
    const { schedule } = algorithm
    expect(schedule).toHaveLength(3)
    const start = algorithm.init(key(1))
    const noise = makeNoise(algorithm.noise.update)
    const plain = algorithm.update(start, batch, noise)
    const measured = schedule?.[2].update(start, batch, noise)
    expect(measured?.state.policy.dataSync()).toEqual(plain.state.policy.dataSync())
    const extra = Object.keys(measured?.metrics ?? {}).filter((name) => !(name in plain.metrics))
    expect(extra.sort()).toEqual(['bandwidth', 'collapsed', 'entropy', 'modeCoverage', 'steinDiscrepancy'])
    expect(sql(twoGroups, { ...shared, diagnosticsEvery: 0 }).schedule).toBeUndefined()
  })

  it('tells how far the sampler is from exp(Q/α) before tanh, also where it moves behind it', () => {
    const metricsOf = (form: SqlConfig['form']): Readonly<Record<string, Tensor>> => {
      const temperature = { kind: 'fixed', alpha: 1 } as const
      const { init, schedule, noise } = sql(twoGroups, { ...shared, temperature, form, diagnosticsEvery: 1 })
      return schedule?.[0].update(init(key(1)), batch, makeNoise(noise.update)).metrics ?? {}
    }
    const [before, behind] = [metricsOf('preTanh'), metricsOf('released')]
    expect(behind.steinDiscrepancy).toBeAllClose(before.steinDiscrepancy)
    expect(behind.bandwidth.dataSync()[0]).not.toBeCloseTo(before.bandwidth.dataSync()[0], 3)
  })

  it('tells the entropy of exp(Q/α): that of the box for a flat Q', () => {
    const algorithm = sql(twoGroups, { ...shared, diagnosticsEvery: 1 })
    const start = algorithm.init(key(1))
    const none = tf.zerosLike(start.critic)
    const flat = { ...start, critic: none, criticTarget: none }
    const still: Algorithm<SqlState> = sql(twoGroups, {
      ...shared,
      criticLearningRate: 1e-12,
      diagnosticsEvery: 1,
    })
    const taken = still.schedule?.[0].update(flat, batch, makeNoise(algorithm.noise.update))
    expect(taken?.metrics.entropy).toBeAllClose(2 * Math.LN2, { atol: 1e-4 })
    // All six actions count alike where the targets are flat, and not where they are not.
    expect(taken?.metrics.effectiveSampleSize).toBeAllClose(6)
    const steep = { ...flat, criticTarget: tf.mul<tf.Tensor1D>(start.critic, 3) }
    const other = still.update(steep, batch, makeNoise(algorithm.noise.update))
    expect(other.metrics.effectiveSampleSize.dataSync()[0]).toBeLessThan(5.5)
  })

  it('anneals α with its steps', () => {
    const temperature = { kind: 'annealed', from: 0.1, to: 0.001, steps: 2 } as const
    const algorithm = sql(twoGroups, { ...shared, temperature })
    let state = algorithm.init(key(1))
    const alphas: number[] = []
    for (let i = 0; i < 4; i++) {
      const next = algorithm.update(state, batch, makeNoise(algorithm.noise.update, i + 1))
      alphas.push(next.metrics.alpha.dataSync()[0])
      state = next.state
    }
    expect(tf.tensor1d(alphas)).toBeAllClose([0.1, 0.01, 0.001, 0.001])
  })

  it('acts by one action where one latent is left', () => {
    const algorithm = sql(twoGroups, { ...shared, latents: { kind: 'set', size: 8, steps: 1 } })
    const start = algorithm.init(key(1))
    const observation = { proprio: tf.ones<tf.Rank.R2>([20, 3]), task: tf.ones<tf.Rank.R2>([20, 2]) }
    const spread = (state: SqlState): number => {
      const { action } = algorithm.act(state, observation, makeNoise(algorithm.noise.act(20)))
      return tf.max(tf.sub(tf.max(action, 0), tf.min(action, 0))).dataSync()[0]
    }
    expect(spread(start)).toBeGreaterThan(0.01)
    const later = { ...start, step: tf.scalar(1, 'int32') }
    expect(spread(later)).toBe(0)
    const { action } = algorithm.act(later, observation, makeNoise(algorithm.noise.act(20)))
    expect(algorithm.actDeterministic(later, observation).action).toBeAllClose(action)
    // All particles are then one: an update follows the mean score and stays finite.
    const { state } = algorithm.update(later, batch, makeNoise(algorithm.noise.update))
    expect(tf.all(tf.isFinite(state.policy)).dataSync()[0]).toBe(1)
  })

  it('refuses a state without the set of latents that the config has', () => {
    const algorithm = sql(twoGroups, { ...shared, latents: { kind: 'set', size: 8, steps: 1 } })
    const start = sql(twoGroups, shared).init(key(1))
    expect(() => algorithm.update(start, batch, makeNoise(algorithm.noise.update))).toThrow(
      'drawLatents: state must hold the set of latents with this config, got none',
    )
  })
})
