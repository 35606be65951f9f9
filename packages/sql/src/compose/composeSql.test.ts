import { readFileSync } from 'node:fs'
import * as tf from '@tensorflow/tfjs'
import { key, tidy } from '@maxent/core'
import type { AlgorithmSpec, LearnedLeaf } from '@maxent/core'
import { algorithmConformance } from '@maxent/core/testing'
import { createProgram } from '@maxent/jit'
import { createAgent, trainOffline } from '@maxent/train'
import { describe, expect, it } from 'vitest'
import { makeBatch, makeNoise } from '../../../baselines/fixtures/transitions.ts'
import { onHost, ring } from '../../fixtures/ring.ts'
import type { SqlConfig } from '../config.ts'
import { sql } from '../sql.ts'
import { composeSql, type SqlConstituent } from './composeSql.ts'

const spec: AlgorithmSpec = {
  observation: { proprio: 3, task: 2 },
  action: { low: [-2, 0.1], high: [2, 0.7] },
}
const config: Partial<SqlConfig> = {
  batchSize: 8,
  hidden: [16, 16],
  particles: { kind: 'disjoint', fixed: 6, updated: 5 },
  value: { kind: 'uniform', samples: 7, shared: false },
  diagnosticsEvery: 2,
}

/** What soft Q-learning starts with, as if it had been learned. */
function constituent(seed: number, given: Partial<SqlConfig> = {}, of: AlgorithmSpec = spec): SqlConstituent {
  const all = { ...config, ...given }
  return { spec: of, config: all, state: onHost(sql(of, all).init(key(seed))) }
}

const two = [constituent(1), constituent(2)]

algorithmConformance({ name: 'composeSql', make: () => composeSql(two), compile: createProgram })
algorithmConformance({
  name: 'composeSql with bounds, of other networks, with a set of latents',
  make: () =>
    composeSql([constituent(1, { hidden: [8] }), constituent(2, { critics: 2 }), constituent(3)], {
      rule: { kind: 'mean', weights: [0.2, 0.3, 0.5] },
      config: { hidden: [12], latents: { kind: 'set', size: 4, steps: 3 }, diagnosticsEvery: 0 },
      bounds: { hidden: [8] },
    }),
  compile: createProgram,
})

