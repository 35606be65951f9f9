/**
 * Soft Q-learning on a bandit with two modes and a barrier of so many nats between them, beside the exact solution:
 * `node --conditions=@maxent/source examples/bandit.ts [barrier] [seeds] [updates]`.
 *
 * The exit status is 1 where a bar is missed. Up to 3 nats: a total variation of 0.15 and 0.08 of a mode's mass, medians over seeds. Beyond, modes
 * may be lost: of every seed that gives one of them less than 5 % of the actions the mode coverage must be below 0.75.
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
/** Up to so many nats, these are what medians must be at most. */
const bars = { barrier: 3, variation: 0.15, error: 0.08 } as const
/** A mode with a smaller share of the actions is lost, though not to the last action, and the mode coverage must be below this. */
const [lost, flagged] = [0.05, 0.75] as const

interface Result {
  readonly variation: number
  readonly error: number
  readonly coverage: number
  /** The share of the lesser mode. */
  readonly lesser: number
}
const results: Result[] = []

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
  results.push({ variation, error: Math.abs(mass - right), coverage, lesser: Math.min(mass, 1 - mass) })
  console.log(
    `seed ${seed}: total variation ${variation.toFixed(3)}, right mode ${mass.toFixed(3)} (exact ${right.toFixed(3)}), ` +
      `mode coverage ${coverage.toFixed(2)}${coverage < flagged ? ': a mode is missing' : ''}`,
  )
}
const median = (of: (result: Result) => number): number =>
  [...results.map(of)].sort((a, b) => a - b)[Math.floor(seeds / 2)]
const [variation, error] = [median((r) => r.variation), median((r) => r.error)]
const unflagged = results.filter(({ lesser, coverage }) => lesser < lost && coverage >= flagged).length
const met = barrier <= bars.barrier ? variation <= bars.variation && error <= bars.error : unflagged === 0
console.log(
  `median of ${seeds} seeds at ${barrier} nats: total variation ${variation.toFixed(3)}, ` +
    `mass of a mode off by ${error.toFixed(3)}, mode coverage ${median((r) => r.coverage).toFixed(3)}; ` +
    `${results.filter(({ lesser }) => lesser < lost).length} lose a mode, of which ${unflagged} unflagged: ${met ? 'bars met' : 'bars missed'}`,
)
process.exitCode = met ? 0 : 1
