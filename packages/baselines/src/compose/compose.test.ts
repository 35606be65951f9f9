import { readFileSync } from 'node:fs'
import { key, mapTree, normal } from '@maxent/core'
import type { AlgorithmSpec, AnyAlgorithm, LearnedLeaf, Tree } from '@maxent/core'
import { algorithmConformance } from '@maxent/core/testing'
import { createProgram } from '@maxent/jit'
import { createAgent, createReplay, trainOffline, type Replay } from '@maxent/train'
import * as tf from '@tensorflow/tfjs'
import type { Tensor } from '@tensorflow/tfjs'
import { describe, expect, it } from 'vitest'
import { makeBatch, makeNoise } from '../../fixtures/transitions.ts'
import { ddpg } from '../ddpg/ddpg.ts'
import type { DdpgConfig } from '../ddpg/config.ts'
import { mergeQuadratics } from '../naf/merge.ts'
import { naf } from '../naf/naf.ts'
import { resolveNafConfig, type NafConfig } from '../naf/config.ts'
import { createNetwork } from '../naf/network.ts'
import { createNetworks } from '../shared/networks.ts'
import { resolveDdpgConfig } from '../ddpg/config.ts'
import { composeDdpg, type DdpgConstituent } from './composeDdpg.ts'
import { composeNaf, type NafConstituent } from './composeNaf.ts'
import { mergedMean, mergedQuadratics, type QuadraticBatch } from './mergedMean.ts'

const spec: AlgorithmSpec = {
  observation: { proprio: 3, task: 2 },
  action: { low: [-2, 0.1, -1], high: [2, 0.7, 1] },
}
const small = { batchSize: 8, hidden: [16, 16] }

function onHost(algorithm: AnyAlgorithm, seed: number): Tree<LearnedLeaf> {
  return mapTree<Tree<Tensor>, Tensor, LearnedLeaf>(algorithm.init(key(seed)), (leaf) => ({
    shape: leaf.shape,
    dtype: leaf.dtype as LearnedLeaf['dtype'],
    data: leaf.dataSync(),
  }))
}

const ofDdpg = (seed: number, given: Partial<DdpgConfig> = {}, of = spec): DdpgConstituent => {
  const config = { ...small, ...given }
  return { spec: of, config, state: onHost(ddpg(of, config), seed) }
}
const ofNaf = (seed: number, given: Partial<NafConfig> = {}, of = spec): NafConstituent => {
  const config = { ...small, ...given }
  return { spec: of, config, state: onHost(naf(of, config), seed) }
}

algorithmConformance({
  name: 'composeDdpg',
  make: () => composeDdpg([ofDdpg(1), ofDdpg(2, { critics: 2, hidden: [8] })]),
  compile: createProgram,
})
/** Observations alone: there is nothing else in the transitions that a policy is extracted from. */
function replayOf(count: number): Replay {
  const replay = createReplay({ spec, capacity: 2 * count })
  for (let i = 0; i < count; i++) {
    const observation = {
      proprio: Float32Array.from(normal(key(2 * i), 3)),
      task: Float32Array.from(normal(key(2 * i + 1), 2)),
    }
    replay.begin(observation)
    replay.add(Float32Array.of(0, 0.3, 0), { observation, reward: 0, terminated: true, truncated: false })
  }
  return replay
}