describe('composeSql', () => {
  const batch = makeBatch(spec, 8)
  const takeOne = (
    ...args: Parameters<typeof composeSql>
  ): ReturnType<ReturnType<typeof composeSql>['update']> => {
    const algorithm = composeSql(...args)
    return algorithm.update(algorithm.init(key(5)), batch, makeNoise(algorithm.noise.update))
  }

  it('leaves the constituents as they are, bit for bit, and moves the policy alone', () => {
    const algorithm = composeSql(two)
    const before = algorithm.init(key(5))
    const { state } = takeOne(two)
    const learned = two.flatMap(({ state: held }) => [...(held as { critic: LearnedLeaf }).critic.data])
    expect([...state.critic.dataSync()]).toEqual(learned)
    expect([...state.policy.dataSync()]).not.toEqual([...before.policy.dataSync()])
    expect(state.step.dataSync()[0]).toBe(1)
  })

  it('reads nothing of a batch but its observations, without bounds', () => {
    const algorithm = composeSql(two)
    const noise = makeNoise(algorithm.noise.update)
    const other = { ...makeBatch(spec, 8, 2), observation: batch.observation }
    const [one, another] = [batch, other].map((given) =>
      algorithm.update(algorithm.init(key(5)), given, noise),
    )
    expect(another.state.policy.dataSync()).toEqual(one.state.policy.dataSync())
  })

  it('is the constituent itself where it is the only one, or has all of the weight', () => {
    const alone = takeOne([two[0]])
    const weighted = takeOne(two, { rule: { kind: 'mean', weights: [1, 0] } })
    expect(weighted.metrics.qMean.dataSync()[0]).toBeCloseTo(alone.metrics.qMean.dataSync()[0], 6)
    for (const [i, x] of weighted.state.policy.dataSync().entries())
      expect(x).toBeCloseTo(alone.state.policy.dataSync()[i], 5)
  })

  it('has the sum of the values under the rule of the released code, twice their mean', () => {
    const [mean, sum] = (['mean', 'sum'] as const).map((kind) => takeOne(two, { rule: { kind } }).metrics)
    expect(sum.qMean.dataSync()[0]).toBeCloseTo(2 * mean.qMean.dataSync()[0], 5)
  })

  it('takes on the settings of the first constituent, its noise of exploration excepted', () => {
    const noisy = constituent(1, { exploration: { kind: 'ornsteinUhlenbeck', theta: 0.15, sigma: 0.3 } })
    const algorithm = composeSql([noisy, two[1]], { config: { batchSize: 3 } })
    expect(algorithm.acting).toBeUndefined()
    expect(algorithm.batch).toMatchObject({ reward: { shape: [3] } })
    expect(algorithm.schedule).toHaveLength(2)
  })

  it('takes annealed constituents at the temperature that they ended with', () => {
    const annealed = constituent(1, { temperature: { kind: 'annealed', from: 1, to: 0.1, steps: 10 } })
    const at = (step: number): SqlConstituent => ({
      ...annealed,
      state: {
        ...(annealed.state as object),
        step: { shape: [], dtype: 'int32', data: Int32Array.of(step) },
      },
    })
    expect(() => composeSql([two[0], at(10)])).not.toThrow()
    expect(() => composeSql([two[0], at(5)])).toThrow('temperature alpha of the first, 0.1, got 0.316')
    const { critic } = annealed.state as { critic: LearnedLeaf }
    expect(() => composeSql([two[0], { ...annealed, state: { critic } }])).toThrow(
      "composeSql: constituents[1].state must hold step where temperature.kind is 'annealed', got none",
    )
  })

  it('measures how far the constituents are apart', () => {
    const measured = (constituents: readonly SqlConstituent[]): Readonly<Record<string, tf.Scalar>> => {
      const algorithm = composeSql(constituents)
      const noise = makeNoise(algorithm.noise.update)
      return algorithm.schedule?.[1].update(algorithm.init(key(5)), batch, noise).metrics ?? {}
    }
    const [apart, same] = [measured(two), measured([two[0], two[0]])]
    expect(apart.penalty.dataSync()[0]).toBeGreaterThan(1e-3)
    expect(same.penalty.dataSync()[0]).toBeLessThan(1e-5)
    // For two of equal weight P = (α/2)·D_½.
    expect(apart.divergence.dataSync()[0]).toBeCloseTo((2 / 0.1) * apart.penalty.dataSync()[0], 3)
    expect(measured([two[0]]).divergence).toBeUndefined()
    const [all, least] = [apart.effectiveSampleSize, apart.leastSampleSize].map((size) => size.dataSync()[0])
    expect(least).toBeGreaterThanOrEqual(1)
    expect(least).toBeLessThan(all)
  })

  it.each<[string, readonly SqlConstituent[], Parameters<typeof composeSql>[1]]>([
    ['constituents must have at least one entry, got none', [], {}],
    [
      'constituents[1] must have the actions of the first',
      [two[0], constituent(2, {}, { ...spec, action: { low: [-1, 0.1], high: [2, 0.7] } })],
      {},
    ],
    [
      'constituents[1] must have the observation groups of the first, {"proprio":3,"task":2}, got {"proprio":3}',
      [two[0], constituent(2, {}, { ...spec, observation: { proprio: 3 } })],
      {},
    ],
    [
      'constituents[1] must have the groups that the critics see of the first, (proprio, task), got (proprio)',
      [two[0], constituent(2, { criticGroups: ['proprio'] })],
      {},
    ],
    [
      'constituents[1] must have the temperature alpha of the first, 0.1, got 0.2',
      [two[0], constituent(2, { temperature: { kind: 'fixed', alpha: 0.2 } })],
      {},
    ],
    [
      'constituents[1] must have the discount gamma of the first',
      [two[0], constituent(2, { gamma: 0.5 })],
      {},
    ],
    [
      "weights must be 2 numbers, each 0 or from 0.000001 to 1000000, of sum 1 under the rule 'mean', got [1,1]; divide them by their sum",
      two,
      { rule: { kind: 'mean', weights: [1, 1] } },
    ],
    ["rule.kind must be one of 'mean', 'sum', got 'Mean'", two, { rule: { kind: 'Mean' } as never }],
    ['rule.weights[0] must be a finite number, got NaN', two, { rule: { kind: 'mean', weights: [NaN, 1] } }],
    [
      'weights must be a known field, got [1,0], known are rule, config, bounds',
      two,
      { weights: [1, 0] } as never,
    ],
    [
      "bounds must be absent under the rule 'sum', got {}; lemma 5 covers the rule 'mean' alone",
      two,
      { rule: { kind: 'sum' }, bounds: {} },
    ],
    [
      'bounds must be absent where gamma is 1, got {}; without discounting they grow without end',
      [constituent(1, { gamma: 1 }), constituent(2, { gamma: 1 })],
      { bounds: {} },
    ],
    [
      'constituents[1].state.critic must be float32 [417], got float32',
      [two[0], { ...constituent(2, { hidden: [4] }), config }],
      {},
    ],
    ['constituents[0].state.critic must be float32 [417], got none', [{ ...two[0], state: {} }], {}],
    [
      'config must leave gamma to the constituents, got 0.5; learn all of them with it',
      two,
      { config: { gamma: 0.5 } as object },
    ],
    [
      'config must leave criticGroups to the constituents, got ["task"]',
      two,
      { config: { criticGroups: ['task'] } as object },
    ],
    ...Object.entries({ criticLearningRate: 0.1, rewardScale: 2, target: { kind: 'soft', tau: 0.1 } }).map(
      ([name, value]): [string, readonly SqlConstituent[], object] => [
        `config must leave ${name} to the constituents, got ${JSON.stringify(value)}`,
        two,
        { config: { [name]: value } },
      ],
    ),
  ])('says that %s', (message, constituents, options) => {
    expect(() => composeSql(constituents, options)).toThrow(RangeError)
    expect(() => composeSql(constituents, options)).toThrow(`composeSql: ${message}`)
  })

  it('advises what can be done about an extraction, and wants one replay per constituent', () => {
    const { advise, replays, warnings } = composeSql(two)
    const [collapsed, missed] = advise?.({ collapsed: 0.9, modeCoverage: 0.5 }) ?? []
    expect(collapsed.message).toMatch(/^composeSql: the sampler has collapsed.*; lower policyLearningRate in/)
    expect(missed.message).toMatch(/^composeSql: the sampler covers 50 % .*; take more gradient steps/)
    expect(replays).toBe(2)
    expect(warnings).toEqual([])
  })

  it('warns of a single particle, and of rewards that count differently where no weights say so', () => {
    const warned = (...args: Parameters<typeof composeSql>): readonly string[] =>
      composeSql(...args).warnings ?? []
    expect(warned(two, { config: { particles: { kind: 'same', count: 1 } } })).toEqual([
      expect.stringMatching(/^composeSql: particles must be at least 2/),
    ])
    const scaled = [two[0], constituent(2, { rewardScale: 30 })]
    expect(warned(scaled)).toEqual([
      expect.stringMatching(/^composeSql: constituents should have one rewardScale .* got 1, 30; .*weights/),
    ])
    expect(warned(scaled, { rule: { kind: 'mean', weights: [0.9, 0.1] } })).toEqual([])
  })

  it('does not take over a set of latents, which would have shrunk to one', () => {
    const tuned = constituent(1, { latents: { kind: 'set', size: 4, steps: 20 } })
    expect(composeSql([tuned, two[1]]).init(key(1)).latents).toBeUndefined()
    const asked = { latents: { kind: 'set', size: 5, steps: 3 } } as const
    expect(composeSql([tuned, two[1]], { config: asked }).init(key(1)).latents?.shape).toEqual([5, 2])
  })

  it('gives the metrics that the README defines, and no others', () => {
    const readme = readFileSync(new URL('./README.md', import.meta.url), 'utf8')
    const table = readme.slice(readme.indexOf('<!-- metrics -->'), readme.indexOf('<!-- /metrics -->'))
    const defined = [...table.matchAll(/^\| `(\w+)`/gm)].map((match) => match[1])
    const algorithm = composeSql(two, { bounds: { hidden: [4] } })
    const noise = makeNoise(algorithm.noise.update)
    const measured = algorithm.schedule?.[1].update(algorithm.init(key(5)), batch, noise)
    expect(defined.sort()).toEqual(Object.keys(measured?.metrics ?? {}).sort())
  })

  it('refuses settings of the bounds that break a rule, and to tell bounds that nothing learned', () => {
    expect(() => composeSql(two, { bounds: { learningRate: 0 } })).toThrow(
      'composeSql: bounds: learningRate must be above 0, got 0',
    )
    const algorithm = composeSql(two)
    expect(() => algorithm.boundsAt(algorithm.init(key(1)), batch.observation, batch.action)).toThrow(
      'boundsAt: bounds must be learned, got none; give composeSql the option bounds',
    )
    const learning = composeSql(two, { bounds: { hidden: [4] } })
    expect(() => learning.boundsAt(learning.init(key(1)), batch.observation, tf.zeros([8, 3]))).toThrow(
      'boundsAt: action must have shape [B, 2], got [8, 3]',
    )
  })

  it('tells no bound below zero, whatever the networks say', () => {
    const algorithm = composeSql(two, { bounds: { hidden: [4] } })
    const state = algorithm.init(key(1))
    const { gap, regret } = algorithm.boundsAt(state, batch.observation, batch.action)
    const network = tf.neg<tf.Tensor1D>(state.bounds?.network ?? tf.zeros([1]))
    const opposite = algorithm.boundsAt({ bounds: { network } }, batch.observation, batch.action)
    for (const found of [gap, regret, opposite.gap, opposite.regret])
      expect(Math.min(...found.dataSync())).toBeGreaterThanOrEqual(0)
  })
})

