import * as tf from '@tensorflow/tfjs'
import { eachLeaf, leafPaths, leaves, mapTree, unflatten, type Tree } from '@maxent/core/tree'
import { removeDead } from '../passes/dead.ts'
import { optimise } from '../passes/optimise.ts'
import { bindInputs } from '../passes/bind.ts'
import { hostArray } from '../graph/arrays.ts'
import { constantOf } from '../graph/graph.ts'
import { encodeModel } from '../graph/onnx.ts'
import { checkDtype } from '../trace/backend.ts'
import { LeafSpec } from '../trace/result.ts'
import { outputNames, type Traced } from '../trace/trace.ts'
import type { HostData, HostTensor, Program, ProgramOptions } from '../types.ts'
import { argumentChecks, checkBools, checkHostState, checkSpecs, type ArgumentChecks } from './check.ts'
import { createCompiled } from './compiled.ts'
import { createEager } from './eager.ts'
import type { Executor, ProgramFunction } from './executor.ts'
import { createQueue } from './queue.ts'
import { traceFunction } from './traceFunction.ts'

/**
 * Makes functions over one state that lives inside the program.
 *
 * Compiled, each function is traced once against symbolic tensors and becomes ONNX graphs and loops over the state, whose arrays all functions
 * share. Eager, the functions run as they are on a tfjs backend. Results agree up to rounding.
 *
 * A call reads its argument arrays while it runs: leave them alone until its promise settles.
 *
 * @throws RangeError or TypeError where options are not valid; Error from the trace of a function, which names the function, the
 * operation and what to do.
 */
export async function createProgram<State extends Tree<tf.Tensor>>(
  options: ProgramOptions<State>,
): Promise<Program> {
  await tf.ready()
  const { name, state, mode = { kind: 'compiled' }, members } = options
  if (typeof name !== 'string' || name === '')
    throw new TypeError(`createProgram: name must be a non-empty string, got ${String(name)}`)
  const stateSpecs = specsOf(name, state)
  if (members !== undefined) checkMembers(stateSpecs, { name, members, mode: mode.kind })
  const functions = Object.entries(options.functions).map(([key, { run, args }]): ProgramFunction => ({
    name: key,
    caller: `${name}.${key}`,
    run: run as unknown as ProgramFunction['run'],
    state: stateSpecs,
    args: checkArgs(`${name}.${key}`, args).map((arg) =>
      members === undefined ? arg : forAll(arg, members),
    ),
    ...(members !== undefined && { members }),
  }))
  if (functions.length === 0)
    throw new RangeError(`createProgram: functions must have at least one entry, got none in program ${name}`)
  const specs = leaves<LeafSpec>(stateSpecs)
  const values = await Promise.all(
    leaves<tf.Tensor>(state).map(async (leaf, i) =>
      hostArray(specs[i].dtype, (await leaf.data()) as ArrayLike<number>),
    ),
  )
  const paths = leafPaths(state)
  values.forEach((data, i) => {
    if (specs[i].dtype === 'bool') checkBools('createProgram', data, `state/${paths[i]} of ${name}`)
  })
  const executor = await createExecutor({ functions, specs, values }, mode)
  return programOf({ name, functions, stateSpecs, executor })
}

function checkMembers(
  state: Tree<LeafSpec>,
  { name, members, mode }: { readonly name: string; readonly members: number; readonly mode: string },
): void {
  if (!Number.isInteger(members) || members < 1)
    throw new RangeError(`createProgram: members must be an integer of at least 1, got ${members}`)
  if (mode !== 'compiled')
    throw new RangeError(`createProgram: mode.kind must be compiled where members are given, got ${mode}`)
  eachLeaf<LeafSpec>(state, ({ shape }, path) => {
    if (shape[0] === members) return
    throw new RangeError(
      `createProgram: state "${path}" of ${name} must have the members = ${members} as its leading axis, got [${shape.join()}], ` +
        'stack the states of the members',
    )
  })
}

/** Specs of one member for all of them. */
function forAll(specs: Tree<LeafSpec>, members: number): Tree<LeafSpec> {
  return mapTree<Tree<LeafSpec>, LeafSpec, LeafSpec>(
    specs,
    ({ shape, dtype }) => new LeafSpec([members, ...shape], dtype),
  )
}

async function createExecutor(
  options: Parameters<typeof createCompiled>[0],
  mode: NonNullable<ProgramOptions<Tree<tf.Tensor>>['mode']>,
): Promise<Executor> {
  if (mode.kind === 'eager') return await createEager(options, mode.backend ?? tf.getBackend())
  const { kind, threads = 1 } = mode
  if (kind !== 'compiled')
    throw new RangeError(`createProgram: mode.kind must be compiled or eager, got ${String(kind)}`)
  if (!Number.isInteger(threads) || threads < 1) {
    throw new RangeError(`createProgram: mode.threads must be an integer of at least 1, got ${threads}`)
  }
  return await createCompiled(options, threads)
}

