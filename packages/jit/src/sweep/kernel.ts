import { fillOf, sizeOf, type Node, type Value } from '../graph/graph.ts'
import { floatBytes, unsigned, wasmModule, wasmOp, wasmType } from './assemble.ts'

/** Bytes of the four floats that are worked on at a time. Arrays begin at multiples of it and are padded to one. */
export const STRIDE = 16

/** Operators that ONNX Runtime and WebAssembly both round as IEEE 754 says. */
const OPERATORS: Readonly<Record<string, readonly number[]>> = {
  Abs: wasmOp.vectorAbs,
  Add: wasmOp.vectorAdd,
  Div: wasmOp.vectorDiv,
  Mul: wasmOp.vectorMul,
  Neg: wasmOp.vectorNeg,
  Sqrt: wasmOp.vectorSqrt,
  Sub: wasmOp.vectorSub,
  Where: wasmOp.select,
}

/** Whether a node computes, element by element, what a kernel can, from arrays of the size of its output and from single numbers. */
export function isKernelNode({ op, inputs, outputs }: Node): boolean {
  const [output] = outputs
  if (!(op in OPERATORS) || outputs.length > 1 || output.dtype !== 'float32') return false
  return inputs.every((input, i) => {
    if (input === null) return false
    if (isSingle(input)) return input.dtype === (op === 'Where' && i === 0 ? 'bool' : 'float32')
    return input.dtype === 'float32' && sizeOf(input.shape) === sizeOf(output.shape)
  })
}

/** Whether a value is one number: of one element, or a constant that is the same everywhere. */
export function isSingle(value: Value): boolean {
  return fillOf(value) !== undefined || (value.constant === undefined && sizeOf(value.shape) === 1)
}

/** What a kernel computes. Operands that are neither arrays nor singles are constants or outputs of its own nodes. */
export interface KernelSpec {
  readonly arrays: readonly Value[]
  readonly singles: readonly Value[]
  readonly nodes: readonly Node[]
  /** What is written. */
  readonly results: readonly Value[]
}

/** What a kernel reads that it does not make. */
export function operandsOf({ arrays, singles }: Pick<KernelSpec, 'arrays' | 'singles'>): readonly Value[] {
  return [...arrays, ...singles]
}

/**
 * Assembles a kernel: one loop that reads each array once, computes all nodes, and writes the results. Its parameters: the number of bytes of
 * an array, the places of the arrays and of the results in bytes, and the singles, bools as integers.
 */
export function assembleKernel({ arrays, singles, nodes, results }: KernelSpec): Uint8Array<ArrayBuffer> {
  const parameters = [
    ...[undefined, ...arrays, ...results].map(() => wasmType.i32),
    ...singles.map(({ dtype }) => (dtype === 'bool' ? wasmType.i32 : wasmType.f32)),
  ]
  const locals: number[] = [wasmType.i32]
  const position = parameters.length
  const code: number[] = []
  const held = new Map<Value, number>()
  const hold = (value: Value): void => {
    const local = parameters.length + locals.length
    locals.push(wasmType.v128)
    held.set(value, local)
    code.push(...wasmOp.set, ...unsigned(local))
  }
  const get = (local: number): number[] => [...wasmOp.get, ...unsigned(local)]
  const at = (place: number): number[] => [...get(place), ...get(position), ...wasmOp.add]
  /** Aligned to sixteen bytes, without an offset. */
  const where = [4, 0]

  singles.forEach((value, i) => {
    const parameter = get(1 + arrays.length + results.length + i)
    // A condition of 1 becomes −1, all bits of a lane.
    if (value.dtype === 'bool')
      code.push(...wasmOp.i32, 0, ...parameter, ...wasmOp.sub, ...wasmOp.splatInteger)
    else code.push(...parameter, ...wasmOp.splat)
    hold(value)
  })
  for (const value of nodes.flatMap(({ inputs }) => inputs)) {
    const constant = fillOf(value)
    if (value === null || constant === undefined || held.has(value)) continue
    if (value.dtype === 'bool') code.push(...wasmOp.i32, constant === 0 ? 0 : 0x7f, ...wasmOp.splatInteger)
    else code.push(...wasmOp.f32, ...floatBytes(constant), ...wasmOp.splat)
    hold(value)
  }
  code.push(...wasmOp.loop)
  arrays.forEach((value, i) => {
    code.push(...at(1 + i), ...wasmOp.load, ...where)
    hold(value)
  })
  for (const { op, inputs, outputs } of nodes) {
    const operands = inputs.map((input) => get(held.get(input as Value) as number))
    // ONNX names the condition first, WebAssembly last.
    if (op === 'Where') operands.push(operands.shift() as number[])
    code.push(...operands.flat(), ...OPERATORS[op])
    hold(outputs[0])
  }
  results.forEach((value, i) => {
    const local = held.get(value) as number
    code.push(...at(1 + arrays.length + i), ...get(local), ...wasmOp.store, ...where)
  })
  code.push(
    ...[...get(position), ...wasmOp.i32, STRIDE, ...wasmOp.add, ...wasmOp.tee, ...unsigned(position)],
    ...[...get(0), ...wasmOp.less, ...wasmOp.branchIf, 0, ...wasmOp.end],
  )
  return wasmModule({ parameters, locals, code })
}
