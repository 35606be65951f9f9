import * as tf from '@tensorflow/tfjs'
import type { Tensor } from '@tensorflow/tfjs'
import type { Algorithm, DType, TensorSpec } from '../../contracts.ts'
import { key } from '../../keys/index.ts'
import { leaves, mapTree, type Tree } from '../../tree.ts'
import { toBeAllClose, type Tolerance } from '../toBeAllClose.ts'
import {
  actNoiseSpecs,
  drawActArgs,
  drawUpdateArgs,
  observationSpecs,
  toObservation,
  toTensors,
  type HostData,
} from './batches.ts'
import { assert, type Check } from './checks.ts'
import { start, updateName, updateOf } from './run.ts'

/** A tensor on the host. */
export interface HostTensor {
  /** Sizes of the axes; none for a scalar. */
  readonly shape: readonly number[]
  /** Type of the numbers. */
  readonly dtype: DType
  /** The numbers, row by row. */
  readonly data: HostData
}

/** What the compile hook is asked for: functions over one state, with the shapes of their further arguments. */
export interface CompileRequest<State extends Tree<Tensor>> {
  /** What errors call it. */
  readonly name: string
  /** The initial state. */
  readonly state: State
  /** Functions by name, each with the shapes of its arguments after the state. */
  readonly functions: Readonly<
    Record<
      string,
      {
        /** State and arguments in; outputs by name, and the next state, out. */
        readonly run: (
          state: State,
          ...args: Tree<Tensor>[]
        ) => { readonly state?: State } & { readonly [output: string]: Tree<Tensor> }
        /** Shapes of the arguments after the state. */
        readonly args: readonly Tree<TensorSpec>[]
      }
    >
  >
}

/** What the compile hook gives: the state lives inside, and `call` returns all outputs but it. */
export interface CompiledFunctions {
  /** Calls a function by name, and keeps the state that it gives. */
  call(name: string, args: readonly Tree<HostData>[]): Promise<{ readonly [output: string]: Tree<HostData> }>
  /** A copy of the state. */
  getState(): Promise<Tree<HostTensor>>
  /** Frees what compiling took. */
  dispose(): Promise<void>
}

/** Compiles functions over a state, as `createProgram` of `@maxent/jit` does. */
export type CompileHook<State extends Tree<Tensor>> = (
  request: CompileRequest<State>,
) => Promise<CompiledFunctions>

/** What parity is tested on. */
export interface ParityOptions<State extends Tree<Tensor>> {
  make(): Algorithm<State>
  readonly compile: CompileHook<State>
  readonly parity: Tolerance
}

/** Parity of compiled and eager results: updates on one batch, updates on fresh batches, actions. */
export function compiledChecks<State extends Tree<Tensor>>(options: ParityOptions<State>): readonly Check[] {
  const { compile, parity } = options
  const withProgram =
    (run: (algorithm: Algorithm<State>, program: CompiledFunctions) => Promise<void>) => async () => {
      const algorithm = options.make()
      const program = await compileAlgorithm(algorithm, compile)
      try {
        await run(algorithm, program)
      } finally {
        await program.dispose()
      }
    }
  const compare = (updates: number, keyOf: (i: number) => number) =>
    withProgram(async (algorithm, program) => {
      const eager = start(algorithm, 1)
      for (let i = 0; i < updates; i++) {
        const args = drawUpdateArgs(algorithm, key(keyOf(i)))
        const { metrics } = await program.call(updateName(algorithm, i), [args.batch, args.noise])
        const numbers = mapTree<Tree<HostData>, HostData, number>(metrics, ([value]) => value)
        assertClose(`metrics of update ${i}`, numbers, { expected: eager.step(args), parity })
      }
      const state = leaves<HostTensor>(await program.getState()).map(({ data }) => data)
      const expected = leaves<Tensor>(eager.state).map((leaf) => leaf.dataSync())
      assertClose('the state', state, { expected, parity })
      eager.dispose()
    })
  return [
    {
      title: 'gives the same numbers compiled as eager over two updates on one batch',
      run: compare(2, () => 6),
    },
    {
      title: 'gives the same numbers compiled as eager over ten updates on fresh batches',
      run: compare(10, (i) => 7 + i),
    },
    {
      title: 'acts the same compiled as eager',
      run: withProgram(async (algorithm, program) => {
        const { state, dispose } = start(algorithm, 1)
        const specs = observationSpecs(algorithm.spec, compiledRows)
        const { observation, noise } = drawActArgs(
          algorithm,
          { observation: key(8), noise: key(8) },
          { rows: compiledRows, scale: 1 },
        )
        const tensors = toObservation(observation, specs)
        const noiseTensors = toTensors(noise, actNoiseSpecs(algorithm, compiledRows))
        const outputs = {
          act: algorithm.act(state, tensors, noiseTensors),
          actDeterministic: algorithm.actDeterministic(state, tensors).action,
        }
        const acted = await program.call('act', [observation, noise])
        const expected = leaves<Tensor>(outputs.act).map((leaf) => leaf.dataSync())
        assertClose('act', leaves<HostData>(acted), { expected, parity })
        const deterministic = await program.call('actDeterministic', [observation])
        assertClose('actDeterministic', deterministic.action, {
          expected: outputs.actDeterministic.dataSync(),
          parity,
        })
        tf.dispose([tensors, noiseTensors, outputs] as tf.TensorContainer)
        dispose()
      }),
    },
  ]
}

const compiledRows = 3

async function compileAlgorithm<State extends Tree<Tensor>>(
  algorithm: Algorithm<State>,
  compile: CompileHook<State>,
): Promise<CompiledFunctions> {
  const state = algorithm.init(key(1))
  const observation = observationSpecs(algorithm.spec, compiledRows)
  const { schedule = [algorithm] } = algorithm
  const updates = schedule.map((_, i): [string, CompileRequest<State>['functions'][string]] => [
    updateName(algorithm, i),
    {
      run: (current, batch, noise) => updateOf(algorithm, i)(current, { batch, noise }),
      args: [algorithm.batch, algorithm.noise.update],
    },
  ])
  const program = await compile({
    name: algorithm.id,
    state,
    functions: {
      ...Object.fromEntries(updates),
      act: {
        run: (current, groups, noise) => algorithm.act(current, groups as never, noise),
        args: [observation, actNoiseSpecs(algorithm, compiledRows)],
      },
      actDeterministic: {
        run: (current, groups) => algorithm.actDeterministic(current, groups as never),
        args: [observation],
      },
    },
  })
  tf.dispose(leaves<Tensor>(state))
  return program
}

function assertClose(
  what: string,
  got: unknown,
  { expected, parity }: { readonly expected: unknown; readonly parity: Tolerance },
): void {
  const { pass, message } = toBeAllClose(got, expected, parity)
  assert(pass, () => `${what} must agree with eager results: ${message()}`)
}
