import * as tf from '@tensorflow/tfjs'
import type { Scalar } from '@tensorflow/tfjs'
import * as z from 'zod'

/** How target networks follow: soft averages at every gradient step, or a hard copy at every `interval`-th. */
export type TargetConfig =
  { readonly kind: 'soft'; readonly tau: number } | { readonly kind: 'hard'; readonly interval: number }

/** The rules of {@link TargetConfig}. */
export const targetSchema: z.ZodType<TargetConfig> = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('soft'),
    tau: z.number().positive().max(1).describe('τ, share of the networks in each update of their targets'),
  }),
  z.strictObject({
    kind: z.literal('hard'),
    interval: z.int().min(1).describe('gradient steps between copies'),
  }),
])

/**
 * The share of the networks in the new targets, as `polyak` takes it: τ, or 1 at every `interval`-th step and 0 between.
 * `step` counts gradient steps, int32, the present one included.
 */
export function targetShare(target: TargetConfig, step: Scalar): number | Scalar {
  if (target.kind === 'soft') return target.tau
  const since = tf.mod(step, tf.scalar(target.interval, 'int32'))
  return tf.cast(tf.equal(since, tf.scalar(0, 'int32')), 'float32')
}
