import * as tf from '@tensorflow/tfjs'
import type { Scalar, Tensor, Tensor2D } from '@tensorflow/tfjs'
import { checkInteger, linearSchedule } from '@maxent/core'
import type { NoiseSpec } from '@maxent/core'
import type { LatentsConfig } from './config.ts'

/** The noise that {@link drawLatents} makes K latents of `size` dimensions per row of. */
export function latentNoise(
  latents: LatentsConfig,
  { rows, count, size }: { readonly rows: number; readonly count: number; readonly size: number },
): NoiseSpec {
  return latents.kind === 'fresh'
    ? { shape: [rows, count, size], law: 'normal' }
    : { shape: [rows, count], law: 'uniform' }
}

/**
 * How many members of a set of latents are in use. Haarnoja 2018 (thesis), appendix C.1, "reduced linearly to 1":
 *
 *     K_ξ = round( size − (size − 1)·min(step / steps, 1) )
 * @throws RangeError when size or steps is less than 1.
 */
export function latentCount({ size, steps }: Extract<LatentsConfig, { kind: 'set' }>, step: Scalar): Scalar {
  for (const [name, value] of Object.entries({ size, steps }))
    checkInteger({ caller: 'latentCount', name: `latents.${name}`, value, min: 1 })
  return tf.round(linearSchedule({ from: size, to: 1, steps })(tf.cast(step, 'float32')))
}

/** Arguments of {@link drawLatents}. */
export interface DrawLatentsArgs {
  /** As `latentNoise` says. */
  readonly noise: Tensor
  /** The set, [size, N], where there is one. */
  readonly set: Tensor2D | undefined
  /** Gradient steps taken, []. */
  readonly step: Scalar
}

/** K latents ξ per row, [rows, K, N]: the noise itself, or members of the set, each of those in use as likely. */
export function drawLatents(latents: LatentsConfig, { noise, set, step }: DrawLatentsArgs): Tensor {
  if (latents.kind === 'fresh') return noise
  if (set === undefined)
    throw new TypeError(
      'drawLatents: state must hold the set of latents with this config, got none; initialise the state with the same config',
    )
  const used = latentCount(latents, step)
  // A uniform number below 1 times K_ξ can round to K_ξ.
  const index = tf.minimum(tf.floor(tf.mul(noise, used)), tf.sub(used, 1))
  return tf.gather(set, tf.cast(index, 'int32'))
}
