import type { Value } from '../graph/graph.ts'
import type { HostData } from '../types.ts'
import { assembleKernel, STRIDE } from './kernel.ts'
import type { Staged, Sweep, SweptLeaf } from './stages.ts'

/** Bytes of a page of WebAssembly's memory. */
const PAGE = 2 ** 16
/** Where arrays begin: at multiples of what the widest vectors take. */
const ALIGNMENT = 4 * STRIDE

/** The memory that sweeps work in, with the leaves of the state that they replace. */
export interface SweepMemory {
  /** The array of a leaf. `undefined` where no sweep replaces the leaf. */
  current(leaf: number): Float32Array | undefined
  /** The array of a leaf as a sweep of the call under way has made it. */
  made(swept: SweptLeaf): Float32Array
  /** Makes that the current array. */
  commit(swept: SweptLeaf): void
  /** Compiles a sweep of a function. */
  bind(sweep: Sweep, swept: Staged['swept']): Promise<RunSweep>
}

/** Runs a sweep, given the data of arrays and singles. Arrays of the memory are read where they are, others copied into it. */
export type RunSweep = (dataOf: (value: Value) => HostData) => void

/** Parameters: bytes of an array, places of arrays and results, singles. */
type Kernel = (bytes: number, ...rest: number[]) => void

/** The memory for all functions of a program. */
export function createSweepMemory(functions: readonly Staged[]): SweepMemory {
  const sweeps = functions.flatMap(({ stages }) => stages.flatMap((stage) => stage.sweeps))
  const sizes = new Map(sweeps.flatMap(({ leaves, size }) => leaves.map((leaf) => [leaf, size])))
  const twice = new Set(functions.flatMap(leavesKept))
  const held = [...sizes].flatMap(([leaf, size]) => (twice.has(leaf) ? [size, size] : [size]))
  const copied = sweeps.map(({ arrays, size }) => arrays.length * bytesOf(size))
  const end = held.reduce((sum, size) => sum + bytesOf(size), 0)
  // V8 sets gigabytes of addresses aside for each memory, so none where nothing is swept.
  const initial = Math.ceil((end + Math.max(0, ...copied)) / PAGE)
  const memory = initial === 0 ? undefined : new WebAssembly.Memory({ initial })
  const buffer = memory?.buffer ?? new ArrayBuffer(0)

  let place = 0
  const next = (size: number): Float32Array => {
    place += bytesOf(size)
    return new Float32Array(buffer, place - bytesOf(size), size)
  }
  /** One array for each leaf, or two that take turns, the current one first. */
  const arrays = new Map(
    [...sizes].map(([leaf, size]) => [leaf, twice.has(leaf) ? [next(size), next(size)] : [next(size)]]),
  )
  const made = ({ leaf, inPlace }: SweptLeaf): Float32Array =>
    (arrays.get(leaf) as Float32Array[])[inPlace ? 0 : 1]
  return {
    current: (leaf) => arrays.get(leaf)?.[0],
    made,
    commit: ({ leaf, inPlace }) => {
      if (!inPlace) arrays.get(leaf)?.reverse()
    },
    bind: async (sweep, swept) => {
      const imports = { memory: { memory: memory as WebAssembly.Memory } }
      const { instance } = await WebAssembly.instantiate(assembleKernel(sweep), imports)
      const kernel = instance.exports['run'] as Kernel
      const bytes = bytesOf(sweep.size)
      const written = sweep.leaves.map((leaf, i) => ({ ...(swept.get(sweep.results[i]) as SweptLeaf), leaf }))
      return (dataOf) => {
        let free = end
        const read = sweep.arrays.map((value) => {
          const data = dataOf(value)
          if (data.buffer === buffer) return data.byteOffset
          new Float32Array(buffer, free, sweep.size).set(data)
          free += bytes
          return free - bytes
        })
        const singles = sweep.singles.map((value) => dataOf(value)[0])
        kernel(bytes, ...read, ...written.map((leaf) => made(leaf).byteOffset), ...singles)
      }
    },
  }
}

function bytesOf(size: number): number {
  return Math.ceil((4 * size) / ALIGNMENT) * ALIGNMENT
}

/** The leaves that a function keeps as they were until its end. */
function leavesKept({ stages, swept }: Staged): number[] {
  return stages.flatMap(({ sweeps }) =>
    sweeps.flatMap(({ results, leaves }) =>
      leaves.filter((_, i) => swept.get(results[i])?.inPlace === false),
    ),
  )
}
