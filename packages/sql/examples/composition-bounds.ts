/**
 * How far two tasks are apart, estimated from samples, beside the exact tables:
 * `node --conditions=@maxent/source examples/composition-bounds.ts [dimensions] [seeds] [updates]`.
 *
 * Values are those that fresh networks hold over a box of actions in three states. The penalty P of lemma 5 is estimated from 40 uniform actions per
 * state, C and D from 400 transitions by temporal differences; the exact ones are those of all cells of the box. Where the mean error of one is more
 * than a tenth of the largest exact value, in the median over seeds, the exit status is 1.
 */
import { key, tidy, uniform, type LearnedLeaf } from '@maxent/core'
import { composeSql, compositionPenalty, createNetworks, resolveSqlConfig } from '@maxent/sql'
import { trainOffline } from '@maxent/train'
import * as tf from '@tensorflow/tfjs'
import { ring, type Ring } from '../fixtures/ring.ts'

const [dimensions = 1, seeds = 5, updates = 2_000] = process.argv.slice(2).map(Number)
const cells = dimensions === 1 ? 40 : 12
const [samples, bar] = [40, 0.1]

/** The mean error as a share of the largest exact value. */
function errorOf(found: ArrayLike<number>, exact: ArrayLike<number>): number {
  const errors = Array.from(exact, (value, at) => Math.abs(found[at] - value))
  return errors.reduce((sum, error) => sum + error, 0) / errors.length / Math.max(...Array.from(exact))
}

/** P of every state from a few uniform actions. */
function penalties({ spec, parts, settings, states, alpha }: Ring, seed: number): ArrayLike<number> {
  const shape: [number, number, number] = [states.length, samples, dimensions]
  return tidy(() => {
    const draws = uniform(key(seed), shape[0] * shape[1] * shape[2])
    const action = tf.sub(tf.mul(tf.tensor3d(draws, shape), 2), 1)
    const observation = { state: tf.tensor2d(states.map((state) => [...state])) }
    const { leastQ } = createNetworks(spec, resolveSqlConfig(settings))
    const q = parts.map(({ state }) => {
      const { critic } = state as { critic: LearnedLeaf }
      return leastQ(tf.tensor1d(critic.data as Float32Array), observation, action)
    })
    const logProposal = tf.fill([shape[0], shape[1]], -dimensions * Math.LN2)
    return compositionPenalty({ q, logProposal, alpha }, [0.5, 0.5]).penalty.dataSync()
  })
}

/** C and D of all states and cells, learned. */
async function bounds({ parts, replays, states, actions }: Ring, seed: number): Promise<Bounds> {
  const algorithm = composeSql(parts, {
    bounds: { hidden: [32, 32], learningRate: 2e-3, target: { kind: 'soft', tau: 0.02 } },
  })
  const { state } = await trainOffline({ algorithm, replays, updates, seed })
  const { network } = (state as unknown as { bounds: { network: LearnedLeaf } }).bounds
  return tidy(() => {
    const rows = states.flatMap((one) => actions.map((action) => ({ state: [...one], action: [...action] })))
    const { gap, regret } = algorithm.boundsAt(
      { bounds: { network: tf.tensor1d(network.data as Float32Array) } },
      { state: tf.tensor2d(rows.map((row) => row.state)) },
      tf.tensor2d(rows.map((row) => row.action)),
    )
    return { gap: gap.dataSync(), regret: regret.dataSync() }
  })
}

interface Bounds {
  readonly gap: ArrayLike<number>
  readonly regret: ArrayLike<number>
}

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]
const most = (values: ArrayLike<number>): string => Math.max(...Array.from(values)).toFixed(3)

const errors: (readonly [number, number, number])[] = []
for (let seed = 1; seed <= seeds; seed++) {
  const problem = ring({ dimensions, cells, seed: 100 * seed })
  const exact = problem.exactly()
  const { gap, regret } = await bounds(problem, seed)
  const [p, c, d] = [
    errorOf(penalties(problem, seed), exact.penalty),
    errorOf(gap, exact.gap),
    errorOf(regret, exact.regret),
  ]
  errors.push([p, c, d])
  console.log(
    `seed ${seed}: P at most ${most(exact.penalty)}, off by ${p.toFixed(3)}; C* at most ${most(exact.gap)} (learned ${most(gap)}), off by ${c.toFixed(3)}; ` +
      `D* at most ${most(exact.regret)} (learned ${most(regret)}), off by ${d.toFixed(3)}`,
  )
}
const medians = [0, 1, 2].map((i) => median(errors.map((one) => one[i])))
const isMet = medians.every((error) => error <= bar)
console.log(
  `median of ${seeds} seeds, ${dimensions} dimensions: P, C and D off by ${medians.map((error) => error.toFixed(3)).join(', ')} of the largest: bar ${bar} ${isMet ? 'met' : 'missed'}`,
)
process.exitCode = isMet ? 0 : 1