describe('composeDdpg', () => {
  const two = [ofDdpg(1), ofDdpg(2)]

  it('climbs the weighted sum of the critics, which stay as they are', async () => {
    const weights = [0.3, 0.7]
    const algorithm = composeDdpg(two, { rule: { kind: 'mean', weights } })
    const { state, metrics } = await trainOffline({
      algorithm: algorithm,
      replays: [replayOf(50), replayOf(100)],
      updates: 400,
      metricsEvery: 1,
      seed: 1,
    })
    const { critic } = state as unknown as { critic: LearnedLeaf }
    expect([...critic.data]).toEqual(
      two.flatMap((one) => [...(one.state as { critic: LearnedLeaf }).critic.data]),
    )
    const meanOf = (part: typeof metrics): number =>
      part.reduce((sum, line) => sum + line.metrics.qMean, 0) / part.length
    expect(meanOf(metrics.slice(-50))).toBeGreaterThan(meanOf(metrics.slice(0, 5)) + 0.02)

    // In a state of the replay no uniform action is much better.
    const agent = await createAgent({ algorithm: algorithm, key: key(1), state })
    const observation = {
      proprio: Float32Array.from(normal(key(0), 3)),
      task: Float32Array.from(normal(key(1), 2)),
    }
    const action = await agent.actDeterministic(observation)
    await agent.dispose()
    const half = [2, 0.3, 1]
    const unit = [...action].map((x, i) => (x - [0, 0.4, 0][i]) / half[i])
    const tries = Array.from(normal(key(9), 3_000), Math.tanh)
    const rows = tf.tensor2d([...unit, ...tries], [1_001, 3])
    const values = tf.tidy(() => {
      const held = {
        proprio: tf.tile(tf.tensor2d(observation.proprio, [1, 3]), [1_001, 1]),
        task: tf.tile(tf.tensor2d(observation.task, [1, 2]), [1_001, 1]),
      }
      const networks = createNetworks('ddpg', spec, resolveDdpgConfig(small))
      const each = two.map((one) =>
        networks.critics(
          tf.tensor1d((one.state as { critic: LearnedLeaf }).critic.data as Float32Array),
          held,
          rows,
        ),
      )
      const sum: Tensor = tf.add(tf.mul(each[0], weights[0]), tf.mul(each[1], weights[1]))
      return sum.dataSync()
    })
    const [own, ...others] = values
    const [most, least] = [Math.max(...others), Math.min(...others)]
    expect(own).toBeGreaterThan(least + 0.9 * (most - least))
  })

  it('is the constituent itself where it has all of the weight', () => {
    const batch = makeBatch(spec, 8)
    const [alone, weighted] = [
      composeDdpg([two[1]]),
      composeDdpg(two, { rule: { kind: 'mean', weights: [0, 1] } }),
    ].map((algorithm) => algorithm.update(algorithm.init(key(3)), batch, makeNoise(algorithm.noise.update)))
    for (const [i, x] of weighted.state.policy.dataSync().entries())
      expect(x).toBeCloseTo(alone.state.policy.dataSync()[i], 5)
  })

  it.each(['gamma', 'critics', 'criticGroups', 'actionLayer', 'criticLearningRate', 'criticDecay', 'target'])(
    'leaves %s to the constituents',
    (name) => {
      expect(() => composeDdpg(two, { config: { [name]: 1 } })).toThrow(
        new RangeError(
          `composeDdpg: config must leave ${name} to the constituents, got 1; learn all of them with it`,
        ),
      )
      expect(() => composeDdpg(two, { config: { [name]: undefined } })).not.toThrow()
    },
  )

  it('explores with the noise of the constituents until that ends', () => {
    const given = { exploration: { kind: 'gaussian', sigma: 0.5, steps: 2 } } as const
    const algorithm = composeDdpg([ofDdpg(1, given), ofDdpg(2, given)])
    const begun = algorithm.init(key(1))
    const { observation } = makeBatch(spec, 8)
    const noise = makeNoise(algorithm.noise.act(8))
    const best = algorithm.actDeterministic(begun, observation).action
    const after = (steps: number): Tensor =>
      algorithm.act({ ...begun, step: tf.scalar(steps, 'int32') }, observation, noise).action
    expect(after(1).dataSync()).not.toEqual(best.dataSync())
    expect(after(2)).toBeAllClose(best)
  })

  it('extracts policies of fewer layers than the critics have', () => {
    const late = { hidden: [16, 16], actionLayer: 2 }
    const algorithm = composeDdpg([ofDdpg(1, late), ofDdpg(2, late)], { config: { hidden: [8] } })
    expect(algorithm.init(key(1)).policy.size).toBe(5 * 8 + 8 + 8 * 3 + 3)
  })

  it.each<[string, readonly DdpgConstituent[], Parameters<typeof composeDdpg>[1]]>([
    ['constituents must have at least one entry', [], {}],
    ['constituents[1] must have the discount gamma of the first', [two[0], ofDdpg(2, { gamma: 0.5 })], {}],
    [
      'constituents[1] must have the groups that the critics see of the first',
      [two[0], ofDdpg(2, { criticGroups: ['task'] })],
      {},
    ],
    [
      'constituents[1] must have the observation groups of the first',
      [two[0], ofDdpg(2, {}, { ...spec, observation: { proprio: 3 } })],
      {},
    ],
    [
      'weights must be 2 numbers, each 0 or from 0.000001 to 1000000, of sum 1',
      two,
      { rule: { kind: 'mean', weights: [1, 1] } },
    ],
    ["rule.kind must be one of 'mean', 'sum'", two, { rule: { kind: 'Mean' } as never }],
    ['weights must be a known field', two, { weights: [1, 0] } as never],
    ['constituents[1].state.critic must be float32', [two[0], { ...two[1], config: { hidden: [4] } }], {}],
  ])('says that %s', (message, constituents, options) => {
    expect(() => composeDdpg(constituents, options)).toThrow(`composeDdpg: ${message}`)
  })
})

