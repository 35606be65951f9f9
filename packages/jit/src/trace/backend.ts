/**
 * A tfjs backend whose kernels record instead of computing. tfjs runs its operations and gradients on it as on any other; what they
 * would have computed becomes a graph.
 */
import * as tf from '@tensorflow/tfjs'
import { createBuilder, type Builder } from '../graph/builder.ts'
import { constantOf, fillOf, sameShape, sizeOf, type Value } from '../graph/graph.ts'
import { hostArray, typedArray } from '../graph/arrays.ts'
import { rules } from '../rules/rules.ts'
import { unsupported } from '../rules/unsupported.ts'
import type { DType, HostData } from '../types.ts'
import { registerGradients } from './gradients.ts'

/** The name of the backend in tfjs's registry. */
export const TRACE_BACKEND = 'maxent-trace'

/** One trace under way. */
export interface Recording {
  /** The traced function, for messages. */
  readonly caller: string
  readonly builder: Builder
  /** What the data of each tensor made here stands for. */
  readonly values: WeakMap<object, Value>
  /** What the data of captured eager tensors stands for: a constant for each shape and dtype, as reshapes and casts share data. */
  readonly captured: WeakMap<object, readonly Value[]>
  /** Data that a second tensor shares. */
  readonly shared: WeakSet<object>
  /** The kernel that made each value, for messages. */
  readonly origins: WeakMap<Value, string>
  /** An error that could not be thrown where it arose, because tfjs reads asynchronously there. */
  failure?: Error
}

/** An empty recording. */
export function createRecording(caller: string): Recording {
  return {
    caller,
    builder: createBuilder(),
    values: new WeakMap(),
    captured: new WeakMap(),
    shared: new WeakSet(),
    origins: new WeakMap(),
  }
}

type TensorInfo = { readonly dataId: object; readonly shape: number[]; readonly dtype: tf.DataType }

/** The dtype, where ONNX programs have it. @throws TypeError for complex numbers and strings. */
export function checkDtype(caller: string, dtype: tf.DataType): DType {
  if (dtype === 'float32' || dtype === 'int32' || dtype === 'bool') return dtype
  throw new TypeError(
    `${caller}: tensors must have dtype float32, int32 or bool, got ${dtype}, convert them before the call`,
  )
}

class TraceBackend extends tf.KernelBackend {
  recording: Recording | undefined

  get active(): Recording {
    if (this.recording === undefined) {
      throw new Error(
        'maxent-trace: the backend must be used by a trace, got a tfjs call outside one, use tf.setBackend to leave it',
      )
    }
    return this.recording
  }

  /** A new tensor that stands for a value. */
  tensorInfo(value: Value): TensorInfo {
    const dataId = {}
    this.active.values.set(dataId, value)
    return { dataId, shape: [...value.shape], dtype: value.dtype as DType }
  }

  /** What a tensor stands for; an eager tensor becomes a constant of this trace. */
  resolve({ dataId, shape, dtype }: TensorInfo): Value {
    const { values, captured, caller } = this.active
    const made = values.get(dataId)
    if (made !== undefined) return made
    const known = captured.get(dataId) ?? []
    const same = known.find((value) => value.dtype === dtype && sameShape(value.shape, shape))
    if (same !== undefined) return same
    const owner = tf.engine().state.tensorInfo.get(dataId)?.backend
    if (owner === undefined || owner === this) {
      throw new Error(
        `${caller}: tensors must come from the arguments or live outside the function, got one of another trace or a disposed one`,
      )
    }
    const type = checkDtype(caller, dtype)
    const constant = constantOf(shape, type, hostArray(type, readCaptured(caller, owner, dataId)))
    captured.set(dataId, [...known, constant])
    return constant
  }

  override write(values: tf.backend_util.BackendValues, shape: number[], dtype: tf.DataType): object {
    const type = checkDtype(this.active.caller, dtype)
    const data = hostArray(type, values as ArrayLike<number>)
    return this.tensorInfo(constantOf(shape, type, data)).dataId
  }

  override readSync(dataId: object): tf.backend_util.BackendValues {
    const value = this.active.values.get(dataId)
    if (value?.constant === undefined) throw this.readError(value)
    const number = fillOf(value)
    if (number !== undefined) return typedArray(value.dtype as DType, sizeOf(value.shape)).fill(number)
    return (value.constant as { data: HostData }).data.slice()
  }

  /** A promise that never settles: the trace throws the error when the function returns. */
  override read(dataId: object): Promise<tf.backend_util.BackendValues> {
    const value = this.active.values.get(dataId)
    if (value?.constant !== undefined) return Promise.resolve(this.readSync(dataId))
    this.active.failure ??= this.readError(value)
    return new Promise(() => undefined)
  }

