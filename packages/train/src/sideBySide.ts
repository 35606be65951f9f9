import type { AnyAlgorithm } from '@maxent/core/contracts'
import { foldIn, key as keyOf } from '@maxent/core/keys'
import { eachLeaf, leaves, mapTree, unflatten, type Tree } from '@maxent/core/tree'
import { createProgram, type HostData, type HostTensor, type Program } from '@maxent/jit'
import * as tf from '@tensorflow/tfjs'
import type { Tensor } from '@tensorflow/tfjs'
import { agentFunctions } from './agent.ts'

/** A call of one member that waits for the others. */
interface Pending {
  readonly name: string
  readonly args: readonly Tree<HostData>[]
  readonly fetch: 'all' | 'none' | readonly string[]
  readonly resolve: (result: Readonly<Record<string, Tree<HostData>>>) => void
  readonly reject: (error: unknown) => void
}

export interface SideBySideOptions {
  readonly algorithm: AnyAlgorithm
  readonly seeds: readonly number[]
  readonly threads: number
}

/**
 * One compiled program for several seeds, their states stacked along a leading axis; each seed gets a program of its own to look at, for
 * {@link createAgent}. A call waits until every seed that is still at work has made one; calls of one function are then computed together.
 * Updates wait until all seeds ask for one. Where they ask for different ones, as seeds that stand at different steps do of an algorithm with a
 * schedule, the states of those that wait are put back: none moves without its batch.
 */
export async function sideBySide(options: SideBySideOptions): Promise<readonly Program[]> {
  const { algorithm, seeds, threads } = options
  const members = seeds.length
  const initial = tf.tidy(() => {
    const states = seeds.map((seed) => algorithm.init(foldIn(keyOf(seed), 'init')))
    const parts = states.map((state) => leaves<Tensor>(state))
    return unflatten(
      states[0],
      parts[0].map((_, i) => tf.stack(parts.map((leavesOfOne) => leavesOfOne[i]))),
    ) as tf.TensorContainer
  }) as Tree<Tensor>
  const own = mapTree<Tree<Tensor>, Tensor, StateLeaf>(initial, ({ shape, dtype }) => ({
    shape: shape.slice(1),
    dtype: dtype as StateLeaf['dtype'],
  }))
  const program = await createProgram({
    name: algorithm.id,
    state: initial,
    functions: agentFunctions(algorithm),
    mode: { kind: 'compiled', threads },
    members,
  }).finally(() => {
    for (const tensor of leaves(initial)) tensor.dispose()
  })

  const pending = new Map<number, Pending>()
  const atWork = new Set(seeds.keys())
  let turn = Promise.resolve()
  /** Does what reads or changes the states after what did so before it, whether that went well or not. */
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const done = turn.then(work)
    turn = done.then(
      () => undefined,
      () => undefined,
    )
    return done
  }

  /** Computes what can be: acting at once, updates where all ask for one. */
  const flush = async (): Promise<void> => {
    if (atWork.size === 0 || pending.size < atWork.size) return
    const calls = [...pending]
    const isUpdate = ({ name }: Pending): boolean => name.startsWith('update')
    const acting = calls.filter(([, call]) => !isUpdate(call))
    const chosen = acting.length > 0 ? acting : calls
    const [[, { name }]] = chosen
    const together = chosen.filter(([, call]) => call.name === name)
    for (const [member] of together) pending.delete(member)
    try {
      const before = acting.length === 0 && pending.size > 0 ? await program.getState() : undefined
      const results = await callTogether(name, together)
      if (before !== undefined) {
        const after = await program.getState()
        program.setState(
          [...pending.keys()].reduce((all, member) => withState(all, stateOf(before, member), member), after),
        )
      }
      for (const [member, call] of together) call.resolve(ofMember(results, member, members))
    } catch (error) {
      for (const [, call] of together) call.reject(error)
    }
  }

  const callTogether = (
    name: string,
    calls: readonly (readonly [number, Pending])[],
  ): Promise<Readonly<Record<string, Tree<HostData>>>> => {
    const byMember = new Map(calls)
    const [[, sample]] = calls
    const args = sample.args.map((arg, at) => {
      const parts = new Map([...byMember].map(([member, call]) => [member, leaves<HostData>(call.args[at])]))
      let leaf = 0
      return mapTree<Tree<HostData>, HostData, HostData>(arg, (one) => {
        const all = new (one.constructor as Float32ArrayConstructor)(members * one.length)
        // Rows of members that wait for something else stay zero: nothing is read from them.
        for (const [member, found] of parts) all.set(found[leaf], member * one.length)
        leaf++
        return all
      })
    })
    const names = new Set(calls.flatMap(([, { fetch }]) => (typeof fetch === 'string' ? [] : fetch)))
    const fetch = calls.some(([, call]) => call.fetch === 'all')
      ? 'all'
      : names.size === 0
        ? 'none'
        : [...names]
    return program.call(name, args, { fetch })
  }

  const schedule = (): Promise<void> => inTurn(flush)

  return seeds.map((_, member): Program => ({
    name: program.name,
    stats: program.stats,
    call: (name, args, { fetch = 'all' } = {}) =>
      new Promise((resolve, reject) => {
        pending.set(member, { name, args, fetch, resolve, reject })
        void schedule()
      }),
    getState: () => inTurn(async () => stateOf(await program.getState(), member)),
    setState: (state) => {
      checkState(algorithm.id, own, state)
      void inTurn(async () => program.setState(withState(await program.getState(), state, member)))
    },
    export: () =>
      Promise.reject(
        new Error(
          'sideBySide: export must be called on a program of one seed, take exportPolicy on its state',
        ),
      ),
    dispose: async () => {
      if (!atWork.has(member)) return
      atWork.delete(member)
      pending.delete(member)
      if (atWork.size > 0) return schedule()
      await turn
      await program.dispose()
    },
  }))
}

