import * as tf from '@tensorflow/tfjs'

/** Keeps tfjs from advertising its native backend on the error stream: here programs are compiled and it computes next to nothing. */
export function quietTfjs(): void {
  tf.env().set('PROD', true)
}
