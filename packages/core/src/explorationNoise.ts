import * as tf from '@tensorflow/tfjs'
import type { Scalar, Tensor, Tensor2D } from '@tensorflow/tfjs'
import * as z from 'zod'
import type { Acted, Algorithm, NoiseAndMemory } from './contracts.ts'
import { linearSchedule } from './schedules/schedules.ts'
import type { Tree } from './tree.ts'

/** Noise on the actions of a policy, in units of actions scaled to [−1, 1]. */
export type ExplorationConfig = (
  | { readonly kind: 'gaussian'; readonly sigma: number }
  | { readonly kind: 'ornsteinUhlenbeck'; readonly theta: number; readonly sigma: number }
) & {
  /** Gradient steps in which the noise falls to nothing, linearly; it stays when absent. With 1 it is there before the first gradient step alone. */
  readonly steps?: number | undefined
}

const steps = z
  .number()
  .int()
  .min(1)
  .optional()
  .describe('gradient steps in which the noise falls to nothing, linearly; it stays unless given')

/** The rules of {@link ExplorationConfig}. */
export const explorationSchema: z.ZodType<ExplorationConfig> = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('gaussian'),
    sigma: z.number().min(0).describe('σ, standard deviation of the noise'),
    steps,
  }),
  z.strictObject({
    kind: z.literal('ornsteinUhlenbeck'),
    theta: z.number().min(0).max(1).describe('θ, share of the noise that each step takes back'),
    sigma: z.number().min(0).describe('σ, standard deviation of what each step adds'),
    steps,
  }),
])

/** What an algorithm with this noise carries from step to step: the noise itself, where it is correlated. */
export function exploringMemory(exploration: ExplorationConfig, actions: number): Pick<Algorithm, 'acting'> {
  return exploration.kind === 'gaussian' ? {} : { acting: { memory: { noise: actions } } }
}

/** What {@link explore} takes. */
export interface ExploreArgs {
  /** In [−1, 1], [B, A]. */
  readonly action: Tensor2D
  /** Standard normal, [B, A]; for the process with n as its memory `noise`, [B, A]. */
  readonly noise: Tree<Tensor>
  /** Gradient steps taken, []; only noise that ends asks for it. */
  readonly step?: Scalar
}

/**
 * Actions in [−1, 1] with noise, cut to the box. Independent normal noise σε, or the Ornstein-Uhlenbeck process of Lillicrap et al. 2015
 * (arXiv:1509.02971), supplement 7, in steps of length 1:
 *
 *     nₜ₊₁ = nₜ − θ·nₜ + σ·ε
 *
 * Where it has an end, either is weighed by 1 − min(step / steps, 1).
 * @throws TypeError for noise that ends without the step.
 */
export function explore(exploration: ExplorationConfig, { action, noise, step }: ExploreArgs): Acted {
  const { steps: end } = exploration
  const weighed = (shift: Tensor): Tensor => {
    if (end === undefined) return shift
    if (step === undefined)
      throw new TypeError(`explore: step must be given where exploration.steps is, ${end}, got none`)
    return tf.mul(shift, linearSchedule({ from: 1, to: 0, steps: end })(tf.cast(step, 'float32')))
  }
  const cut = (shift: Tensor): Tensor2D => tf.clipByValue<Tensor2D>(tf.add(action, weighed(shift)), -1, 1)
  if (exploration.kind === 'gaussian') return { action: cut(tf.mul(noise as Tensor, exploration.sigma)) }
  const { fresh, memory } = noise as NoiseAndMemory
  const moved = ornsteinUhlenbeck(exploration, { noise: memory.noise, fresh: fresh as Tensor2D })
  return { action: cut(moved), memory: { noise: moved } }
}

/** What one step of the process takes: {@link ornsteinUhlenbeck}. */
export interface OrnsteinUhlenbeckArgs {
  /** nₜ, of any shape. */
  readonly noise: Tensor2D
  /** ε, standard normal, of the same shape. */
  readonly fresh: Tensor2D
}

/** One step of the process: n − θ·n + σ·ε. */
export function ornsteinUhlenbeck(
  { theta, sigma }: { readonly theta: number; readonly sigma: number },
  { noise, fresh }: OrnsteinUhlenbeckArgs,
): Tensor2D {
  return tf.add(tf.mul(noise, 1 - theta), tf.mul(fresh, sigma))
}
