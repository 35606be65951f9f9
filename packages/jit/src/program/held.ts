import { freeArray } from '../runtime/runtime.ts'
import { inputOf, type Input } from '../runtime/session.ts'
import type { SweepMemory } from '../sweep/memory.ts'
import type { HostData } from '../types.ts'
import type { Compiled, Source } from './compile.ts'
import type { ExecutorOptions } from './executor.ts'

/** The state of a program while it runs. */
export interface Held {
  /** Each leaf once, for the sessions of all functions; its array is replaced. */
  readonly state: Input[]
  /** Where sweeps work. */
  memory: SweepMemory
  /** Arrays that a session made: nobody else has their memory. */
  readonly computed: WeakSet<HostData>
}

/** The state at its beginning. */
export function hold(memory: SweepMemory, { specs, values }: ExecutorOptions): Held {
  const state = specs.map((spec, i) => inputOf(spec, values[i]))
  const held = { state, memory, computed: new WeakSet<HostData>() }
  values.forEach((data, i) => assign(held, i, data))
  return held
}

/** Replaces a leaf of the state: its array, or in the memory of sweeps what is in it. */
export function assign({ state, memory }: Held, leaf: number, data: HostData): void {
  const array = memory.current(leaf)
  array?.set(data)
  state[leaf].data = array ?? data
}

/** Puts what a call made of the state in its place, and gives back the memory of what was there. */
export function replaceState(held: Held, { newState }: Compiled, dataOf: (source: Source) => HostData): void {
  if (newState.length === 0) return
  const { state, memory, computed } = held
  const before = state.map(({ data }) => data)
  const after = newState.map(({ index, source }) => {
    const data = dataOf(source)
    if (source.kind === 'computed') computed.add(data)
    // Arrays of the caller and of the graph stay theirs, and those of the memory are written to.
    const isTheirs = source.kind === 'argument' || source.kind === 'constant'
    const isInMemory = source.kind === 'state' && memory.current(source.index) !== undefined
    return isInMemory || (isTheirs && memory.current(index) === undefined) ? data.slice() : data
  })
  newState.forEach(({ index, source }, i) => {
    if (source.kind !== 'swept') return assign(held, index, after[i])
    memory.commit({ leaf: index, inPlace: source.swept.inPlace })
    state[index].data = memory.current(index) as HostData
  })
  const inUse = new Set(state.map(({ data }) => data))
  const gone = new Set([...newState.map(({ index }) => before[index]), ...after])
  for (const data of gone) if (computed.has(data) && !inUse.has(data)) freeArray(data)
}
