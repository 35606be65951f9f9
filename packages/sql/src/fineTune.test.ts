import * as tf from '@tensorflow/tfjs'
import { key } from '@maxent/core'
import { banditEnv } from '@maxent/core/testing'
import type { HostTensor } from '@maxent/jit'
import { createAgent, memoryStore, parseRecord, startFrom, train } from '@maxent/train'
import type { Pretrained } from '@maxent/train'
import { beforeAll, describe, expect, it } from 'vitest'
import type { SqlConfig } from './config.ts'
import { sql } from './sql.ts'
import type { SqlState } from './state.ts'

const config: Partial<SqlConfig> = {
  batchSize: 16,
  hidden: [16, 16],
  value: { kind: 'uniform', samples: 10, shared: true },
  particles: { kind: 'disjoint', fixed: 6, updated: 6 },
}
const loop = { steps: 60, warmupSteps: 30, evaluateEvery: 0, finalEpisodes: 0 }
const { spec } = banditEnv()
const before = sql(spec, config)
let pretrained: Pretrained

beforeAll(async () => {
  const { state } = await train({
    env: banditEnv(),
    evalEnv: banditEnv(),
    algorithm: before,
    config: loop,
    seed: 1,
  })
  pretrained = { algorithm: before, state }
})

/** A task of other spaces. */
const other = {
  observation: { state: 1, pose: 2 },
  action: spec.action,
}

