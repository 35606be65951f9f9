import type { Tree } from '@maxent/core/tree'
import type { Fetch, HostData, Program } from '../types.ts'
import type { Graph } from '../graph/graph.ts'
import type { LeafSpec } from '../trace/result.ts'
import type { TraceSpec } from '../trace/trace.ts'

/** A function of a program, with specs that are complete. */
export interface ProgramFunction extends TraceSpec {
  readonly name: string
}

/** What an executor is made of. */
export interface ExecutorOptions {
  readonly functions: readonly ProgramFunction[]
  readonly specs: readonly LeafSpec[]
  /** The first values of the state's leaves; the executor owns the arrays. */
  readonly values: readonly HostData[]
}

/** The part of a program that differs between compiled and eager. Callers check arguments and keep calls apart. */
export interface Executor {
  call(
    name: string,
    args: readonly HostData[],
    fetch: Fetch,
  ): Promise<Readonly<Record<string, Tree<HostData>>>>
  /** Copies of the state's leaves. */
  readState(): Promise<HostData[]>
  /** Replaces the state's leaves; the executor owns the arrays. */
  writeState(values: readonly HostData[]): void
  readonly stats: Program['stats']
  /** The graph of each function; none where functions run eagerly. */
  readonly graphs: ReadonlyMap<string, Graph>
  readonly threads: number
  dispose(): Promise<void>
}