function ofMember(
  results: Readonly<Record<string, Tree<HostData>>>,
  member: number,
  members: number,
): Readonly<Record<string, Tree<HostData>>> {
  return mapTree<Tree<HostData>, HostData, HostData>(results, (all) => {
    const size = all.length / members
    return all.slice(member * size, (member + 1) * size)
  }) as Readonly<Record<string, Tree<HostData>>>
}

function stateOf(state: Tree<HostTensor>, member: number): Tree<HostTensor> {
  return mapTree<Tree<HostTensor>, HostTensor, HostTensor>(state, ({ shape, dtype, data }) => {
    const size = data.length / shape[0]
    return { shape: shape.slice(1), dtype, data: data.slice(member * size, (member + 1) * size) }
  })
}

/** The states of all, that of a member replaced. */
function withState(all: Tree<HostTensor>, own: Tree<HostTensor>, member: number): Tree<HostTensor> {
  const given = leaves<HostTensor>(own)
  let leaf = 0
  return mapTree<Tree<HostTensor>, HostTensor, HostTensor>(all, ({ shape, dtype, data }) => {
    const next = data.slice()
    next.set(given[leaf].data, member * given[leaf].data.length)
    leaf++
    return { shape, dtype, data: next }
  })
}

/** Shape and type of a leaf of the state. */
type StateLeaf = Pick<HostTensor, 'shape' | 'dtype'>

/** @throws RangeError where a state does not have the leaves of this program. */
function checkState(id: string, wanted: Tree<StateLeaf>, given: Tree<HostTensor>): void {
  const [expected, found] = [wanted, given].map(describeLeaves)
  const at = Array.from({ length: Math.max(expected.length, found.length) }, (_, i) => i).find(
    (i) => expected[i] !== found[i],
  )
  if (at === undefined) return
  throw new RangeError(
    `${id}.setState: state must have the leaves of this algorithm and its settings, ${expected[at] ?? 'no more of them'}, ` +
      `got ${found[at] ?? 'no more of them'}; take the state of a run with the same settings`,
  )
}

function describeLeaves(tree: Tree<StateLeaf>): readonly string[] {
  const found: string[] = []
  eachLeaf<StateLeaf>(tree, ({ shape, dtype }, path) =>
    found.push(`"${path}" ${dtype} [${shape.join(', ')}]`),
  )
  return found
}
