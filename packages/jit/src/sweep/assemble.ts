/** WebAssembly, as much of it as a loop over arrays of floats takes: https://webassembly.github.io/spec/core/binary */

/** Types of values. */
export const wasmType = { i32: 0x7f, f32: 0x7d, v128: 0x7b } as const

/** Instructions without their immediate operands. Those on vectors work on four floats. */
export const wasmOp = {
  loop: [0x03, 0x40],
  end: [0x0b],
  branchIf: [0x0d],
  get: [0x20],
  set: [0x21],
  tee: [0x22],
  i32: [0x41],
  f32: [0x43],
  less: [0x49],
  add: [0x6a],
  sub: [0x6b],
  load: [0xfd, 0x00],
  store: [0xfd, 0x0b],
  splatInteger: [0xfd, 0x11],
  splat: [0xfd, 0x13],
  select: [0xfd, 0x52],
  vectorAbs: [0xfd, 0xe0, 0x01],
  vectorNeg: [0xfd, 0xe1, 0x01],
  vectorSqrt: [0xfd, 0xe3, 0x01],
  vectorAdd: [0xfd, 0xe4, 0x01],
  vectorSub: [0xfd, 0xe5, 0x01],
  vectorMul: [0xfd, 0xe6, 0x01],
  vectorDiv: [0xfd, 0xe7, 0x01],
} as const

/** A function over the memory that it is given as `memory.memory`. */
export interface WasmFunction {
  readonly parameters: readonly number[]
  /** Types of the locals after the parameters. */
  readonly locals: readonly number[]
  readonly code: readonly number[]
}

/** The bytes of a module that exports one function as `run`. */
export function wasmModule({ parameters, locals, code }: WasmFunction): Uint8Array<ArrayBuffer> {
  const declared = vector(locals.map((type) => [1, type]))
  const body = [...declared, ...code, ...wasmOp.end]
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    ...section(1, [[0x60, ...vector(parameters.map((type) => [type])), ...unsigned(0)]]),
    ...section(2, [[...text('memory'), ...text('memory'), 0x02, 0x00, ...unsigned(0)]]),
    ...section(3, [unsigned(0)]),
    ...section(7, [[...text('run'), 0x00, ...unsigned(0)]]),
    ...section(10, [[...unsigned(body.length), ...body]]),
  ])
}

/** An unsigned integer in groups of seven bits, lowest first (LEB128). */
export function unsigned(value: number): number[] {
  const low = value & 0x7f
  const rest = value >>> 7
  return rest === 0 ? [low] : [low | 0x80, ...unsigned(rest)]
}

/** The four bytes of a float, as `f32.const` takes them. */
export function floatBytes(value: number): number[] {
  return [...new Uint8Array(Float32Array.of(value).buffer)]
}

function section(id: number, entries: readonly (readonly number[])[]): number[] {
  const content = vector(entries)
  return [id, ...unsigned(content.length), ...content]
}

function vector(entries: readonly (readonly number[])[]): number[] {
  return [...unsigned(entries.length), ...entries.flat()]
}

function text(name: string): number[] {
  return [...unsigned(name.length), ...new TextEncoder().encode(name)]
}
