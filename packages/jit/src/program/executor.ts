import type { Tree } from '@maxent/core/tree'
import type { Fetch, HostData, Program } from '../types.ts'
import type { LeafSpec } from '../trace/result.ts'
import type { Traced, TraceSpec } from '../trace/trace.ts'

/** A function of a program, with specs that are complete. */
export interface ProgramFunction extends TraceSpec {
  readonly name: string
  /** Members on the leading axis of all specs, where the function is written for one of several. */
  readonly members?: number
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
  writeState(values: readonly HostData[]): Promise<void>
  readonly stats: Program['stats']
  /** What each function was traced to, its graph optimised; none where functions run eagerly. */
  readonly traced: ReadonlyMap<string, Traced>
  /** How many tensors are held between calls. */
  readonly liveTensors: number
  readonly threads: number
  dispose(): Promise<void>
}