/** Quadratics with numbers from a seed, for B states and A dimensions. */
function quadratic(seed: number, [B, A]: readonly [number, number]): QuadraticBatch {
  const entries = (A * (A - 1)) / 2
  const draw = (purpose: number, width: number): Tensor =>
    tf.tensor(normal(key(10 * seed + purpose), B * width), [B, width])
  return { mean: draw(0, A), logDiagonal: draw(1, A), below: draw(2, entries) }
}

/** μ and P of one state, from the same numbers. */
function ofState(
  { mean, logDiagonal, below }: QuadraticBatch,
  b: number,
): { mean: number[]; precision: number[][] } {
  const rowOf = (tensor: Tensor): number[] => {
    const width = tensor.shape[1] ?? 0
    return Array.from(tensor.dataSync().slice(b * width, (b + 1) * width))
  }
  const [diagonal, under] = [rowOf(logDiagonal).map(Math.exp), rowOf(below)]
  const factor = diagonal.map((entry, i) =>
    diagonal.map((_, j) => (j === i ? entry : j < i ? under[(i * (i - 1)) / 2 + j] : 0)),
  )
  const precision = factor.map((row) =>
    factor.map((other) => row.reduce((sum, x, k) => sum + x * other[k], 0)),
  )
  return { mean: rowOf(mean), precision }
}

describe('mergedMean', () => {
  it.each([1, 2, 3, 5])('agrees with the closed form for %i actions, state by state', (actions) => {
    const parts = [1, 2, 3].map((seed) => quadratic(seed, [4, actions]))
    const weights = [0.5, 2, 1]
    const found = mergedMean(parts, weights).dataSync()
    for (let b = 0; b < 4; b++) {
      const { mean } = mergeQuadratics(
        parts.map((part, k) => {
          const { mean: own, precision } = ofState(part, b)
          return { mean: own, precision: precision.map((row) => row.map((entry) => weights[k] * entry)) }
        }),
      )
      for (const [i, x] of mean.entries()) expect(found[b * actions + i]).toBeCloseTo(x, 3)
    }
  })

  it('is what all agree on, however flat they are', () => {
    const one = quadratic(1, [3, 3])
    const flat = { ...quadratic(2, [3, 3]), mean: one.mean, logDiagonal: tf.fill([3, 3], -6) }
    const found = mergedMean([one, flat], [1, 1])
    for (const [i, x] of found.dataSync().entries()) expect(x).toBeCloseTo(one.mean.dataSync()[i], 6)
  })

  it.each([
    [-5, 100],
    [-10, 1],
    [-30, 10],
  ])('is finite where rounding leaves nothing of P, with a log diagonal of %i beside %i', (log, entry) => {
    const one = {
      mean: tf.tensor2d([[0.5, -0.5, 0.3]]),
      logDiagonal: tf.fill([1, 3], log),
      below: tf.tensor2d([[entry, 0.7 * entry, -0.9 * entry]]),
    }
    const opposite = { ...one, mean: tf.neg(one.mean) }
    for (const found of [mergedMean([one], [1]), mergedMean([one, opposite], [0.5, 0.5])])
      for (const x of found.dataSync()) expect(Number.isFinite(x)).toBe(true)
    // What all agree on comes out as it is.
    for (const [i, x] of mergedMean([one, one], [1, 1]).dataSync().entries())
      expect(x).toBeCloseTo(one.mean.dataSync()[i], 6)
  })

  it('refuses other shapes', () => {
    expect(() => mergedMean([], [])).toThrow('mergedMean: quadratics must have an entry, got none')
    for (const weights of [[1], [1, 1, 1], [NaN, 1], [-2, 1], [0, 0]])
      expect(() => mergedMean([quadratic(1, [2, 2]), quadratic(2, [2, 2])], weights)).toThrow(
        'mergedMean: weights must be 2 numbers, each 0 or from 0.000001 to 1000000, above 0 in sum',
      )
    expect(() => mergedMean([quadratic(1, [2, 3]), quadratic(2, [2, 2])], [1, 1])).toThrow(
      'mergedMean: mean must have shape [B, A] with B=2, A=3, got [2, 2]',
    )
    expect(() => mergedMean([{ ...quadratic(1, [2, 3]), below: tf.zeros([2, 2]) }], [1])).toThrow(
      'mergedMean: below must have shape [2, 3], got [2, 2]',
    )
  })
})