describe('a policy extracted from the values of two tasks', () => {
  const cells = 40
  const { parts, replays, states, actions, exactly } = ring({ dimensions: 1, cells, seed: 11 })
  const truth = exactly()
  const bins = 10
  /** Masses of ten bins of actions. */
  const masses = (policy: ArrayLike<number>, s: number): number[] =>
    Array.from({ length: bins }, (_, b) =>
      Array.from({ length: cells / bins }, (__, i) => policy[s * cells + (b * cells) / bins + i]).reduce(
        (sum, p) => sum + p,
        0,
      ),
    )
  const variation = (p: readonly number[], q: readonly number[]): number =>
    p.reduce((sum, x, i) => sum + Math.abs(x - q[i]) / 2, 0)

  it('follows exp(Q_Σ/α), which none of the constituents does, and learns C* and D*', async () => {
    const algorithm = composeSql(parts, {
      bounds: { hidden: [32, 32], learningRate: 2e-3, target: { kind: 'soft', tau: 0.02 } },
    })
    const { state: learned } = await trainOffline({ algorithm, replays, updates: 2_000, seed: 1 })
    const agent = await createAgent({ algorithm, key: key(2), state: learned })
    const apart: number[] = []
    for (const [s, state] of states.entries()) {
      const counts = Array<number>(bins).fill(0)
      for (let i = 0; i < 2_000; i++) {
        const [action] = await agent.act({ state }, i)
        counts[Math.min(Math.floor(((action + 1) / 2) * bins), bins - 1)] += 1 / 2_000
      }
      expect(variation(counts, masses(truth.policy, s))).toBeLessThan(0.08)
      for (const i of parts.keys()) apart.push(variation(counts, masses(exactly([i]).policy, s)))
    }
    await agent.dispose()
    expect(apart.reduce((sum, x) => sum + x, 0) / apart.length).toBeGreaterThan(0.25)
    const { network } = (learned as unknown as { bounds: { network: LearnedLeaf } }).bounds
    const found = tidy(() => {
      const rows = states.flatMap((state) => actions.map((action) => ({ state: [...state], action })))
      const observation = { state: tf.tensor2d(rows.map(({ state }) => state)) }
      const action = tf.tensor2d(rows.map((row) => [...row.action]))
      const bounds = { network: tf.tensor1d(network.data as Float32Array) }
      const { gap, regret } = algorithm.boundsAt({ bounds }, observation, action)
      return { gap: gap.dataSync<'float32'>(), regret: regret.dataSync<'float32'>() }
    })
    // The step of the process at 0.2 is where a network is worst: the mean over actions is what counts.
    for (const name of ['gap', 'regret'] as const) {
      const most = Math.max(...truth[name])
      const off =
        found[name].reduce((sum, x, at) => sum + Math.abs(x - truth[name][at]), 0) / found[name].length
      expect(off).toBeLessThan(0.03 * most)
    }
  })
})
