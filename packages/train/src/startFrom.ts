import { describeValue, tidy } from '@maxent/core'
import type { AnyAlgorithm, Algorithm, AlgorithmSpec } from '@maxent/core/contracts'
import { leafPaths, leaves, mapTree, type Tree } from '@maxent/core/tree'
import type { HostTensor } from '@maxent/jit'
import * as tf from '@tensorflow/tfjs'
import type { Tensor } from '@tensorflow/tfjs'

/** What another run learned. */
export interface Pretrained {
  /** The algorithm that learned it, with its specification and configuration. */
  readonly algorithm: Pick<AnyAlgorithm, 'id' | 'spec'>
  /** Its state: `TrainResult.state`, or from `loadState` of `@maxent/train/node`. */
  readonly state: Tree<HostTensor>
  /** The observation groups that the networks see, where the two tasks have others besides; absent where both have the same groups. */
  readonly groups?: readonly string[]
  /** The entries of the state that are taken over; all that both have but `optimizer` and `step` when absent. */
  readonly parts?: readonly string[]
}

/** Entries that belong to a run, not to what was learned. */
const ownOfRun: readonly string[] = ['optimizer', 'step']

/**
 * The algorithm with what another run learned as its initial state: networks are taken over, optimisers and counts begin anew. Haarnoja 2018
 * (thesis), section 3.4, where policies pretrained on a broad task are fine-tuned on others.
 *
 *     const before = sql(speed.spec, config)
 *     const { state } = await loadState({ folder, algorithm: before })
 *     await train({ ..., algorithm: startFrom(sql(hallway.spec, annealed), { algorithm: before, state }) })
 *
 * @throws RangeError when the algorithms, the actions, the groups of observations or the sizes of networks differ.
 */
export function startFrom<State extends Tree<Tensor>, Batch extends Tree<Tensor>>(
  algorithm: Algorithm<State, Batch>,
  pretrained: Pretrained,
): Algorithm<State, Batch> {
  checkSpaces(algorithm, pretrained)
  const learned = recordOf(pretrained.state)
  return {
    ...algorithm,
    init: (key) =>
      tidy(() => {
        const initial: Tree<Tensor> = algorithm.init(key)
        const fresh = recordOf(initial)
        const parts =
          pretrained.parts ??
          Object.keys(fresh).filter((name) => Object.hasOwn(learned, name) && !ownOfRun.includes(name))
        const taken = parts.map((name) => [name, replaced(name, fresh[name], learned[name])])
        return { ...fresh, ...(Object.fromEntries(taken) as typeof fresh) } as State
      }),
  }
}

function checkSpaces(
  algorithm: Pick<AnyAlgorithm, 'id' | 'spec'>,
  { algorithm: from, groups }: Pretrained,
): void {
  if (algorithm.id !== from.id) {
    throw new RangeError(
      `startFrom: pretrained algorithm must be '${algorithm.id}', got '${from.id}'; pretrain with the algorithm that goes on`,
    )
  }
  const actionsOf = ({ action: { low, high, choices } }: AlgorithmSpec): string =>
    JSON.stringify({ low, high, choices })
  if (actionsOf(algorithm.spec) !== actionsOf(from.spec)) {
    throw new RangeError(
      `startFrom: pretrained policy must have the actions ${actionsOf(algorithm.spec)}, got ${actionsOf(from.spec)}; ` +
        'pretrain on a task of the same body',
    )
  }
  const seenOf = ({ observation }: AlgorithmSpec): string => {
    const seen = Object.entries(observation).filter(([name]) => groups?.includes(name) ?? true)
    return seen.map(([name, length]) => `${name} ${length}`).join(', ')
  }
  const [wanted, found] = [seenOf(algorithm.spec), seenOf(from.spec)]
  if (wanted === found && wanted !== '') return
  throw new RangeError(
    `startFrom: pretrained policy must have the observation groups (${wanted}), got (${found}); ` +
      'pretrain on the same groups, or name in groups those of both tasks that the networks see',
  )
}

/** Copies of the learned leaves in the place of the initial ones. */
function replaced(
  name: string,
  initial: Tree<Tensor> | undefined,
  learned: Tree<HostTensor> | undefined,
): Tree<Tensor> {
  if (initial === undefined || learned === undefined) {
    throw new RangeError(
      `startFrom: parts must be entries of both states, got ${describeValue(name)}, which ${
        initial === undefined ? 'the algorithm' : 'the pretrained state'
      } does not have`,
    )
  }
  const paths = leafPaths(learned)
  const found = new Map(leaves<HostTensor>(learned).map((leaf, i) => [paths[i], leaf]))
  return mapTree<Tree<Tensor>, Tensor, Tensor>(initial, (leaf, path) => {
    const host = found.get(path)
    const [shape, other] = [leaf.shape.join(', '), host?.shape.join(', ')]
    if (host === undefined || shape !== other || host.dtype !== leaf.dtype) {
      throw new RangeError(
        `startFrom: pretrained ${[name, path].filter((part) => part !== '').join('/')} must be ${leaf.dtype} [${shape}], got ` +
          `${host === undefined ? 'none' : `${host.dtype} [${other}]`}; give both the same networks and groups`,
      )
    }
    return tf.tensor(host.data, [...host.shape], host.dtype)
  })
}

function recordOf<T>(state: Tree<T>): Readonly<Record<string, Tree<T>>> {
  return state as Readonly<Record<string, Tree<T>>>
}