interface Parts {
  readonly name: string
  readonly functions: readonly ProgramFunction[]
  readonly stateSpecs: Tree<LeafSpec>
  readonly executor: Executor
}

function programOf({ name, functions, stateSpecs, executor }: Parts): Program {
  const queue = createQueue()
  const byName = new Map<string, { f: ProgramFunction; check: ArgumentChecks }>(
    functions.map((f) => [f.name, { f, check: argumentChecks(f.caller, f.args) }]),
  )
  let disposed = false
  const find = (method: string, key: string): { f: ProgramFunction; check: ArgumentChecks } => {
    checkAlive(method)
    const found = byName.get(key)
    if (found !== undefined) return found
    throw new RangeError(
      `${name}.${method}: name must be one of ${[...byName.keys()].join(', ')}, got ${key}`,
    )
  }
  const checkAlive = (method: string): void => {
    if (disposed)
      throw new Error(`${name}.${method}: the program must not be used after dispose, make a new one`)
  }
  const specs = leaves<LeafSpec>(stateSpecs)
  const program: Program = {
    name,
    stats: executor.stats,
    call: async (key, args, { fetch = 'all' } = {}) => {
      const arrays = find('call', key).check(args)
      return await queue.add(() => executor.call(key, arrays, fetch))
    },
    getState: async () => {
      checkAlive('getState')
      const values = await queue.add(() => executor.readState())
      return unflatten<HostTensor>(
        stateSpecs,
        values.map((data, i) => ({ ...specs[i], data })),
      )
    },
    setState: (next) => {
      checkAlive('setState')
      const values = checkHostState(`${name}.setState`, next, stateSpecs).map(({ data }) => data.slice())
      // Calls already made come first; nothing awaits this, and it cannot fail.
      void queue.add(() => executor.writeState(values))
    },
    export: async (key, { metadata = {} } = {}) => {
      const { f } = find('export', key)
      // A compiled function is exported as it runs; an eager one is what it computes by now.
      const traced = executor.traced.get(key)
      const values = await queue.add(() => executor.readState())
      return exportModel(f, traced ?? traceFunction(f), { values, metadata })
    },
    dispose: async () => {
      if (disposed) return
      disposed = true
      await queue.add(() => executor.dispose())
    },
  }
  executors.set(program, executor)
  return program
}

const executors = new WeakMap<Program, Executor>()

/** How many tensors a program holds between calls: its state, and those around the arguments of the last call. For leak checks. */
export function liveTensors(program: Program): number {
  return executorOf('liveTensors', program).liveTensors
}

/** What runs a program. @throws TypeError where the program was not made here. */
export function executorOf(caller: string, program: Program): Executor {
  const executor = executors.get(program)
  if (executor === undefined)
    throw new TypeError(`${caller}: program must come from createProgram, got another object`)
  return executor
}

/**
 * The function with its state as constants. A state that it would return is left out.
 * @throws RangeError where nothing is left, which ONNX Runtime does not open, and where an output is named like an input.
 */
function exportModel(
  f: ProgramFunction,
  traced: Traced,
  {
    values,
    metadata,
  }: { readonly values: readonly HostData[]; readonly metadata: Readonly<Record<string, string>> },
): Uint8Array<ArrayBuffer> {
  if (traced.outputCount === 0) {
    throw new RangeError(
      `${f.caller}: an exported function must have an output, got none beside the state, ` +
        'return what the file is to give under a name of its own',
    )
  }
  const constants = leaves<LeafSpec>(f.state).map(({ shape, dtype }, i) =>
    constantOf(shape, dtype, values[i]),
  )
  const results = { ...traced.graph, outputs: traced.graph.outputs.slice(0, traced.outputCount) }
  const bound = bindInputs(removeDead(results), constants)
  const names = outputNames(traced)
  const clash = bound.inputs.find(({ input }) => input !== undefined && names.includes(input))
  if (clash !== undefined) {
    throw new RangeError(
      `${f.caller}: outputs must not be named like an input of the file, got ${clash.input}, rename the output`,
    )
  }
  return encodeModel({ name: f.caller, graph: optimise(bound), outputNames: names, metadata })
}

function specsOf(name: string, state: Tree<tf.Tensor>): Tree<LeafSpec> {
  eachLeaf<unknown>(state, (leaf, path) => {
    if (!(leaf instanceof tf.Tensor)) {
      throw new TypeError(
        `createProgram: state "${path}" of ${name} must be a tensor, got ${typeof leaf}, wrap numbers in tf.scalar`,
      )
    }
  })
  return mapTree<Tree<tf.Tensor>, tf.Tensor, LeafSpec>(
    state,
    ({ shape, dtype }) => new LeafSpec([...shape], checkDtype('createProgram', dtype)),
  )
}

function checkArgs(caller: string, args: unknown): Tree<LeafSpec>[] {
  if (!Array.isArray(args))
    throw new TypeError(`${caller}: args must be an array of specs, got ${typeof args}`)
  return args.map((arg: Parameters<typeof checkSpecs>[1]) => checkSpecs(caller, arg))
}
