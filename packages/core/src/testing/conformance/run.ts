import type { Scalar, Tensor } from '@tensorflow/tfjs'
import type { Algorithm } from '../../contracts.ts'
import { foldIn, key } from '../../keys/index.ts'
import { leaves, type Tree } from '../../tree.ts'
import { drawUpdateArgs, toTensors, type UpdateArgs } from './batches.ts'
import { bytesOf } from './serial.ts'

/** The arguments of one update as tensors. */
export interface UpdateTensors {
  readonly batch: Tree<Tensor>
  readonly noise: Tree<Tensor>
}

/** The update with a number, for batches of whatever structure the algorithm asks for. */
export function updateOf<State extends Tree<Tensor>>(
  algorithm: Algorithm<State>,
  index: number,
): (
  state: State,
  args: UpdateTensors,
) => { readonly state: State; readonly metrics: { readonly [name: string]: Scalar } } {
  const { schedule = [algorithm] } = algorithm
  const { update } = schedule[index % schedule.length]
  return (state, { batch, noise }) => update(state, batch as never, noise)
}

/** The name of the update with a number: updates that are one function have one name. */
export function updateName({ schedule }: { readonly schedule?: readonly unknown[] }, index: number): string {
  return schedule === undefined ? 'update' : `update:${schedule.indexOf(schedule[index % schedule.length])}`
}

export function updateTensors(
  algorithm: Pick<Algorithm, 'batch' | 'noise'>,
  args: UpdateArgs,
): UpdateTensors {
  return {
    batch: toTensors(args.batch, algorithm.batch),
    noise: toTensors(args.noise, algorithm.noise.update),
  }
}

/** An algorithm in progress, eagerly, on batches drawn from one key. */
export interface Run<State> {
  readonly state: State
  /** Shapes of the last metrics, as text. */
  readonly metricShapes: Readonly<Record<string, string>>
  /** One update; its metrics. */
  readonly step: (args: UpdateArgs) => Record<string, number>
  /** Updates on fresh batches, numbered on from the last. */
  readonly run: (updates: number) => void
  /** Goes on from another state, after so many updates. */
  readonly resume: (state: State, updates: number) => void
  readonly dispose: () => void
}

/** The first state from a seed, and updates from there. */
export function start<State extends Tree<Tensor>>(algorithm: Algorithm<State>, seed: number): Run<State> {
  let state = algorithm.init(key(seed))
  let metricShapes: Record<string, string> = {}
  let drawn = 0
  let taken = 0
  const replaceState = (next: State): void => {
    discard([state], next)
    state = next
  }
  const step = (args: UpdateArgs): Record<string, number> => {
    const tensors = updateTensors(algorithm, args)
    const { state: next, metrics } = updateOf(algorithm, taken++)(state, tensors)
    replaceState(next)
    metricShapes = Object.fromEntries(
      Object.entries(metrics).map(([name, value]) => [name, value.shape.join()]),
    )
    const numbers = Object.fromEntries(
      Object.entries(metrics).map(([name, value]) => [name, value.dataSync()[0]]),
    )
    discard([metrics, tensors.batch, tensors.noise], next)
    return numbers
  }
  return {
    get state() {
      return state
    },
    get metricShapes() {
      return metricShapes
    },
    step,
    run: (updates) => {
      for (let i = 0; i < updates; i++) step(drawUpdateArgs(algorithm, foldIn(key(seed), drawn++)))
    },
    resume: (next, updates) => {
      replaceState(next)
      drawn = updates
      taken = updates
    },
    dispose: () => discard([state], []),
  }
}

/** Disposes the tensors of some trees, but for those that another tree shares. */
export function discard(trees: readonly Tree<Tensor>[], keep: Tree<Tensor>): void {
  const kept = new Set(leaves<Tensor>(keep))
  for (const tensor of new Set(leaves<Tensor>(trees))) if (!kept.has(tensor)) tensor.dispose()
}

/** The bytes of the state after some updates. */
export function runBytes<State extends Tree<Tensor>>(
  algorithm: Algorithm<State>,
  { seed, updates }: { readonly seed: number; readonly updates: number },
): string {
  const run = start(algorithm, seed)
  run.run(updates)
  const bytes = bytesOf(run.state)
  run.dispose()
  return bytes
}
