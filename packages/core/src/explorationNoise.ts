import * as tf from '@tensorflow/tfjs'
import type { Tensor, Tensor2D } from '@tensorflow/tfjs'
import * as z from 'zod'
import type { Acted, Algorithm, NoiseAndMemory } from './contracts.ts'
import type { Tree } from './tree.ts'

/** Noise on the actions of a policy, in units of actions scaled to [−1, 1]. */
export type ExplorationConfig =
  | { readonly kind: 'gaussian'; readonly sigma: number }
  | { readonly kind: 'ornsteinUhlenbeck'; readonly theta: number; readonly sigma: number }

/** The rules of {@link ExplorationConfig}. */
export const explorationSchema: z.ZodType<ExplorationConfig> = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('gaussian'),
    sigma: z.number().min(0).describe('σ, standard deviation of the noise'),
  }),
  z.strictObject({
    kind: z.literal('ornsteinUhlenbeck'),
    theta: z.number().min(0).max(1).describe('θ, share of the noise that each step takes back'),
    sigma: z.number().min(0).describe('σ, standard deviation of what each step adds'),
  }),
])

/** What an algorithm with this noise carries from step to step: the noise itself, where it is correlated. */
export function exploringMemory(exploration: ExplorationConfig, actions: number): Pick<Algorithm, 'acting'> {
  return exploration.kind === 'gaussian' ? {} : { acting: { memory: { noise: actions } } }
}

/**
 * Actions in [−1, 1] with noise, cut to the box. Independent normal noise σε, or the Ornstein-Uhlenbeck process of Lillicrap et al. 2015
 * (arXiv:1509.02971), supplement 7, in steps of length 1:
 *
 *     nₜ₊₁ = nₜ − θ·nₜ + σ·ε
 *
 * `noise` is standard normal [B, A]; for the process it comes with n as its memory `noise` [B, A].
 */
export function explore(exploration: ExplorationConfig, action: Tensor2D, noise: Tree<Tensor>): Acted {
  const cut = (shift: Tensor): Tensor2D => tf.clipByValue<Tensor2D>(tf.add(action, shift), -1, 1)
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