describe('composeNaf', () => {
  const two = [ofNaf(1), ofNaf(2)]
  const batch = makeBatch(spec, 8)

  it('acts by the best action of the sum of the constituents, cut to the box', () => {
    const algorithm = composeNaf(two)
    const state = algorithm.init(key(1))
    const { action } = algorithm.actDeterministic(state, batch.observation)
    const network = createNetwork(spec, resolveNafConfig(small))
    const outputs = two.map((one) =>
      network.apply(
        tf.tensor1d((one.state as { network: LearnedLeaf }).network.data as Float32Array),
        batch.observation,
      ),
    )
    const found = action.dataSync()
    for (let b = 0; b < 8; b++) {
      const { mean } = mergeQuadratics(outputs.map((output) => ofState(output, b)))
      for (const [i, x] of mean.entries()) {
        const [low, high] = [spec.action.low[i], spec.action.high[i]]
        const scaled = ((Math.min(Math.max(x, -1), 1) + 1) / 2) * (high - low) + low
        expect(found[b * 3 + i]).toBeCloseTo(scaled, 4)
      }
    }
  })

  it('acts and measures compiled as it does eagerly', async () => {
    const algorithm = composeNaf(two, { rule: { kind: 'mean', weights: [0.25, 0.75] } })
    const eager = algorithm.init(key(1))
    const agent = await createAgent({ algorithm: algorithm, key: key(1) })
    const observation = { proprio: Float32Array.of(0.5, -1, 2), task: Float32Array.of(1, 0) }
    const held = {
      proprio: tf.tensor2d(observation.proprio, [1, 3]),
      task: tf.tensor2d(observation.task, [1, 2]),
    }
    const expected = algorithm.actDeterministic(eager, held).action.dataSync()
    const acted = [await agent.actDeterministic(observation), await agent.act(observation, 0)]
    for (const found of acted) for (const [i, x] of found.entries()) expect(x).toBeCloseTo(expected[i], 5)
    const { observation: rows, action, reward, discount, nextObservation } = batch
    const arrays = mapTree<Tree<Tensor>, Tensor, Float32Array>(
      { observation: rows, action, reward, discount, nextObservation },
      (leaf) => leaf.dataSync<'float32'>(),
    )
    const { spread } = await agent.updateWithMetrics(arrays, 0)
    expect(spread).toBeCloseTo(algorithm.update(eager, batch, {}).metrics.spread.dataSync()[0], 5)
    await agent.dispose()
  })

  it('counts states where P is singular in float32, and says what to do', () => {
    const algorithm = composeNaf(two)
    const regular = algorithm.update(algorithm.init(key(1)), batch, {}).metrics.singular.dataSync()[0]
    expect(regular).toBe(0)
    expect(algorithm.advise?.({ singular: regular })).toEqual([])
    // Entries below the diagonal of L that are a million times those on it: rows of L are all but one direction.
    const { mean } = quadratic(3, [2, 2])
    const logDiagonal = tf.tensor2d([[0, -14], [0, 0]]) // prettier-ignore
    const below = tf.tensor2d([[1], [1]])
    expect(mergedQuadratics([{ mean, logDiagonal, below }], [1]).singular.dataSync()).toEqual(
      new Float32Array([1, 0]),
    )
    // Entries whose squares are infinite: elimination leaves NaN.
    const infinite = { mean, logDiagonal: tf.zeros([2, 2]), below: tf.tensor2d([[1e30], [1]]) }
    expect(mergedQuadratics([infinite], [1]).singular.dataSync()).toEqual(new Float32Array([1, 0]))
    const [advice] = algorithm.advise?.({ singular: 0.5 }) ?? []
    expect(advice.name).toBe('singular')
    expect(advice.message).toMatch(
      /^composeNaf: the sum of the P must be regular in float32, got .* 50.0 % .*narrower logDiagonalRange$/,
    )
  })

  it('has nothing to learn, and tells how far the constituents are apart', () => {
    const algorithm = composeNaf(two)
    const before = algorithm.init(key(1))
    const { state, metrics } = algorithm.update(before, batch, {})
    expect(state.network.dataSync()).toEqual(before.network.dataSync())
    expect(metrics.spread.dataSync()[0]).toBeGreaterThan(0.01)
    const same = composeNaf([two[0], two[0]])
    expect(same.update(same.init(key(1)), batch, {}).metrics.spread.dataSync()[0]).toBeLessThan(1e-5)
  })

  it.each<[string, readonly NafConstituent[], Parameters<typeof composeNaf>[1]]>([
    ['constituents must have at least one entry', [], {}],
    [
      'constituents[1] must have the actions of the first',
      [two[0], ofNaf(2, {}, { ...spec, action: { low: [-1, 0.1, -1], high: [2, 0.7, 1] } })],
      {},
    ],
    [
      'constituents[1] must have the groups that the critics see of the first',
      [two[0], ofNaf(2, { groups: ['task'] })],
      {},
    ],
    [
      'weights must be 2 numbers, each 0 or from 0.000001 to 1000000, above 0 in sum',
      two,
      { rule: { kind: 'sum', weights: [0, 0] } },
    ],
    ['constituents[0].state.network must be float32', [{ ...two[0], config: { hidden: [4] } }, two[1]], {}],
    [
      'constituents[1] must have a logDiagonalRange from -30 on, got -50; below, the sum of the P is singular',
      [two[0], ofNaf(2, { logDiagonalRange: [-50, 2] })],
      {},
    ],
  ])('says that %s', (message, constituents, options) => {
    expect(() => composeNaf(constituents, options)).toThrow(`composeNaf: ${message}`)
  })
})

it('has the metrics that the README defines, and no others', () => {
  const readme = readFileSync(new URL('README.md', import.meta.url), 'utf8')
  const rows = [...readme.matchAll(/^\| `(compose\w+)`\s*\| `(\w+)`/gm)].map(
    ([, of, name]) => `${of}.${name}`,
  )
  const told = (of: string, { metrics }: { readonly metrics: object }): string[] =>
    Object.keys(metrics).map((name) => `${of}.${name}`)
  const ddpg = composeDdpg([ofDdpg(1), ofDdpg(2)])
  const naf = composeNaf([ofNaf(1), ofNaf(2)])
  const rowsOf = makeBatch(spec, 16)
  expect(rows.sort()).toEqual(
    [
      ...told('composeDdpg', ddpg.update(ddpg.init(key(1)), rowsOf, {})),
      ...told('composeNaf', naf.update(naf.init(key(1)), rowsOf, {})),
    ].sort(),
  )
})
