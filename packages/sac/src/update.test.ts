import { readFileSync } from 'node:fs'
import * as tf from '@tensorflow/tfjs'
import type { Scalar, Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs'
import { key } from '@maxent/core'
import type { TransitionBatch } from '@maxent/core'
import '@maxent/core/testing'
import { describe, expect, it } from 'vitest'
import type { SacConfig } from './config.ts'
import { sac } from './sac.ts'
import type { SacState } from './state.ts'

/** Two chained gradient steps of an independent implementation; see fixtures/make_fixtures.py. */
interface Fixture {
  readonly start: Record<'policy' | 'critic' | 'criticTarget', number[]>
  readonly batches: Record<string, number[] & number[][]>[]
  readonly cases: Record<'learnedSoft' | 'fixedHard', FixtureStep[]>
}
interface FixtureStep {
  readonly state: Record<'policy' | 'critic' | 'criticTarget', number[]> & { readonly logAlpha: number }
  readonly metrics: Record<string, number>
}
const fixture = JSON.parse(
  readFileSync(new URL('../fixtures/update.json', import.meta.url), 'utf8'),
) as Fixture

const spec = { observation: { proprio: 2, task: 1 }, action: { low: [-1, 0], high: [1, 3] } }
const shared: Partial<SacConfig> = {
  gamma: 0.9,
  batchSize: 4,
  hidden: [5, 4],
  policyLearningRate: 1e-3,
  criticLearningRate: 2e-3,
}
const cases: Record<keyof Fixture['cases'], Partial<SacConfig>> = {
  learnedSoft: {
    temperature: { kind: 'learned', initialAlpha: 0.3, learningRate: 5e-3 },
    target: { kind: 'soft', tau: 0.1 },
  },
  fixedHard: { temperature: { kind: 'fixed', alpha: 0.3 }, target: { kind: 'hard', interval: 2 } },
}

function groups(rows: number[][]): Record<'proprio' | 'task', Tensor2D> {
  const all = tf.tensor2d(rows)
  return { proprio: tf.slice(all, [0, 0], [4, 2]), task: tf.slice(all, [0, 2], [4, 1]) }
}

function inputs(step: number): { batch: TransitionBatch; noise: { next: Tensor; current: Tensor } } {
  const { observation, action, reward, discount, nextObservation, next, current } = fixture.batches[step]
  const batch = {
    observation: groups(observation),
    action: tf.tensor2d(action),
    reward: tf.tensor1d(reward),
    discount: tf.tensor1d(discount),
    nextObservation: groups(nextObservation),
  }
  return { batch, noise: { next: tf.tensor2d(next), current: tf.tensor2d(current) } }
}

function start(config: Partial<SacConfig>): SacState {
  const { policy, critic, criticTarget } = fixture.start
  return {
    ...sac(spec, config).init(key(0)),
    policy: tf.tensor1d(policy),
    critic: tf.tensor1d(critic),
    criticTarget: tf.tensor1d(criticTarget),
  }
}

function targetOf({ criticTarget }: SacState): Tensor1D {
  if (criticTarget === undefined) throw new Error('the critics have no targets of their own')
  return criticTarget
}

describe('update', () => {
  it.each(['learnedSoft', 'fixedHard'] as const)(
    'equals an independent implementation over two steps: %s',
    (name) => {
      const config = { ...shared, ...cases[name] }
      const algorithm = sac(spec, config)
      let state = start(config)
      for (const [i, expected] of fixture.cases[name].entries()) {
        const { batch, noise } = inputs(i)
        const result = algorithm.update(state, batch, noise)
        expect(Object.keys(result.metrics).sort()).toEqual(Object.keys(expected.metrics).sort())
        for (const [metric, value] of Object.entries(expected.metrics)) {
          expect(result.metrics[metric], metric).toBeAllClose(value, { rtol: 1e-4, atol: 1e-6 })
        }
        state = result.state
        for (const vector of ['policy', 'critic', 'criticTarget'] as const) {
          expect(state[vector], vector).toBeAllClose(expected.state[vector], { rtol: 1e-4, atol: 2e-6 })
        }
        expect(state.step).toBeAllClose(i + 1)
        if (name === 'learnedSoft') expect(state.logAlpha).toBeAllClose(expected.state.logAlpha)
      }
    },
  )

  it('leaves the state it was given as it was', () => {
    const config = { ...shared, ...cases.learnedSoft }
    const state = start(config)
    const before = [state.policy, state.critic, targetOf(state)].map((vector) => vector.dataSync().slice())
    const { batch, noise } = inputs(0)
    sac(spec, config).update(state, batch, noise)
    const after = [state.policy, state.critic, targetOf(state)].map((vector) => vector.dataSync())
    expect(after).toEqual(before)
  })

  it('copies the critics at every interval-th step and holds the targets between', () => {
    const config: Partial<SacConfig> = { ...shared, target: { kind: 'hard', interval: 3 } }
    const algorithm = sac(spec, config)
    let state = start(config)
    const copied: boolean[] = []
    for (let i = 0; i < 6; i++) {
      const { batch, noise } = inputs(i % 2)
      const { state: next } = algorithm.update(state, batch, noise)
      const [target, critic, held] = [targetOf(next), next.critic, targetOf(state)].map((x) => x.dataSync())
      const copy = i % 3 === 2
      expect(target).toEqual(copy ? critic : held)
      copied.push(copy)
      state = next
    }
    expect(copied.filter(Boolean)).toHaveLength(2)
  })

  it('uses the target entropy of the config, and −1 per action dimension without one', () => {
    const { batch, noise } = inputs(0)
    const loss = (targetEntropy?: number): Scalar => {
      const temperature = {
        kind: 'learned',
        initialAlpha: 0.5,
        ...(targetEntropy !== undefined && { targetEntropy }),
      } as const
      const config = { ...shared, temperature }
      return sac(spec, config).update(start(config), batch, noise).metrics.alphaLoss
    }
    expect(loss()).toBeAllClose(loss(-2))
    expect(tf.sub(loss(0), loss())).toBeAllClose(-Math.log(0.5) * 2)
  })

  it('improves the policy with no trace of it in critics or targets', () => {
    // The critics' step must not depend on the noise of the policy's.
    const config = { ...shared, ...cases.learnedSoft }
    const algorithm = sac(spec, config)
    const { batch, noise } = inputs(0)
    const [one, other] = [noise.current, tf.neg(noise.current)].map((current) =>
      algorithm.update(start(config), batch, { ...noise, current }),
    )
    expect(one.state.critic.dataSync()).toEqual(other.state.critic.dataSync())
    expect(targetOf(one.state).dataSync()).toEqual(targetOf(other.state).dataSync())
    expect(one.state.policy.dataSync()).not.toEqual(other.state.policy.dataSync())
  })
})
