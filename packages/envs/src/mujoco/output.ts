import type { DoubleBuffer, IntBuffer, MainModule } from '@mujoco/mujoco'
import type { Handles } from './module.ts'

/** Room on the WASM heap for a call that writes numbers. */
export interface Output<Buffer = DoubleBuffer, Values = Float64Array> {
  /** What the call takes. */
  readonly buffer: Buffer
  /** Copies the numbers out. */
  read(): Values
}

/**
 * The only way to receive numbers from MuJoCo. A plain typed array given as an output stays empty, and the WASM heap at its byte
 * offset is overwritten instead, which kills the module some calls later.
 */
export function createOutput(mujoco: MainModule, handles: Handles, length: number): Output {
  const buffer = handles.own(new mujoco.DoubleBuffer(length))
  return { buffer, read: () => Float64Array.from(buffer.GetView() as Float64Array) }
}

/** The same for integers. */
export function createIntegerOutput(
  mujoco: MainModule,
  handles: Handles,
  length: number,
): Output<IntBuffer, Int32Array> {
  const buffer = handles.own(new mujoco.IntBuffer(length))
  return { buffer, read: () => Int32Array.from(buffer.GetView() as Int32Array) }
}
