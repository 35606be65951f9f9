import * as tf from '@tensorflow/tfjs'
import type { Scalar, Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs'
import { describe, expect, it } from 'vitest'
import type { Algorithm, TensorSpec, TransitionBatch } from '../../contracts.ts'
import { tanhGaussian } from '../../distributions/index.ts'
import { valueAndGrad } from '../../gradients/index.ts'
import { foldIn, key } from '../../keys/index.ts'
import { mlp, ravel } from '../../networks/index.ts'
import { adam, applyUpdates, type AdamState } from '../../optimizers/index.ts'
import { leaves, mapTree, type Tree } from '../../tree.ts'
import { tidy } from '../../tidy.ts'
import {
  algorithmChecks,
  algorithmConformance,
  banditOptimum,
  constantRewardOptimum,
  linearQuadraticOptimum,
  type AlgorithmConformanceOptions,
  type CompiledFunctions,
  type CompileRequest,
  type HostData,
  type HostTensor,
  type LearnedPolicy,
  type LearnTask,
} from '../index.ts'

type State = {
  readonly scale: Scalar
  readonly policy: Tensor1D
  readonly optimizer: AdamState
  readonly step: Scalar
}

const rows = 8
const spec = { observation: { near: 2, far: 1 }, action: { low: [-2, -2], high: [2, 2] } }

/** The smallest algorithm there is: a policy that imitates the actions of the batch. */
function imitation(): Algorithm<State> {
  const network = ravel(mlp({ inputs: 3, hidden: [8], outputs: 2 }))
  const optimizer = adam({ learningRate: 1e-3 })
  const mean = (policy: Tensor1D, groups: TransitionBatch['observation']): Tensor2D =>
    network.apply(policy, tf.concat([groups.near, groups.far], 1))
  const observation = { near: { shape: [rows, 2] }, far: { shape: [rows, 1] } }
  return {
    id: 'imitation',
    spec,
    batch: {
      observation,
      action: { shape: [rows, 2] },
      reward: { shape: [rows] },
      discount: { shape: [rows] },
      nextObservation: observation,
    },
    noise: {
      act: (n) => ({ shape: [n, 2], law: 'normal' }),
      update: { jitter: { shape: [rows, 2], law: 'uniform' } },
    },
    init: (seed) => {
      const policy = network.init(foldIn(seed, 'policy'))
      return { scale: tf.scalar(2), policy, optimizer: optimizer.init(policy), step: tf.scalar(0, 'int32') }
    },
    act: (state, groups, noise) =>
      tidy(() => {
        const policy = tanhGaussian({ mean: mean(state.policy, groups), logStd: tf.zeros([2]) })
        return { action: tf.mul(policy.sampleWithLogProb(noise as Tensor).action, 2) }
      }),
    actDeterministic: (state, groups) =>
      tidy(() => ({ action: tf.mul(tf.tanh(mean(state.policy, groups)), 2) })),
    update: (state, batch, noise) =>
      tidy(() => {
        const { jitter } = noise as { jitter: Tensor }
        const { value, grads } = valueAndGrad((policy: Tensor1D) => {
          const action = tf.tanh(mean(policy, batch.observation))
          return {
            value: tf.mean(tf.square(tf.sub(action, tf.add(tf.div(batch.action, 2), tf.mul(jitter, 0.01))))),
          }
        })(state.policy)
        const { updates, state: next } = optimizer.update(grads, state.optimizer, state.policy)
        return {
          state: {
            scale: state.scale,
            policy: applyUpdates(state.policy, updates),
            optimizer: next,
            step: tf.add<Scalar>(state.step, tf.scalar(1, 'int32')),
          },
          metrics: { loss: value, reward: tf.mean(batch.reward) },
        }
      }),
  }
}

/** A tensor on the host. */
class Held implements HostTensor {
  readonly shape: readonly number[]
  readonly dtype: 'float32' | 'int32'
  readonly data: HostData
  constructor(tensor: Tensor) {
    this.shape = tensor.shape
    this.dtype = tensor.dtype as 'float32'
    this.data = tensor.dataSync()
  }
}

/** Runs the functions eagerly behind the interface of compiled ones, with a chance to change what the update gives. */
const interpret =
  (alter: (state: State) => State = (state) => state) =>
  (request: CompileRequest<State>): Promise<CompiledFunctions> => {
    let state = mapTree(request.state as Tree<Tensor>, (leaf: Tensor) => leaf.clone()) as State
    return Promise.resolve({
      call: (name, args) => {
        const { run, args: specs } = request.functions[name]
        const tensors = args.map((arg, i) => {
          const data = leaves<HostData>(arg)
          let next = 0
          return mapTree<Tree<TensorSpec>, TensorSpec, Tensor>(specs[i], ({ shape, dtype }) =>
            tf.tensor(data[next++], [...shape], dtype),
          )
        })
        const { state: changed, ...outputs } = run(state, ...tensors)
        if (changed !== undefined) state = alter(changed)
        return Promise.resolve(
          mapTree(outputs as Tree<Tensor>, (leaf: Tensor) => leaf.dataSync()) as Record<
            string,
            Tree<HostData>
          >,
        )
      },
      getState: () => Promise.resolve(mapTree(state as Tree<Tensor>, (leaf: Tensor) => new Held(leaf))),
      dispose: () => Promise.resolve(),
    })
  }

/** Policies that are the closed forms themselves, sampled with ambient randomness. */
function exact(task: LearnTask): Promise<LearnedPolicy> {
  const { alpha, gamma } = task
  const gauss = (): number =>
    Math.sqrt(-2 * Math.log(1 - Math.random())) * Math.cos(2 * Math.PI * Math.random())
  const boxed = (draw: () => number): Float32Array => {
    for (;;) {
      const a = draw()
      if (Math.abs(a) <= 1) return Float32Array.of(a)
    }
  }
  const always =
    (a: number): (() => Float32Array) =>
    () =>
      Float32Array.of(a)
  if (alpha === 0) return Promise.resolve(exactGreedy(task))
  switch (task.id) {
    case 'identity':
      return Promise.resolve({ act: (state) => state, actDeterministic: (state) => state })
    case 'bandit':
      return Promise.resolve({
        act: () => boxed(() => 0.3 + Math.sqrt(alpha / 2) * gauss()),
        actDeterministic: always(0.3),
        value: () => banditOptimum({ alpha }).value,
      })
    case 'constant-reward':
      return Promise.resolve({
        act: () => boxed(() => 2 * Math.random() - 1),
        actDeterministic: always(0),
        value: () => Promise.resolve(constantRewardOptimum({ alpha, gamma }).value),
      })
    default: {
      const { gain, value } = linearQuadraticOptimum({ alpha, gamma })
      return Promise.resolve({
        act: ([x]) => Float32Array.of(-gain * x),
        actDeterministic: ([x]) => Float32Array.of(-gain * x),
        value: ([x]) => value(x),
      })
    }
  }
}

/** The closed forms without entropy. */
function exactGreedy({ id, gamma }: LearnTask): LearnedPolicy {
  const best = (action: (x: number) => number, worth: (x: number) => number): LearnedPolicy => ({
    act: ([x]) => Float32Array.of(action(x)),
    actDeterministic: ([x]) => Float32Array.of(action(x)),
    value: ([x]) => worth(x),
  })
  if (id === 'constant-reward')
    return best(
      () => 0,
      () => constantRewardOptimum({ alpha: 0, gamma }).value,
    )
  return best(
    (x) => (id === 'bandit' ? 0.3 : x),
    () => 0,
  )
}

algorithmConformance({
  name: 'imitation',
  make: imitation,
  compile: interpret(),
  learn: exact,
  learnGreedy: exact,
})

/** The titles of the checks that fail, all or the one named. */
async function failing(
  options: Partial<AlgorithmConformanceOptions<State>>,
  only?: string,
): Promise<string[]> {
  const failed: string[] = []
  for (const { title, run } of algorithmChecks({ name: 'mutant', make: imitation, ...options })) {
    if (only !== undefined && title !== only) continue
    try {
      await run()
    } catch {
      failed.push(title)
    }
  }
  return failed
}

type Mutation = (algorithm: Algorithm<State>) => Partial<Algorithm<State>>

const mutants: [string, Mutation, string][] = [
  [
    'ambient randomness',
    ({ init }) => ({ init: (seed) => ({ ...init(seed), policy: tf.randomNormal([50]) }) }),
    'gives the same bytes for the same seed',
  ],
  [
    'a seed that it ignores',
    ({ init }) => ({ init: () => init(key(0)) }),
    'starts from other bytes for another seed',
  ],
  [
    'memory outside of its state',
    ({ init, update }) => {
      let updates = 0
      return {
        init: (seed) => {
          updates = 0
          return init(seed)
        },
        update: (state, batch, noise) => {
          const result = update(state, batch, noise)
          updates += 1
          return { ...result, state: { ...result.state, policy: tf.add(result.state.policy, updates) } }
        },
      }
    },
    'continues with the same bytes after its state was written and read',
  ],
  [
    'a state that changes its type',
    ({ update }) => ({
      update: (state, batch, noise) => {
        const result = update(state, batch, noise)
        return { ...result, state: { ...result.state, step: tf.cast<Scalar>(result.state.step, 'float32') } }
      },
    }),
    'keeps the structure, shapes and types of its state',
  ],
  [
    'writing into its arguments',
    ({ update }) => ({
      update: (state, batch, noise) => {
        const result = update(state, batch, noise)
        state.policy.dataSync()[0] += 1
        return result
      },
    }),
    'leaves the state and the batch that it is given as they are',
  ],
  [
    'a metric that overflows',
    ({ update }) => ({
      update: (state, batch, noise) => {
        const { state: next, metrics } = update(state, batch, noise)
        return { state: next, metrics: { ...metrics, reward: tf.exp(metrics.reward) } }
      },
    }),
    'stays finite on extreme batches',
  ],
  [
    'a state that overflows',
    ({ update }) => ({
      update: (state, batch, noise) => {
        const result = update(state, batch, noise)
        return {
          ...result,
          state: { ...result.state, policy: tf.add(result.state.policy, tf.exp(tf.mean(batch.reward))) },
        }
      },
    }),
    'stays finite on extreme batches',
  ],
  [
    'a metric that comes and goes',
    ({ update }) => {
      let updates = 0
      return {
        update: (state, batch, noise) => {
          const { state: next, metrics } = update(state, batch, noise)
          return { state: next, metrics: updates++ % 2 === 0 ? metrics : { loss: metrics.loss } }
        },
      }
    },
    'gives the same metrics in every update, each a scalar',
  ],
  [
    'a metric that is not a scalar',
    ({ update }) => ({
      update: (state, batch, noise) => {
        const { state: next, metrics } = update(state, batch, noise)
        return { state: next, metrics: { ...metrics, rewards: tf.clone(batch.reward) as Scalar } }
      },
    }),
    'gives the same metrics in every update, each a scalar',
  ],
  [
    'actions beyond the bounds',
    ({ actDeterministic }) => ({
      actDeterministic: (state, groups) => ({ action: tf.mul(actDeterministic(state, groups).action, 1.01) }),
    }),
    'acts within the bounds',
  ],
  [
    'actions of another shape',
    ({ actDeterministic }) => ({
      actDeterministic: (state, groups) => ({ action: tf.transpose(actDeterministic(state, groups).action) }),
    }),
    'acts within the bounds',
  ],
  [
    'noise that it ignores',
    ({ act }) => ({ act: (state, groups, noise) => act(state, groups, tf.zerosLike(noise as Tensor)) }),
    'explores by its noise, and not at all when it acts deterministically',
  ],
  [
    'deterministic actions that vary',
    ({ actDeterministic }) => ({
      actDeterministic: (state, groups) => ({
        action: tf.mul(actDeterministic(state, groups).action, Math.random()),
      }),
    }),
    'explores by its noise, and not at all when it acts deterministically',
  ],
  [
    'a tensor that it never frees',
    ({ update }) => ({
      update: (state, batch, noise) => {
        tf.keep(tf.scalar(1))
        return update(state, batch, noise)
      },
    }),
    'frees every tensor that it makes',
  ],
  [
    'a message on the console',
    ({ update }) => ({
      update: (state, batch, noise) => {
        globalThis.console.warn('slow')
        return update(state, batch, noise)
      },
    }),
    'writes nothing to the console',
  ],
]

describe('algorithmConformance', () => {
  it.each(mutants)('catches %s', async (_, mutate, title) => {
    const make = (): Algorithm<State> => {
      const algorithm = imitation()
      return { ...algorithm, ...mutate(algorithm) }
    }
    expect(await failing({ make }, title)).toEqual([title])
  })

  it('catches compiled functions that drift from eager ones', async () => {
    const compile = interpret((state) => ({ ...state, policy: tf.add(state.policy, 1e-3) }))
    expect(await failing({ compile })).toEqual([
      'gives the same numbers compiled as eager over two updates on one batch',
      'gives the same numbers compiled as eager over ten updates on fresh batches',
    ])
  })

  it('catches policies that are not the soft optimum', async () => {
    const learn = async (task: LearnTask): Promise<LearnedPolicy> => {
      const { act, actDeterministic } = await exact(task)
      return {
        act: async (state) => (await act(state)).map((a) => a / 2),
        actDeterministic: async (state) => (await actDeterministic(state)).map((a) => a / 2),
      }
    }
    expect(await failing({ learn })).toHaveLength(4)
    // The constant reward has no best action.
    expect(await failing({ learnGreedy: learn })).toHaveLength(2)
  })

  it('catches values without the entropy', async () => {
    const learn = async (task: LearnTask): Promise<LearnedPolicy> => {
      const policy = await exact(task)
      return { ...policy, value: () => constantRewardOptimum({ alpha: 0, gamma: 0.9 }).value }
    }
    expect(await failing({ learn })).toContain(
      'learns the soft value of a constant reward, through time limits',
    )
  })
})
