/**
 * Soft Q-learning on a linear-quadratic problem on a box, beside the exact soft Q by quadrature:
 * `node --conditions=@maxent/source examples/linear-quadratic.ts [seed] [steps] [warm-up]`.
 *
 * A state's error is the largest over all actions of the box, also those that the policy hardly takes: what the policy is made of. Uniform actions
 * are nearly half of the experience for that reason. At the 90th percentile of visited states it must be within 0.02 of the range of the exact Q, else
 * the exit status is 1.
 */
import { key } from '@maxent/core'
import { linearQuadratic, solveByQuadrature, valueAt } from '@maxent/core/tabular'
import { linearQuadraticEnv } from '@maxent/core/testing'
import type { HostTensor } from '@maxent/jit'
import { createNetworks, resolveSqlConfig, sql } from '@maxent/sql'
import { createAgent, train } from '@maxent/train'
import * as tf from '@tensorflow/tfjs'

const seed = Number(process.argv[2] ?? 1)
const steps = Number(process.argv[3] ?? 14_000)
const warmupSteps = Number(process.argv[4] ?? 6_000)
const [alpha, gamma] = [0.3, 0.9]
const [drift, gain, stateCost, actionCost] = [0.8, 0.5, 1, 0.5]
const bound = 2.6

const exact = linearQuadratic(
  { drift, gain, stateCost, actionCost, gamma, alpha },
  { stateBound: bound, stateNodes: 261, actionBound: 1, actionNodes: 40 },
)
const { solution } = solveByQuadrature(exact, { tolerance: 1e-6 })
const exactQ = (s: number, a: number): number =>
  -(stateCost * s * s + actionCost * a * a) +
  gamma * valueAt(exact.states, solution.v, [drift * s + gain * a])

const options = { drift, push: gain, stateCost, actionCost, noise: 0 }
const [env, evalEnv] = [linearQuadraticEnv(options), linearQuadraticEnv(options)]
const config = resolveSqlConfig({
  gamma,
  batchSize: 64,
  hidden: [64, 64],
  activation: 'elu',
  criticLearningRate: 5e-4,
  policyLearningRate: 1e-3,
  temperature: { kind: 'fixed', alpha },
  // Actions of one set for all states would err together, and what they err by adds up over 1 / (1 − γ) steps.
  value: { kind: 'uniform', samples: 100, shared: false },
  target: { kind: 'soft', tau: 0.02 },
  diagnosticsEvery: 0,
})
const algorithm = sql(env.spec, config)
const { state } = await train({
  env,
  evalEnv,
  algorithm,
  seed,
  config: { steps, warmupSteps, replayCapacity: steps, evaluateEvery: 0, finalEpisodes: 0 },
})

// The states that the learned policy visits, and Q over the box of actions there.
const agent = await createAgent({ algorithm, key: key(seed), state })
const visited: number[] = []
for (let episode = 0, step = 0; episode < 20; episode++) {
  let { observation } = env.reset({ seed: 500 + episode })
  for (let t = 0; t < 20; t++) {
    visited.push(observation.state[0])
    ;({ observation } = env.step(await agent.act(observation, step++)))
  }
}
await agent.dispose()
const grid = Array.from({ length: 41 }, (_, i) => -1 + i / 20)
const { critic } = state as Readonly<Record<string, HostTensor>>
const learned = tf.tidy(() =>
  createNetworks(env.spec, config)
    .leastQ(
      tf.tensor1d(critic.data as Float32Array),
      { state: tf.tensor2d(visited, [visited.length, 1]) },
      tf.tile(tf.tensor3d(grid, [1, 41, 1]), [visited.length, 1, 1]),
    )
    .dataSync<'float32'>(),
)
const truth = visited.flatMap((s) => grid.map((a) => exactQ(s, a)))
const range = truth.reduce((most, q) => Math.max(most, q), -Infinity) - Math.min(...truth)
const perState = visited.map((_, i) =>
  Math.max(...grid.map((__, k) => Math.abs(learned[i * grid.length + k] - truth[i * grid.length + k]))),
)
const all = truth.map((q, i) => Math.abs(learned[i] - q))
const at90 = (errors: readonly number[]): number =>
  [...errors].sort((a, b) => a - b)[Math.floor(0.9 * errors.length)] / range
const bar = 0.02
const found = at90(perState)
console.log(
  `seed ${seed}: |Q − Q*|, the largest over the actions of a state, at the 90th percentile of visited states: ${found.toFixed(4)} of the range ` +
    `${range.toFixed(2)}; at that of states and actions together ${at90(all).toFixed(4)}; ` +
    (found <= bar ? 'bar met' : 'bar missed'),
)
process.exitCode = found <= bar ? 0 : 1
