/**
 * The gradients that comparisons lack in tfjs.
 * @module
 */
import * as tf from '@tensorflow/tfjs'
import type { NamedTensorMap, Tensor } from '@tensorflow/tfjs'

const ofTwo = [
  'Equal',
  'NotEqual',
  'Greater',
  'GreaterEqual',
  'Less',
  'LessEqual',
  'LogicalAnd',
  'LogicalOr',
  'LogicalXor',
] as const
const ofOne = { LogicalNot: 'x', IsNan: 'x', IsFinite: 'x', IsInf: 'x', All: 'x', Any: 'x' } as const

/**
 * Gives the comparison and logical kernels of tfjs a gradient of zero, which they lack: without it, `tf.where(tf.greater(x, 0), ...)` cannot
 * stand in a differentiated function. Kernels that have a gradient by now keep it; calling again changes nothing.
 */
export function registerComparisonGradients(): void {
  for (const kernelName of ofTwo) registerZeros(kernelName, ['a', 'b'])
  for (const [kernelName, input] of Object.entries(ofOne)) registerZeros(kernelName, [input])
}

function registerZeros(kernelName: string, inputs: string[]): void {
  if (tf.getGradient(kernelName) !== undefined) return
  tf.registerGradient({
    kernelName,
    inputsToSave: inputs,
    gradFunc: (_dy, saved): NamedTensorMap & Record<string, () => Tensor> =>
      Object.fromEntries(inputs.map((name, i) => [name, () => tf.zeros(saved[i].shape)])) as never,
  })
}
