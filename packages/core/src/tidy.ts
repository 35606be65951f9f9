import * as tf from '@tensorflow/tfjs'

/**
 * `tf.tidy` with the types of trees: runs `f` and disposes every tensor that it made and did not return, at any depth of records and
 * arrays.
 */
export function tidy<T>(f: () => T): T {
  return tf.tidy(f as () => tf.TensorContainer) as T
}
