import * as tf from '@tensorflow/tfjs'
import type { Tensor, Tensor2D } from '@tensorflow/tfjs'
import { checkShapes } from '../check.ts'
import { tanhLogDet } from '../stable/tanhLogDet.ts'
import { tidy } from '../tidy.ts'
import type { Tree } from '../tree.ts'
import type { ConditionalFlow } from './stackFlows.ts'
import type { SquashedSample } from './tanhGaussian.ts'

/** What a conditional flow makes a distribution of. */
export interface FlowDistributionArgs<P extends Tree<Tensor>> {
  /** The bijection f. */
  readonly flow: ConditionalFlow<P>
  /** Its parameters. */
  readonly params: P
  /** s, [B, C]. */
  readonly condition: Tensor
}

/** What a flow makes of N(0, I). It has no entropy in closed form; −logProb of a sample is an unbiased estimate of it. */
export interface FlowDistribution {
  /** f(noise; s) and its log density, for standard normal noise [B, D]. Gradients flow to the parameters. */
  sampleWithLogProb(noise: Tensor): { readonly sample: Tensor2D; readonly logProb: Tensor }
  /** The log density at x [B, D], by the inverse: [B]. */
  logProb(x: Tensor): Tensor
}

/** A {@link FlowDistribution} squashed by tanh onto the box (−1, 1). */
export interface TanhFlowDistribution {
  /** Before the squash. */
  readonly base: FlowDistribution
  /** The action tanh(f(noise; s)) with its value before the squash and its log density, for standard normal noise [B, D]. */
  sampleWithLogProb(noise: Tensor): SquashedSample<Tensor2D>
  /** Log density of the action tanh(preTanh), [B] for [B, D]. The action itself would not do: where it is ±1 by rounding, it has no inverse. */
  logProb(at: { readonly preTanh: Tensor }): Tensor
}

/**
 * A standard normal latent through a conditional flow, the policy of any level but the lowest. Haarnoja 2018 (thesis), Eq. 7.5:
 *
 *     x = f(h; s),  h ~ N(0, I)          log π(x|s) = log N(h; 0, I) − log |det ∂f(h; s)/∂h|
 *
 * @throws RangeError when `condition` is not [B, C].
 */
export function flowDistribution<P extends Tree<Tensor>>(args: FlowDistributionArgs<P>): FlowDistribution {
  const { flow, params, condition } = args
  checkShapes('flowDistribution', { condition: ['B', flow.condition] }, { condition })
  return {
    sampleWithLogProb: (noise) =>
      tidy(() => {
        const { result, logDet } = flow.forward(params, noise, condition)
        return { sample: result, logProb: tf.sub(logStandardNormal(noise), logDet) }
      }),
    logProb: (x) =>
      tidy(() => {
        const { result, logDet } = flow.inverse(params, x, condition)
        return tf.add(logStandardNormal(result), logDet)
      }),
  }
}

/**
 * {@link flowDistribution} behind tanh, the policy of the lowest level, or of a whole stack. Thesis 7.5 with C.2:
 *
 *     log π(a|s) = log N(h; 0, I) − log |det ∂f(h; s)/∂h| − Σᵢ log(1 − tanh²(uᵢ)),       u = f(h; s),  a = tanh(u)
 *
 * @throws RangeError when `condition` is not [B, C].
 */
export function tanhFlowDistribution<P extends Tree<Tensor>>(
  args: FlowDistributionArgs<P>,
): TanhFlowDistribution {
  const base = flowDistribution(args)
  const squash = (logProb: Tensor, preTanh: Tensor): Tensor =>
    tf.sub(logProb, tf.sum(tanhLogDet(preTanh), -1))
  return {
    base,
    sampleWithLogProb: (noise) =>
      tidy(() => {
        const { sample: preTanh, logProb } = base.sampleWithLogProb(noise)
        return { action: tf.tanh(preTanh), preTanh, logProb: squash(logProb, preTanh) }
      }),
    logProb: ({ preTanh }) => tidy(() => squash(base.logProb(preTanh), preTanh)),
  }
}

/** log N(x; 0, I) over the last axis. */
function logStandardNormal(x: Tensor): Tensor {
  const D = x.shape[x.rank - 1] ?? 0
  return tf.sub(tf.mul(tf.sum(tf.square(x), -1), -0.5), 0.5 * D * Math.log(2 * Math.PI))
}