describe('fine-tuning', () => {
  it('starts with the networks of the other run, and with optimisers and counts of its own', async () => {
    const annealed = sql(spec, {
      ...config,
      temperature: { kind: 'annealed', from: 0.1, to: 0.001, steps: 20 },
      latents: { kind: 'set', size: 4, steps: 20 },
    })
    const learned = pretrained.state as Readonly<Record<string, { readonly data: Float32Array }>>
    const start = startFrom(annealed, pretrained).init(key(5))
    for (const name of ['policy', 'critic', 'criticTarget'] as const)
      expect(start[name].dataSync()).toEqual(learned[name].data)
    expect(start.step.dataSync()[0]).toBe(0)
    expect(start.latents?.shape).toEqual([4, 1])
    expect(tf.max(tf.abs(start.optimizer.policy.mean as tf.Tensor)).dataSync()[0]).toBe(0)

    // Thirty updates later α and the latents are at their ends: one action is left.
    const algorithm = startFrom(annealed, pretrained)
    const { state } = await train({
      env: banditEnv(),
      evalEnv: banditEnv(),
      algorithm,
      config: loop,
      seed: 2,
    })
    const agent = await createAgent({ algorithm, key: key(3), state })
    const actions = await Promise.all(
      [0, 1, 2, 3].map((step) => agent.act({ state: Float32Array.of(1) }, step)),
    )
    expect(new Set(actions.map(([action]) => action)).size).toBe(1)
    await agent.dispose()
  })

  it('anneals α and shrinks the set of latents from its own start on, update by update', async () => {
    const [from, to, size, steps] = [0.1, 0.001, 9, 16]
    const annealed = sql(spec, {
      ...config,
      temperature: { kind: 'annealed', from, to, steps },
      latents: { kind: 'set', size, steps },
    })
    const algorithm = startFrom(annealed, pretrained)
    const store = memoryStore()
    const { warmupSteps } = loop
    for (const [updates, used] of [
      [4, 7],
      [8, 5],
      [12, 3],
      [16, 1],
      [20, 1],
    ]) {
      const { state } = await train({
        env: banditEnv(),
        evalEnv: banditEnv(),
        algorithm,
        config: { ...loop, steps: warmupSteps + updates, logEvery: 1, metricsEvery: 1 },
        seed: 2,
        store,
      })
      const agent = await createAgent({ algorithm, key: key(3), state })
      const drawn = await Promise.all(
        Array.from({ length: 200 }, (_, step) => agent.act({ state: Float32Array.of(1) }, step)),
      )
      expect(new Set(drawn.map(([action]) => action)).size).toBe(used)
      await agent.dispose()
    }
    const text = new TextDecoder().decode(await store.read('metrics.jsonl'))
    const { metrics } = parseRecord({ config: '', metrics: text, evaluations: '' })
    const alphas = metrics.filter(({ step }) => step > warmupSteps).map((line) => line.metrics.alpha)
    expect(alphas).toHaveLength(20)
    for (const [k, alpha] of alphas.entries())
      expect(alpha / (from * (to / from) ** Math.min(k / steps, 1))).toBeCloseTo(1, 5)
  })

  it('takes the parts that are named', () => {
    const start = startFrom(sql(spec, config), { ...pretrained, parts: ['policy'] }).init(key(5))
    const fresh = sql(spec, config).init(key(5))
    expect(start.critic.dataSync()).toEqual(fresh.critic.dataSync())
    expect(start.policy.dataSync()).not.toEqual(fresh.policy.dataSync())
    expect(() => startFrom(sql(spec, config), { ...pretrained, parts: ['latents'] }).init(key(5))).toThrow(
      "startFrom: parts must be entries of both states, got 'latents', which the algorithm does not have",
    )
  })

  it('frees what it replaces', () => {
    const algorithm = startFrom(before, pretrained)
    const count = tf.memory().numTensors
    const start = algorithm.init(key(1))
    tf.dispose(start as unknown as tf.TensorContainer)
    expect(tf.memory().numTensors).toBe(count)
  })

  it('refuses a state that lacks what the algorithm before learns', () => {
    const began = (given: unknown): SqlState =>
      startFrom(sql(spec, config), { ...pretrained, state: given as Pretrained['state'] }).init(key(5))
    const remedy = 'give the state of what train or loadState returned, or name in parts those to take'
    expect(() => began({})).toThrow(
      new RangeError(
        "startFrom: pretrained.state must have the entries (policy, critic, criticTarget) that 'sql' learned, got (); " +
          remedy,
      ),
    )
    expect(() => began({ outcome: 'finished', state: pretrained.state })).toThrow(
      'got (outcome, state); ' + remedy,
    )
    const { criticTarget: _, ...rest } = pretrained.state as Readonly<Record<string, Pretrained['state']>>
    expect(() => began(rest)).toThrow('got (policy, critic, optimizer, step); ' + remedy)
  })

  it('refuses to take nothing', () => {
    expect(() => startFrom(sql(spec, config), { ...pretrained, parts: [] })).toThrow(
      new RangeError(
        'startFrom: parts must name at least one entry of the state, got []; leave it out to take all that both have',
      ),
    )
    const other = { ...before, init: () => ({ step: tf.scalar(0, 'int32') }) }
    expect(() => startFrom(sql(spec, config), { ...pretrained, algorithm: other }).init(key(5))).toThrow(
      'startFrom: pretrained.algorithm must learn entries of (policy, critic, criticTarget, optimizer, step) besides optimizer and step, got (step); ',
    )
  })

  it('refuses numbers that are not finite, and names the leaf', () => {
    const { policy, ...rest } = pretrained.state as Readonly<Record<string, HostTensor>>
    const data = Float32Array.from(policy.data)
    data[3] = NaN
    const broken = { ...pretrained, state: { ...rest, policy: { ...policy, data } } }
    expect(() => startFrom(sql(spec, config), broken).init(key(5))).toThrow(
      new RangeError(
        'startFrom: pretrained policy must be finite, got NaN at index 3; take an earlier state, or pretrain with a smaller learning rate',
      ),
    )
    expect(() => startFrom(sql(spec, config), { ...broken, parts: ['critic'] }).init(key(5))).not.toThrow()
  })

  it('refuses what is no algorithm, nothing learned and no state', () => {
    const begin = startFrom as (algorithm: unknown, learned?: unknown) => unknown
    expect(() => begin(undefined, pretrained)).toThrow(
      new TypeError('startFrom: algorithm must be an algorithm, got undefined; give the one that goes on'),
    )
    expect(() => begin(before)).toThrow(
      new TypeError(
        'startFrom: pretrained must be { algorithm, state }, got undefined; give the algorithm that learned, and the state of what train or loadState returned',
      ),
    )
    expect(() => begin(before, { state: pretrained.state })).toThrow(
      'startFrom: pretrained.algorithm must be an algorithm, got undefined; give the one that learned',
    )
    for (const state of [undefined, 3, Promise.resolve({})])
      expect(() => begin(before, { algorithm: before, state })).toThrow(
        /^startFrom: pretrained.state must be a record, got (undefined|3|a Promise); give the state of what train or loadState returned/,
      )
  })

  it('refuses other observations, unless the groups that both have are named and seen alone', () => {
    expect(() => startFrom(sql(other, config), pretrained)).toThrow(
      'startFrom: pretrained policy must have the observation groups (state 1, pose 2), got (state 1); pretrain on the same groups, ' +
        'or name in groups those of both tasks that the networks see',
    )
    const groups = ['state']
    const blind = sql(other, { ...config, policyGroups: groups, criticGroups: groups })
    expect(startFrom(blind, { ...pretrained, groups }).init(key(1)).policy.size).toBeGreaterThan(0)
    expect(() => startFrom(sql(other, config), { ...pretrained, groups }).init(key(1))).toThrow(
      /startFrom: pretrained policy must be float32 \[\d+\], got float32 \[\d+\]; give both the same networks and groups/,
    )
    expect(() => startFrom(blind, { ...pretrained, groups: ['stat'] })).toThrow(
      'observation groups (), got ()',
    )
  })

  it('refuses networks of the same size that see other groups, or are of another kind', () => {
    const two = { ...spec, observation: { state: 1, pose: 1 } }
    const seen = (group: string) => ({ policyGroups: [group], criticGroups: [group] })
    const from = (given: Partial<SqlConfig>, more: Partial<Pretrained> = {}): Pretrained => ({
      algorithm: sql(two, { ...config, ...given }),
      state: pretrained.state,
      ...more,
    })
    const after = sql(two, { ...config, ...seen('state') })
    const refusal = (rule: string): RangeError =>
      new RangeError(
        `startFrom: pretrained.algorithm must have the ${rule}; give both algorithms the same, which the networks depend on`,
      )
    expect(() => startFrom(after, from(seen('pose')))).toThrow(
      refusal('policyGroups ["state"], got ["pose"]'),
    )
    const critics = { policyGroups: ['state'], criticGroups: ['pose'] }
    expect(() => startFrom(after, from(critics))).toThrow(refusal('criticGroups ["state"], got ["pose"]'))
    expect(() => startFrom(after, from(critics, { parts: ['policy'] }))).not.toThrow()
    for (const [given, rule] of [
      [{ activation: 'tanh' }, "activation 'relu', got 'tanh'"],
      [{ form: 'unsquashed' }, "form 'preTanh', got 'unsquashed'"],
    ] as const)
      expect(() => startFrom(after, from({ ...seen('state'), ...given }))).toThrow(refusal(rule))
    // What sees all groups of a task that has these alone sees the same.
    const { policy } = startFrom(after, { ...pretrained, groups: ['state'] }).init(key(5))
    expect(policy.size).toBeGreaterThan(0)
  })

  it('refuses other actions and another algorithm', () => {
    const wide = { ...spec, action: { low: [-2], high: [2] } }
    expect(() => startFrom(sql(wide, config), pretrained)).toThrow(
      'startFrom: pretrained policy must have the actions {"low":[-2],"high":[2]}, got {"low":[-1],"high":[1]}',
    )
    const from = { ...pretrained, algorithm: { ...before, id: 'ddpg' } }
    expect(() => startFrom(sql(spec, config), from)).toThrow(
      "startFrom: pretrained algorithm must be 'sql', got 'ddpg'",
    )
  })
})
