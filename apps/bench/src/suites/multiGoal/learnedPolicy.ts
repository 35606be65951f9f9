import { mapTree, squashedScore, steinDiscrepancy, type Tree } from '@maxent/core'
import type { AlgorithmSpec, TensorSpec } from '@maxent/core/contracts'
import { foldIn, key, normal } from '@maxent/core/keys'
import { createProgram, type HostTensor } from '@maxent/jit'
import { createNetworks, type SqlConfig, type SqlState } from '@maxent/sql'
import * as tf from '@tensorflow/tfjs'
import type { Tensor, Tensor2D } from '@tensorflow/tfjs'

/** What soft Q-learning learned of a task with two actions, as it was left. */
export interface Learned {
  readonly spec: AlgorithmSpec
  readonly config: SqlConfig
  readonly state: Tree<HostTensor>
  readonly seed: number
}

/** How many actions each function takes at a time. */
export interface PolicySizes {
  /** Of `draw` and `score`. */
  readonly actions: number
  /** Of each set of `stein`; it takes as many sets as the actions make. */
  readonly particles: number
  /** Of `q`. */
  readonly cells: number
}

/** The networks of a learned policy as compiled functions of one observation. */
export interface LearnedPolicy {
  /** α */
  readonly alpha: number
  /** One action before tanh, [2]; another at every call. */
  readonly act: (observation: Float32Array) => Promise<Float32Array>
  /** So many of them, [actions · 2]. */
  readonly draw: (observation: Float32Array) => Promise<Float32Array>
  /** Q of actions, [cells]. */
  readonly q: (observation: Float32Array, actions: Float32Array) => Promise<Float32Array>
  /** α ∇_u log p(u) of actions before tanh for p ∝ exp(Q/α) over actions, [actions · 2]. */
  readonly score: (observation: Float32Array, preTanh: Float32Array) => Promise<Float32Array>
  /**
   * Squared kernelised Stein discrepancies to exp(Q/α) of actions before tanh, means over sets of them: over pairs of two, and over all pairs.
   * `bandwidth` is h of the kernel.
   */
  readonly stein: (request: SteinRequest) => Promise<{ readonly u: number; readonly v: number }>
  readonly dispose: () => Promise<void>
}

interface SteinRequest {
  readonly observation: Float32Array
  /** [actions · 2] */
  readonly preTanh: Float32Array
  readonly bandwidth: number
}

/** Compiles what a probe asks a learned policy for. @throws RangeError where actions are no tanh of what is sampled, or α changes. */
export async function compilePolicy(learned: Learned, sizes: PolicySizes): Promise<LearnedPolicy> {
  const { spec, config, state, seed } = learned
  const { temperature, form, latents } = config
  if (temperature.kind !== 'fixed' || form !== 'preTanh' || latents.kind !== 'fresh') {
    throw new RangeError(
      `compilePolicy: config must have a fixed temperature, form preTanh and fresh latents, got ` +
        `${temperature.kind}, ${form} and ${latents.kind}`,
    )
  }
  const { alpha } = temperature
  const { latentSize = 2 } = config
  const networks = createNetworks(spec, config)
  const parametersOf = (held: Tree<Tensor>): Pick<SqlState, 'policy' | 'critic'> => held as SqlState
  const sample = (held: Tree<Tensor>, proprio: Tensor2D, noise: Tensor): { out: Tensor } => ({
    out: networks.sampler(parametersOf(held).policy, { proprio }, noise),
  })
  const row: TensorSpec = { shape: [1, 2] }
  const sets = Math.floor(sizes.actions / sizes.particles)
  const inSets: TensorSpec = { shape: [sets, sizes.particles, 2] }
  const program = await createProgram({
    name: 'learned policy',
    state: mapTree<Tree<HostTensor>, HostTensor, Tensor>(state, ({ data, shape, dtype }) =>
      tf.tensor(data, [...shape], dtype),
    ),
    functions: {
      act: { run: sample, args: [row, { shape: [1, 1, latentSize] }] },
      draw: { run: sample, args: [row, { shape: [1, sizes.actions, latentSize] }] },
      q: {
        run: (held: Tree<Tensor>, proprio: Tensor2D, actions: Tensor) => ({
          out: networks.leastQ(parametersOf(held).critic, { proprio }, actions),
        }),
        args: [row, { shape: [1, sizes.cells, 2] }],
      },
      score: {
        run: (held: Tree<Tensor>, proprio: Tensor2D, preTanh: Tensor) => {
          const climb = tf.grad((action) =>
            tf.sum(networks.leastQ(parametersOf(held).critic, { proprio }, action)),
          )
          return { out: squashedScore({ preTanh, actionGradient: climb(tf.tanh(preTanh)), alpha }) }
        },
        args: [row, { shape: [1, sizes.actions, 2] }],
      },
      stein: {
        run: (_: Tree<Tensor>, particles: Tensor, score: Tensor) => {
          const bandwidth = { kind: 'fixed', value: 1 } as const
          const of = (statistic: 'u' | 'v'): Tensor =>
            tf.mean(steinDiscrepancy({ particles, score, alpha, bandwidth, statistic }))
          return { u: of('u'), v: of('v') }
        },
        args: [inSets, inSets],
      },
    },
  })
  const run = async (name: string, ...args: readonly Float32Array[]): Promise<Float32Array> =>
    (await program.call(name, args)).out as Float32Array
  const score: LearnedPolicy['score'] = (observation, preTanh) => run('score', observation, preTanh)
  const base = foldIn(key(seed), 'latents')
  let calls = 0
  const fresh = (count: number): Float32Array => normal(foldIn(base, calls++), count * latentSize)
  return {
    alpha,
    act: (observation) => run('act', observation, fresh(1)),
    draw: (observation) => run('draw', observation, fresh(sizes.actions)),
    q: (observation, actions) => run('q', observation, actions),
    score,
    stein: async ({ observation, preTanh, bandwidth }) => {
      const slope = await score(observation, preTanh)
      // In units of the kernel's length √h, which becomes 1, scores are √h times as large and the discrepancy h times.
      const unit = Math.sqrt(bandwidth)
      const used = 2 * sets * sizes.particles
      const { u, v } = await program.call('stein', [
        preTanh.subarray(0, used).map((x) => x / unit),
        slope.subarray(0, used).map((x) => x * unit),
      ])
      return { u: (u as Float32Array)[0] / bandwidth, v: (v as Float32Array)[0] / bandwidth }
    },
    dispose: () => program.dispose(),
  }
}