  readError(value: Value | undefined): Error {
    const { caller, origins } = this.active
    const origin =
      (value && origins.get(value)) ??
      (value?.input === undefined ? 'an operation' : `argument ${value.input}`)
    return new Error(
      `${caller}: traced tensors must not be read, got a read of the result of ${origin} with shape [${value?.shape.join() ?? ''}], ` +
        `return it from the function and read it after the call, or use tensor operations of fixed shape such as tf.where`,
    )
  }

  override disposeData(dataId: object): boolean {
    // A variable, which is refused below, shares its data with the tensor it was made from.
    if (this.recording?.shared.delete(dataId)) return false
    this.recording?.values.delete(dataId)
    return true
  }

  override incRef(dataId: object): void {
    this.active.shared.add(dataId)
    throw new Error(
      `${this.active.caller}: variables must not be made in a traced function, got a call of tf.variable, return a new state instead`,
    )
  }

  override refCount(): number {
    return 1
  }
  override numDataIds(): number {
    return 0
  }
  override memory(): { unreliable: boolean } {
    return { unreliable: true }
  }
  override floatPrecision(): 32 {
    return 32
  }
  override epsilon(): number {
    return 1e-7
  }
  override dispose(): void {
    this.recording = undefined
  }
}

/** The numbers of a captured tensor. A trace cannot wait for them. */
function readCaptured(caller: string, owner: tf.KernelBackend, dataId: object): ArrayLike<number> {
  try {
    return owner.readSync(dataId) as ArrayLike<number>
  } catch (cause) {
    const name = Object.entries(tf.engine().registry).find(([, backend]) => backend === owner)?.[0]
    throw new Error(
      `${caller}: captured tensors must be readable at once, got one on backend ${name ?? 'unknown'}, which reads asynchronously only, ` +
        `pass it as an argument or in the state, or make it on the cpu backend`,
      { cause },
    )
  }
}

type LooseRule = (b: Builder, inputs: unknown, attrs: unknown) => Value | readonly Value[]

function record(kernelName: string, rule: LooseRule): tf.KernelFunc {
  return ({ inputs, attrs, backend }) => {
    const trace = backend as TraceBackend
    const { builder, origins, caller } = trace.active
    const convert = (info: unknown): Value | undefined => (isTensor(info) ? trace.resolve(info) : undefined)
    const values = Array.isArray(inputs)
      ? inputs.map(convert)
      : Object.fromEntries(
          Object.entries(inputs).flatMap(([name, info]) => {
            const value = convert(info)
            return value === undefined ? [] : [[name, value]]
          }),
        )
    const made = attempt(`${caller}: ${kernelName}`, () => rule(builder, values, attrs ?? {}))
    const note = (value: Value): TensorInfo => {
      if (!origins.has(value)) origins.set(value, kernelName)
      return trace.tensorInfo(value)
    }
    return 'dtype' in made ? note(made) : made.map(note)
  }
}

function isTensor(info: unknown): info is TensorInfo {
  return typeof info === 'object' && info !== null && 'dataId' in info
}

/** Says in which function and kernel a rule failed. */
function attempt<T>(where: string, f: () => T): T {
  try {
    return f()
  } catch (error) {
    if (!(error instanceof Error)) throw error
    const Kind = error instanceof TypeError ? TypeError : RangeError
    throw new Kind(`${where}: ${error.message}`, { cause: error })
  }
}

/** The backend, registered with its kernels on first use. */
export function traceBackend(): TraceBackend {
  const known = tf.findBackend(TRACE_BACKEND)
  if (known instanceof TraceBackend) return known
  registerGradients()
  for (const [kernelName, rule] of Object.entries(rules)) {
    tf.registerKernel({
      kernelName,
      backendName: TRACE_BACKEND,
      kernelFunc: record(kernelName, rule as LooseRule),
    })
  }
  for (const [kernelName, { reason, remedy }] of Object.entries(unsupported)) {
    tf.registerKernel({
      kernelName,
      backendName: TRACE_BACKEND,
      kernelFunc: ({ backend }) => {
        const { caller } = (backend as TraceBackend).active
        throw new Error(
          `${caller}: kernel ${kernelName} must not be used in a traced function (${reason}), ${remedy}`,
        )
      },
    })
  }
  const backend = new TraceBackend()
  // Priority below every computing backend: tfjs must not choose it by itself.
  tf.registerBackend(TRACE_BACKEND, () => backend, -1)
  return backend
}
export type { TraceBackend }
