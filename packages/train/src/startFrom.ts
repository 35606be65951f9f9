import { describeValue, tidy } from '@maxent/core'
import type { AnyAlgorithm, Algorithm, AlgorithmSpec } from '@maxent/core/contracts'
import { leafPaths, leaves, mapTree, type Tree } from '@maxent/core/tree'
import type { HostTensor } from '@maxent/jit'
import * as tf from '@tensorflow/tfjs'
import type { Tensor } from '@tensorflow/tfjs'

/** What another run learned. */
export interface Pretrained {
  /** The algorithm that learned it, with its specification and configuration. */
  readonly algorithm: Pick<AnyAlgorithm, 'id' | 'spec' | 'config' | 'init'>
  /** Its state: `TrainResult.state`, or from `loadState` of `@maxent/train/node`. */
  readonly state: Tree<HostTensor>
  /** The observation groups that the networks see, where the two tasks have others besides; absent where both have the same groups. */
  readonly groups?: readonly string[]
  /** The entries of the state that are taken over; all that both algorithms have but `optimizer` and `step` when absent. */
  readonly parts?: readonly string[]
}

/** Settings by which networks of one size differ, and the beginning of the names of the entries that they concern. */
const ofNetworks: Readonly<Record<string, string>> = {
  activation: '',
  actionLayer: 'critic',
  form: 'policy',
  policy: 'policy',
  policyGroups: 'policy',
  criticGroups: 'critic',
  groups: '',
}

/** Entries that belong to a run, not to what was learned. */
const ownOfRun: readonly string[] = ['optimizer', 'step']

/**
 * The algorithm with what another run learned as its initial state: networks are taken over, optimisers and counts begin anew. Haarnoja 2018
 * (thesis), section 3.4, where policies pretrained on a broad task are fine-tuned on others.
 *
 *     const before = sql(speed.spec, config)
 *     const { state } = await loadState({ folder, algorithm: before })
 *     await train({
 *       ...,
 *       algorithm: startFrom(sql(hallway.spec, annealed), { algorithm: before, state }),
 *       details: { startFrom: folder },
 *     })
 *
 * A run does not record by itself what it started from: a store is resumed with any state unless `details` tell them apart.
 *
 * @throws RangeError when the algorithms, the actions, the groups of observations, the sizes of networks, or the settings by which networks of one
 * size differ are others; when the state lacks what is taken over, or that is nothing or not finite. TypeError for what is no algorithm or no
 * state. What is in the state is looked at by `init`.
 */
export function startFrom<State extends Tree<Tensor>, Batch extends Tree<Tensor>>(
  algorithm: Algorithm<State, Batch>,
  pretrained: Pretrained,
): Algorithm<State, Batch> {
  checkGiven(algorithm, pretrained)
  checkSpaces(algorithm, pretrained)
  checkNetworks(algorithm, pretrained)
  const learned = recordOf(pretrained.state)
  return {
    ...algorithm,
    init: (key) =>
      tidy(() => {
        const initial: Tree<Tensor> = algorithm.init(key)
        const fresh = recordOf(initial)
        const parts =
          pretrained.parts ?? sharedParts(pretrained, { fresh, before: pretrained.algorithm.init(key) })
        const taken = parts.map((name) => [name, replaced(name, fresh[name], learned[name])])
        return { ...fresh, ...(Object.fromEntries(taken) as typeof fresh) } as State
      }),
  }
}

/** Callers without types may pass anything. */
function checkGiven(algorithm: unknown, pretrained: unknown): void {
  const source = 'the state of what train or loadState returned'
  checkRecord('algorithm', algorithm, { rule: 'an algorithm', remedy: 'give the one that goes on' })
  checkRecord('pretrained', pretrained, {
    rule: '{ algorithm, state }',
    remedy: `give the algorithm that learned, and ${source}`,
  })
  const { algorithm: from, state, parts } = pretrained
  checkRecord('pretrained.algorithm', from, { rule: 'an algorithm', remedy: 'give the one that learned' })
  checkRecord('pretrained.state', state, { rule: 'a record', remedy: `give ${source}` })
  if (Array.isArray(parts) && parts.length === 0) {
    throw new RangeError(
      'startFrom: parts must name at least one entry of the state, got []; leave it out to take all that both have',
    )
  }
}

