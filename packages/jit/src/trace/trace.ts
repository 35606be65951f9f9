import * as tf from '@tensorflow/tfjs'
import { leaves, leafPaths, mapTree, type Tree } from '@maxent/core/tree'
import type { Graph, Value } from '../graph/graph.ts'
import type { LeafSpec } from './result.ts'
import { checkResult } from './result.ts'
import { createRecording, traceBackend, TRACE_BACKEND, type TraceBackend } from './backend.ts'

/** What to trace. */
export interface TraceSpec {
  /** The function's name in messages, as in `sac.update`. */
  readonly caller: string
  readonly run: (state: Tree<tf.Tensor>, ...args: readonly Tree<tf.Tensor>[]) => unknown
  readonly state: Tree<LeafSpec>
  readonly args: readonly Tree<LeafSpec>[]
}

/** A traced function. */
export interface Traced {
  /** Inputs: the leaves of the state, then those of the arguments. Outputs: the leaves of the result, then those of the new state. */
  readonly graph: Graph
  /** The result without `state`, with leaves that count through the graph's first outputs. */
  readonly outputs: Readonly<Record<string, Tree<number>>>
  /** Leaves of the program's state, which are the graph's first inputs. */
  readonly stateCount: number
  /** Leaves of the result without `state`. */
  readonly outputCount: number
  /** Whether a new state was returned; without one, the graph has no outputs for it. */
  readonly writesState: boolean
}

/** Names of the graph's inputs, in order: `state/...` and `arg0/...`, `arg1/...`. */
function inputNames(
  state: Tree<LeafSpec>,
  args: readonly Tree<LeafSpec>[],
): { state: string[]; args: string[] } {
  const join = (root: string, path: string): string => (path === '' ? root : `${root}/${path}`)
  return {
    state: leafPaths(state).map((path) => join('state', path)),
    args: args.flatMap((arg, i) => leafPaths(arg).map((path) => join(`arg${i}`, path))),
  }
}

/**
 * Runs a function once against symbolic tensors and returns the graph of what it did. tfjs is left on the backend it was on, with
 * no tensor more, also where the function throws.
 * @throws Error where a traced value is read, randomness is drawn, or a kernel has no rule; TypeError and RangeError where the result is
 * not a record of trees of tensors or its state does not fit.
 */
export function trace(spec: TraceSpec): Traced {
  const { caller, state, args } = spec
  const names = inputNames(state, args)
  const symbol = (leaf: LeafSpec, input: string): Value => ({ shape: leaf.shape, dtype: leaf.dtype, input })
  const stateInputs = leaves<LeafSpec>(state).map((leaf, i) => symbol(leaf, names.state[i]))
  const argInputs = args.flatMap((arg) => leaves<LeafSpec>(arg)).map((leaf, i) => symbol(leaf, names.args[i]))

  const recording = createRecording(caller)
  return withBackend(recording, (backend) => {
    const symbols = [...stateInputs, ...argInputs][Symbol.iterator]()
    const symbolic = (tree: Tree<LeafSpec>): Tree<tf.Tensor> =>
      mapTree<Tree<LeafSpec>, LeafSpec, tf.Tensor>(tree, () => {
        const info = backend.tensorInfo(symbols.next().value as Value)
        return tf.engine().makeTensorFromTensorInfo(info, backend)
      })
    const result = spec.run(symbolic(state), ...args.map(symbolic))
    if (recording.failure !== undefined) throw recording.failure
    const { state: newState, outputs } = checkResult(caller, result, state)

    const values: Value[] = []
    const counted: Readonly<Record<string, Tree<number>>> = Object.fromEntries(
      Object.entries(outputs).map(([key, tree]) => [
        key,
        mapTree<Tree<tf.Tensor>, tf.Tensor, number>(tree, (leaf) => values.push(backend.resolve(leaf)) - 1),
      ]),
    )
    const outputCount = values.length
    if (newState !== undefined)
      values.push(...leaves<tf.Tensor>(newState).map((leaf) => backend.resolve(leaf)))
    const graph = { inputs: [...stateInputs, ...argInputs], nodes: recording.builder.nodes, outputs: values }
    return {
      graph,
      outputs: counted,
      stateCount: stateInputs.length,
      outputCount,
      writesState: newState !== undefined,
    }
  })
}

/** Runs `f` on the trace backend, with `Math.random` closed, and puts everything back. */
function withBackend(
  recording: ReturnType<typeof createRecording>,
  f: (backend: TraceBackend) => Traced,
): Traced {
  const engine = tf.engine()
  const previous = tf.getBackend()
  const backend = traceBackend()
  const random = Object.getOwnPropertyDescriptor(Math, 'random') ?? {}
  const kept = {
    isTaping: engine.state.gradientDepth > 0,
    variables: new Set(Object.keys(engine.state.registeredVariables)),
  }
  let traced: Traced | undefined
  try {
    backend.recording = recording
    void tf.setBackend(TRACE_BACKEND)
    const closed = (): never => {
      throw randomnessError(recording.caller)
    }
    Object.defineProperty(Math, 'random', { ...random, value: closed })
    tf.tidy(() => {
      try {
        traced = f(backend)
      } catch (error) {
        release(kept)
        throw error
      }
    })
  } finally {
    Object.defineProperty(Math, 'random', random)
    void tf.setBackend(previous)
    backend.recording = undefined
  }
  return traced as Traced
}

/** Frees what tfjs keeps for ever when a function throws: variables, and tensors that wait for a backward pass. */
function release({ isTaping, variables }: { isTaping: boolean; variables: ReadonlySet<string> }): void {
  const { state } = tf.engine()
  for (const [name, variable] of Object.entries(state.registeredVariables)) {
    if (!variables.has(name)) variable.dispose()
  }
  if (isTaping) return
  for (const node of state.activeTape ?? []) node.saved?.forEach((tensor) => tensor.dispose())
  state.activeTape = null as never
}

function randomnessError(caller: string): Error {
  // tfjs names the functions behind its operations with an underscore at the end.
  const operation = /\bat (\w+)_ /.exec(new Error().stack ?? '')?.[1]
  const culprit = operation === undefined ? 'Math.random' : `tf.${operation}`
  return new Error(
    `${caller}: randomness must come in as an argument, got a call of ${culprit}, draw noise from a key and pass it in`,
  )
}

/** Names of the graph's outputs that are not state, in order: `key` or `key/path`. */
export function outputNames({ outputs }: Traced): string[] {
  return leafPaths(outputs)
}
