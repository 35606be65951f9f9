import type { Tensor } from '@tensorflow/tfjs'
import type { DType, TensorSpec } from '@maxent/core/contracts'
import type { Tree } from '@maxent/core/tree'

export type { DType, TensorSpec, Tree }

/** The data of a tensor on the host. Bools are bytes of 0 or 1. */
export type HostData = Float32Array | Int32Array | Uint8Array

/** A tensor on the host. */
export interface HostTensor {
  /** Sizes of the axes; none for a scalar. */
  readonly shape: readonly number[]
  /** Type of the numbers. */
  readonly dtype: DType
  /** The numbers, row by row. */
  readonly data: HostData
}

/**
 * A pure function of a program: state and arguments in, a record of trees out. Where the record has the key `state`, its value becomes
 * the program's state for the next call; all other entries are returned to the caller.
 */
export type StateFunction<State extends Tree<Tensor>> = (
  state: State,
  // Every function has arguments of its own shape; the `args` specs beside it decide them.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  ...args: any[]
) => { readonly state?: State } & { readonly [output: string]: Tree<Tensor> }

/** A function with the shapes of its arguments after `state`. */
export interface FunctionSpec<State extends Tree<Tensor>> {
  /** The function. */
  readonly run: StateFunction<State>
  /** Shapes of its arguments after the state. */
  readonly args: readonly Tree<TensorSpec>[]
}

/** What a program is made of. */
export interface ProgramOptions<State extends Tree<Tensor>> {
  /** Used in messages and in the ONNX files. */
  readonly name: string
  /** The first state. Its values are copied; the tensors stay the caller's. */
  readonly state: State
  /** By the names that `call` takes. */
  readonly functions: Readonly<Record<string, FunctionSpec<State>>>
  /**
   * Members K that are computed side by side, each from its own rows: every leaf of state, arguments and results has them as its leading axis,
   * while functions and `args` are written for one. Compiled programs only; results are those of programs of one, up to rounding.
   */
  readonly members?: number
  /** `compiled` (ONNX Runtime, the default) or eager on a tfjs backend. */
  readonly mode?:
    | { readonly kind: 'compiled'; readonly threads?: number }
    | { readonly kind: 'eager'; readonly backend?: string }
}

/** Which outputs of a call are copied out: all, none, or those at the top-level keys named. What is not fetched is computed all the same. */
export type Fetch = 'all' | 'none' | readonly string[]

/** What goes into a file beside the function. */
export interface ExportOptions {
  /** Texts by name, as ONNX's `metadata_props`. */
  readonly metadata?: Readonly<Record<string, string>>
}

/** Functions over one state that lives inside the program. */
export interface Program {
  /** What errors call it. */
  readonly name: string
  /** Runs a function. Arguments are trees of host arrays in the structure of its `args`. Calls run one after another. */
  call(
    name: string,
    args: readonly Tree<HostData>[],
    options?: { readonly fetch?: Fetch },
  ): Promise<{ readonly [output: string]: Tree<HostData> }>
  /** A copy of the state, in the structure it was given. */
  getState(): Promise<Tree<HostTensor>>
  /** Replaces the state. @throws RangeError when structure, shape or dtype differ. */
  setState(state: Tree<HostTensor>): void
  /**
   * The function as one self-contained ONNX file, with the present state as constants. Inputs are named by argument and path, as in `arg0/x`.
   * @throws RangeError where the function returns its state alone, or an output is named like an input.
   */
  export(name: string, options?: ExportOptions): Promise<Uint8Array<ArrayBuffer>>
  /** What building cost. */
  readonly stats: Readonly<
    Record<string, { readonly traceMs: number; readonly compileMs: number; readonly nodes: number }>
  >
  /** Frees the sessions and the state. */
  dispose(): Promise<void>
}
