import * as tf from '@tensorflow/tfjs'
import type { Tensor, Tensor1D, Tensor2D, Tensor3D } from '@tensorflow/tfjs'
import { drawNoise, key } from '@maxent/core'
import type { StepsBatch, TransitionBatch, Tree } from '@maxent/core'
import { registerComparisonGradients } from '@maxent/core/comparisonGradients'
import '@maxent/core/testing'
import { describe, expect, it } from 'vitest'
import { makeBatch, makeNoise } from '../../baselines/fixtures/transitions.ts'
import { resolveSacConfig, type SacConfig } from './config.ts'
import { createNetworks, type SacNetworks } from './networks.ts'
import { sac } from './sac.ts'
import type { SacState } from './state.ts'
import type { Stepped } from './temperature.ts'

registerComparisonGradients()

/** What a gradient step regresses on and climbs, beside the same written out number by number. */
const spec = { observation: { s: 2 }, action: { low: [-2, 0], high: [2, 1] } }
const [B, gamma, alpha] = [6, 0.9, 0.7]
const shared: Partial<SacConfig> = {
  batchSize: B,
  hidden: [8],
  gamma,
  temperature: { kind: 'fixed', alpha },
}

const normals = (seed: number, ...shape: number[]): Tensor =>
  tf.tensor(drawNoise(key(seed), { shape, law: 'normal' }), shape)

interface Fixture {
  readonly networks: SacNetworks
  readonly state: SacState
  readonly noise: { readonly next?: Tree<Tensor>; readonly current: Tree<Tensor> }
  readonly step: (batch: TransitionBatch | StepsBatch) => Stepped<SacState>
}

function make(config: Partial<SacConfig>, change: (state: SacState) => SacState = (state) => state): Fixture {
  const algorithm = sac(spec, { ...shared, ...config })
  const state = change(algorithm.init(key(1)))
  const noise = makeNoise(algorithm.noise.update, 4) as Fixture['noise']
  return {
    networks: createNetworks(spec, resolveSacConfig({ ...shared, ...config })),
    state,
    noise,
    // Targets over several steps are taken from stretches.
    step: (batch) => algorithm.update(state, batch as TransitionBatch, noise),
  }
}

/** T steps of B stretches: one ends at its first step, one is cut there, others end or are cut later. */
function stretches(T: number): StepsBatch {
  const discount = Array.from({ length: T }, () => Array<number>(B).fill(1))
  const continues = Array.from({ length: T }, () => Array<number>(B).fill(1))
  continues[T - 1].fill(0)
  discount[0][1] = continues[0][1] = continues[0][2] = discount[T - 1][3] = 0
  if (T > 2) continues[1][4] = discount[1][5] = continues[1][5] = 0
  return {
    observation: { s: normals(1, T, B, 2) as Tensor3D },
    action: tf.zeros([T, B, 2]),
    reward: normals(2, T, B) as Tensor2D,
    discount: tf.tensor2d(discount),
    continues: tf.tensor2d(continues),
    valid: tf.ones([T, B]),
    nextObservation: { s: normals(3, T, B, 2) as Tensor3D },
    record: {},
  }
}

const meanOf = (x: Tensor): number => tf.mean(x).dataSync()[0]

