import * as tf from '@tensorflow/tfjs'
import type { Tensor, Tensor1D } from '@tensorflow/tfjs'
import { checkShapes } from '../check.ts'
import { stopGradient } from '../stopGradient.ts'

/** Arguments of {@link bellmanTarget}: B transitions. */
export interface BellmanTargetArgs {
  /** r, [B]. */
  readonly reward: Tensor
  /** d, [B]: 0 where the task ended, else 1. */
  readonly discount: Tensor
  /** The value of what follows, [B]. */
  readonly nextValue: Tensor
  /** γ. */
  readonly gamma: number
}

/**
 * The one-step target of a critic.
 *
 *     y = r + γ·d·V(s′)
 *
 * Haarnoja 2018 (thesis), eq. 4.2, and the first paper's eq. 8, where V is a soft value. DDPG: V(s′) = Q̄(s′, π̄(s′)),
 * Lillicrap et al. 2015 (arXiv:1509.02971), eq. 5. TD3: the minimum over two critics at a smoothed action, Fujimoto et al. 2018
 * (arXiv:1802.09477), eqs. 10 and 15. NAF: the value network of the targets, Gu et al. 2016 (arXiv:1603.00748), algorithm 1.
 *
 * Shapes: B transitions; the result is [B]. It is a constant: no gradient flows to any argument.
 * @throws RangeError when a shape differs.
 */
export function bellmanTarget(args: BellmanTargetArgs): Tensor1D {
  const { reward, discount, nextValue, gamma } = args
  checkShapes(
    'bellmanTarget',
    { reward: ['B'], discount: ['B'], nextValue: ['B'] },
    { reward, discount, nextValue },
  )
  return stopGradient(tf.add<Tensor1D>(reward, tf.mul(tf.mul(discount, gamma), nextValue)))
}
