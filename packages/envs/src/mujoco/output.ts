import type { DoubleBuffer, IntBuffer, MainModule } from '@mujoco/mujoco'
import type { Handles } from './module.ts'

/** Room on the WASM heap for a call that writes numbers. */
export interface Output<Buffer = DoubleBuffer, Values = Float64Array> {
  /** What the call takes. */
  readonly buffer: Buffer
  /** Copies the numbers out. */
  read(): Values
  /** The numbers where they lie: a view, true until the next call. */
  view(): Values
}

/** Renews a view when the WASM memory has grown, which leaves the old one empty. */
function keep<Values extends { readonly length: number }>(take: () => Values): () => Values {
  let held: Values | undefined
  return () => (held === undefined || held.length === 0 ? (held = take()) : held)
}

/**
 * The only way to receive numbers from MuJoCo. A plain typed array given as an output stays empty, and the WASM heap at its byte
 * offset is overwritten instead, which kills the module some calls later.
 */
export function createOutput(mujoco: MainModule, handles: Handles, length: number): Output {
  const buffer = handles.own(new mujoco.DoubleBuffer(length))
  const view = keep(() => buffer.GetView() as Float64Array)
  return { buffer, view, read: () => Float64Array.from(view()) }
}

/** The same for integers. */
export function createIntegerOutput(
  mujoco: MainModule,
  handles: Handles,
  length: number,
): Output<IntBuffer, Int32Array> {
  const buffer = handles.own(new mujoco.IntBuffer(length))
  const view = keep(() => buffer.GetView() as Int32Array)
  return { buffer, view, read: () => Int32Array.from(view()) }
}