describe('the target of a gradient step', () => {
  it.each([2, 3, 5])(
    'has over %i steps scaled rewards, the entropy after each step, and the bootstrap where the stretch ends',
    (T) => {
      const { networks, state, noise, step } = make({ nStep: T, rewardScale: 3 })
      const batch = stretches(T)
      const next = { s: tf.reshape<tf.Rank.R2>(batch.nextObservation.s, [T * B, 2]) }
      const { action, logProb } = networks.policy(state.policy, next).sample(noise.next as Tree<Tensor>)
      const q = tf.min(networks.critics(state.criticTarget as Tensor1D, next, action), 0).dataSync()
      const entropy = logProb.dataSync().map((x) => -x)
      const reward = batch.reward.dataSync()
      const discount = batch.discount.dataSync()
      const continues = batch.continues.dataSync()
      let sum = 0
      for (let b = 0; b < B; b++) {
        let weight = 1
        for (let t = 0; t < T; t++) {
          const i = t * B + b
          sum += weight * 3 * reward[i]
          weight *= gamma * discount[i]
          sum += weight * alpha * entropy[i]
          if (continues[i] === 1) continue
          sum += weight * q[i]
          break
        }
      }
      expect(step(batch).metrics.targetMean).toBeAllClose(sum / B)
    },
  )

  it('has the slow copy of the value network, which learns the soft value of the present policy', () => {
    const { networks, state, noise, step } = make({ bootstrap: 'valueNetwork', rewardScale: 3 }, (state) => ({
      ...state,
      valueTarget: tf.mul(2, state.valueTarget as Tensor1D),
    }))
    const batch = makeBatch(spec, B)
    const { metrics } = step(batch)
    const next = networks.value(state.valueTarget as Tensor1D, batch.nextObservation)
    const target = tf.add(tf.mul(3, batch.reward), tf.mul(tf.mul(gamma, batch.discount), next))
    expect(metrics.targetMean).toBeAllClose(meanOf(target))
    const { action, logProb } = networks.policy(state.policy, batch.observation).sample(noise.current)
    const soft = tf.sub(
      tf.min(networks.critics(state.critic, batch.observation, action), 0),
      tf.mul(alpha, logProb),
    )
    const value = networks.value(state.value as Tensor1D, batch.observation)
    expect(metrics.valueLoss).toBeAllClose(0.5 * meanOf(tf.square(tf.sub(value, soft))))
  })
})

describe('what the policy climbs', () => {
  it.each([
    ['minimum', (q: Tensor): Tensor => tf.min(q, 0)],
    ['first', (q: Tensor): Tensor => tf.unstack(q)[0]],
    ['mean', (q: Tensor): Tensor => tf.mean(q, 0)],
  ] as const)('is the %s of the critics just updated', (policyCritic, reduce) => {
    const { networks, state, noise, step } = make({ policyCritic })
    const batch = makeBatch(spec, B)
    const { state: moved, metrics } = step(batch)
    const { action, logProb } = networks.policy(state.policy, batch.observation).sample(noise.current)
    const q = reduce(networks.critics(moved.critic, batch.observation, action))
    expect(metrics.actorLoss).toBeAllClose(meanOf(tf.sub(tf.mul(alpha, logProb), q)))
  })
})

describe('a gradient step from what is not its own', () => {
  const other: Partial<SacConfig> = { bootstrap: 'valueNetwork' }
  const stateOf = (config: Partial<SacConfig>): SacState => make(config).state

  it('refuses the state of the other bootstrap, either way', () => {
    expect(() => make({}, () => stateOf(other)).step(makeBatch(spec, B))).toThrow(
      "update: state must be one of bootstrap 'critics', got one with policy, critic, value, valueTarget, optimizer, step; initialise the state with the same config",
    )
    expect(() => make(other, () => stateOf({})).step(makeBatch(spec, B))).toThrow(
      "update: state must be one of bootstrap 'valueNetwork', got one with policy, critic, criticTarget, optimizer, step",
    )
  })

  it('refuses the state of another kind of temperature, and noise that is not there', () => {
    const learned: Partial<SacConfig> = { temperature: { kind: 'learned', initialAlpha: 1 } }
    expect(() => make({}, () => stateOf(learned)).step(makeBatch(spec, B))).toThrow(
      'update: state must be that of a fixed temperature, got one with logAlpha',
    )
    const algorithm = sac(spec, shared)
    const { current } = make({}).noise
    expect(() => algorithm.update(stateOf({}), makeBatch(spec, B), { current })).toThrow(
      "update: noise must have what the algorithm's noise.update asks for, got none for 'next'",
    )
  })
})