function checkRecord(
  name: string,
  value: unknown,
  { rule, remedy }: { readonly rule: string; readonly remedy: string },
): asserts value is Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null && !(value instanceof Promise)) return
  throw new TypeError(`startFrom: ${name} must be ${rule}, got ${describeValue(value)}; ${remedy}`)
}

/** What both algorithms learn besides what belongs to a run. */
function sharedParts(
  { state, algorithm: { id } }: Pretrained,
  { fresh, before }: { readonly fresh: Tree<Tensor>; readonly before: Tree<Tensor> },
): readonly string[] {
  const [own, others, given] = [fresh, before, state].map((tree) => Object.keys(tree))
  const shared = own.filter((name) => others.includes(name) && !ownOfRun.includes(name))
  if (shared.length === 0) {
    throw new RangeError(
      `startFrom: pretrained.algorithm must learn entries of (${own.join(', ')}) besides ${ownOfRun.join(' and ')}, got ` +
        `(${others.join(', ')}); pretrain with the algorithm that goes on`,
    )
  }
  if (shared.every((name) => given.includes(name))) return shared
  throw new RangeError(
    `startFrom: pretrained.state must have the entries (${shared.join(', ')}) that '${id}' learned, got (${given.join(', ')}); ` +
      'give the state of what train or loadState returned, or name in parts those to take',
  )
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

function checkNetworks(
  algorithm: Pick<AnyAlgorithm, 'spec' | 'config'>,
  { algorithm: from, parts }: Pretrained,
): void {
  if (algorithm.config === undefined || from.config === undefined) return
  const [after, before] = [new Map(Object.entries(algorithm.config)), new Map(Object.entries(from.config))]
  for (const [name, begin] of Object.entries(ofNetworks)) {
    const isTaken = parts?.some((part) => part.startsWith(begin)) ?? true
    if (!isTaken || !(after.has(name) || before.has(name))) continue
    const wanted = settingOf(name, after.get(name), algorithm.spec)
    const found = settingOf(name, before.get(name), from.spec)
    if (wanted === found) continue
    throw new RangeError(
      `startFrom: pretrained.algorithm must have the ${name} ${wanted}, got ${found}; give both algorithms the same, which the networks depend on`,
    )
  }
}

/** In words: of groups all those seen, of alternatives the kind. */
function settingOf(name: string, value: unknown, { observation }: AlgorithmSpec): string {
  if (/groups$/i.test(name)) {
    return describeValue(
      Object.keys(observation).filter((group) => !Array.isArray(value) || value.includes(group)),
    )
  }
  return describeValue(typeof value === 'object' && value !== null && 'kind' in value ? value.kind : value)
}

/** Learned leaves in the place of the initial ones. */
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
        `startFrom: pretrained ${leafName(name, path)} must be ${leaf.dtype} [${shape}], got ` +
          `${host === undefined ? 'none' : `${host.dtype} [${other}]`}; give both the same networks and groups`,
      )
    }
    const at = host.data.findIndex((value) => !Number.isFinite(value))
    if (at >= 0) {
      throw new RangeError(
        `startFrom: pretrained ${leafName(name, path)} must be finite, got ${host.data[at]} at index ${at}; ` +
          'take an earlier state, or pretrain with a smaller learning rate',
      )
    }
    return tf.tensor(host.data, [...host.shape], host.dtype)
  })
}

function leafName(...path: readonly string[]): string {
  return path.filter((part) => part !== '').join('/')
}

function recordOf<T>(state: Tree<T>): Readonly<Record<string, Tree<T>>> {
  return state as Readonly<Record<string, Tree<T>>>
}
