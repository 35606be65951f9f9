/**
 * Soft Q-learning on a bandit with two modes and a barrier of so many nats between them, beside the exact solution:
 * `node --conditions=@maxent/source examples/bandit.ts [barrier] [seeds] [updates]`.
 */
import { foldIn, key, normal, uniform } from '@maxent/core'
import { boxGibbs } from '@maxent/core/testing'
import { createNetworks, resolveSqlConfig, sql } from '@maxent/sql'
import type { HostTensor } from '@maxent/jit'
import { createAgent } from '@maxent/train'
import * as tf from '@tensorflow/tfjs'

const barrier = Number(process.argv[2] ?? 2.5)
const seeds = Number(process.argv[3] ?? 5)
const updates = Number(process.argv[4] ?? 3_000)

const alpha = 0.5
const [rows, samples, bins] = [32, 10_000, 20]
/** Modes at ±0.6, the right one a little better. */
const reward = (a: number): number => alpha * (0.3 * a - barrier * ((a / 0.6) ** 2 - 1) ** 2)
const { density } = boxGibbs(reward, alpha)
const exact = Array.from({ length: bins }, (_, i) => {
  const points = Array.from({ length: 50 }, (_, k) => -1 + ((i + (k + 0.5) / 50) * 2) / bins)
  return points.reduce((sum, a) => sum + density(a), 0) / 50 / (bins / 2)
})
const right = exact.slice(bins / 2).reduce((sum, p) => sum + p, 0)

const spec = { observation: { state: 1 }, action: { low: [-1], high: [1] } }
const config = resolveSqlConfig({
  batchSize: rows,
  hidden: [64, 64],
  policyLearningRate: 1e-3,
  criticLearningRate: 2e-3,
  temperature: { kind: 'fixed', alpha },
  particles: { kind: 'disjoint', fixed: 32, updated: 32 },
})
const networks = createNetworks(spec, config)
const state = new Float32Array(rows).fill(1)
const results: { readonly variation: number; readonly error: number; readonly coverage: number }[] = []

for (let seed = 1; seed <= seeds; seed++) {
  const algorithm = sql(spec, config)
  const agent = await createAgent({ algorithm, key: key(seed) })
  const coverages: number[] = []
  for (let i = 0; i < updates; i++) {
    const action = uniform(foldIn(key(seed), i), rows).map((u) => 2 * u - 1)
    const batch = {
      observation: { state },
      action,
      reward: action.map(reward),
      discount: new Float32Array(rows),
      nextObservation: { state },
    }
    const measures = (i + 1) % config.diagnosticsEvery === 0 && i >= 0.8 * updates
    if (measures) coverages.push((await agent.updateWithMetrics(batch, i)).modeCoverage)
    else await agent.update(batch, i)
  }
  const { policy } = (await agent.program.getState()) as Readonly<Record<string, HostTensor>>
  const actions = tf.tidy(() =>
    tf
      .tanh(
        networks.sampler(
          tf.tensor1d(policy.data),
          { state: tf.ones([1, 1]) },
          tf.tensor3d(normal(key(1_000 + seed), samples), [1, samples, 1]),
        ),
      )
      .dataSync<'float32'>(),
  )
  await agent.dispose()
  const shares = new Array<number>(bins).fill(0)
  for (const a of actions) shares[Math.min(Math.floor(((a + 1) / 2) * bins), bins - 1)] += 1 / samples
  const variation = shares.reduce((sum, p, i) => sum + Math.abs(p - exact[i]), 0) / 2
  const mass = shares.slice(bins / 2).reduce((sum, p) => sum + p, 0)
  const coverage = coverages.reduce((sum, c) => sum + c, 0) / coverages.length
  results.push({ variation, error: Math.abs(mass - right), coverage })
  console.log(
    `seed ${seed}: total variation ${variation.toFixed(3)}, right mode ${mass.toFixed(3)} (exact ${right.toFixed(3)}), ` +
      `mode coverage ${coverage.toFixed(2)}${coverage < 0.75 ? ': a mode is missing' : ''}`,
  )
}
const median = (of: (result: (typeof results)[number]) => number): string =>
  [...results.map(of)].sort((a, b) => a - b)[Math.floor(seeds / 2)].toFixed(3)
console.log(
  `median of ${seeds} seeds at ${barrier} nats: total variation ${median((r) => r.variation)}, ` +
    `mass of a mode off by ${median((r) => r.error)}, mode coverage ${median((r) => r.coverage)}`,
)
