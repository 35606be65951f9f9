/** Initial values of parameters, drawn on the host from keys. */
import { uniform, type Key } from '../keys/index.ts'
import { describeValue } from '../check.ts'

/** How many numbers a unit reads, and how many units read it: for a kernel [inputs, outputs] exactly these two. */
export interface Fan {
  /** Numbers that a unit reads. */
  readonly in: number
  /** Units that read it. */
  readonly out: number
}

/** Draws `size` values of a parameter of a layer with the given fan. Biases get the fan of the layer's kernel. */
export type Initializer = (key: Key, size: number, fan: Fan) => Float32Array

/**
 * Xavier (Glorot) uniform: U(−b, b) with b = √(6 / (fan in + fan out)).
 * Glorot & Bengio 2010, "Understanding the difficulty of training deep feedforward neural networks", Eq. 16.
 */
export function xavierUniform(): Initializer {
  return (key, size, fan) => symmetricUniform(key, size, Math.sqrt(6 / (fan.in + fan.out)))
}

/** U(−b, b) with b = 1 / √(fan in): what torch gives the kernels and the biases of its linear layers. */
export function fanInUniform(): Initializer {
  return (key, size, fan) => symmetricUniform(key, size, 1 / Math.sqrt(fan.in))
}

/**
 * He uniform: U(−b, b) with b = √(6 / fan in), which keeps the variance through relu layers.
 * He et al. 2015, "Delving deep into rectifiers", arXiv:1502.01852, Eq. 10.
 */
export function heUniform(): Initializer {
  return (key, size, fan) => symmetricUniform(key, size, Math.sqrt(6 / fan.in))
}

/**
 * U(−bound, bound), as for the last layers of DDPG (bound 0.003).
 * @throws RangeError when `bound` is negative or not finite.
 */
export function uniformWithin(bound: number): Initializer {
  if (!(bound >= 0 && Number.isFinite(bound))) {
    throw new RangeError(
      `uniformWithin: bound must be a finite number of at least 0, got ${describeValue(bound)}`,
    )
  }
  return (key, size) => symmetricUniform(key, size, bound)
}

/** Zero everywhere. */
export function zeros(): Initializer {
  return (_, size) => new Float32Array(size)
}

/**
 * One value everywhere.
 * @throws RangeError when it is not finite.
 */
export function constant(value: number): Initializer {
  if (!Number.isFinite(value))
    throw new RangeError(`constant: value must be finite, got ${describeValue(value)}`)
  return (_, size) => new Float32Array(size).fill(value)
}

function symmetricUniform(key: Key, size: number, bound: number): Float32Array {
  return uniform(key, size).map((u) => (2 * u - 1) * bound)
}
