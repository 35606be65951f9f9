import type { DoubleBuffer, MainModule } from '@mujoco/mujoco'
import type { Handles } from './module.ts'

/** Room on the WASM heap for a call that writes numbers. */
export interface Output {
  /** What the call takes. */
  readonly buffer: DoubleBuffer
  /** Copies the numbers out. */
  read(): Float64Array
}

/**
 * The only way to receive numbers from MuJoCo. A plain typed array given as an output stays empty, and the WASM heap at its byte
 * offset is overwritten instead, which kills the module some calls later.
 */
export function createOutput(mujoco: MainModule, handles: Handles, length: number): Output {
  const buffer = handles.own(new mujoco.DoubleBuffer(length))
  return { buffer, read: () => Float64Array.from(buffer.GetView() as Float64Array) }
}
