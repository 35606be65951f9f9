import * as tf from '@tensorflow/tfjs'
import type { Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs'
import { key, normal } from '@maxent/core'
import { registerComparisonGradients } from '@maxent/core/comparisonGradients'
import { algorithmConformance, checkGrads } from '@maxent/core/testing'
import { createProgram } from '@maxent/jit'
import { describe, expect, it } from 'vitest'
import { stackedFlows, truncatedMixture, unsquashedMixture } from '../fixtures/ownPolicies.ts'
import { actorLoss } from './actor.ts'
import { resolveSacConfig, type SacConfig } from './config.ts'
import { ownPolicyNetwork } from './ownPolicy.ts'
import type { OwnPolicy, PolicyNetwork } from './policy.ts'
import { sac } from './sac.ts'

registerComparisonGradients()

const spec = { observation: { proprio: 3, task: 2 }, action: { low: [-2, 0.1], high: [2, 0.7] } }
const byScore: Partial<SacConfig> = { bootstrap: 'valueNetwork', critics: 1 }
const policies: Record<string, { readonly policy: OwnPolicy; readonly config: Partial<SacConfig> }> = {
  'a truncated mixture': { policy: truncatedMixture, config: byScore },
  'an unsquashed mixture': { policy: unsquashedMixture, config: byScore },
  'stacked flows': { policy: stackedFlows, config: {} },
}

for (const [name, { policy, config }] of Object.entries(policies)) {
  algorithmConformance({
    name: `sac with ${name} of one's own`,
    make: () => sac(spec, { batchSize: 8, hidden: [16], ...config }, { policy }),
    compile: createProgram,
  })
}

const made = (policy: OwnPolicy, actions: number, config: Partial<SacConfig> = {}): PolicyNetwork =>
  ownPolicyNetwork(policy, resolveSacConfig({ hidden: [4], activation: 'tanh', ...config }), {
    inputs: 3,
    actions,
  })
const inputs = (rows: number): Tensor2D => tf.tile(tf.tensor2d([[0.3, -1, 2]]), [rows, 1])
const alpha = tf.scalar(0.5)
/** Two critics with their peaks in different places, [2, B]. */
const critics = (action: Tensor2D): Tensor =>
  tf.stack([0.4, 0.5].map((peak) => tf.neg(tf.sum(tf.square(tf.sub(action, peak)), 1))))

describe("a policy of one's own", () => {
  it('gets the gradients of the loss that central differences give, through samples of stacked flows', () => {
    const network = made(stackedFlows, 2)
    const noise = tf.tensor2d(normal(key(3), 2 * 5), [5, 2])
    checkGrads(
      (parameters: Tensor) => {
        const { action, logProb } = network.law(parameters as Tensor1D, inputs(5)).sample(noise)
        return actorLoss({ q: critics(action), logProb, alpha, over: 'mean' })
      },
      [network.init(key(4))],
      { rtol: 1e-2 },
    )
  })

  it('is warned of target entropies by its own range, and not at all where it states none', () => {
    const temperature = { kind: 'learned', initialAlpha: 1, targetEntropy: 2 } as const
    const warnings = (policy: OwnPolicy): readonly string[] | undefined =>
      sac(spec, { ...byScore, temperature }, { policy }).warnings
    expect(warnings(truncatedMixture)?.[0]).toContain('between minus infinity and 1.39 nats')
    expect(warnings(unsquashedMixture)).toEqual([])
  })

  it('is refused where it does not fit', () => {
    expect(() => sac(spec, {}, { policy: truncatedMixture })).toThrow(
      "sac: bootstrap must be 'valueNetwork' where a policy is not reparameterised, got 'critics'",
    )
    expect(() => sac(spec, { policy: { kind: 'gaussian' } }, { policy: stackedFlows })).toThrow(
      "sac: config.policy must be absent where a policy of one's own is given, got 'gaussian'",
    )
    expect(() => made({ heads: 1 } as unknown as OwnPolicy, 2)).toThrow(
      "sac: a policy of one's own must be { head } or { network }, got { heads }",
    )
    const narrow: OwnPolicy = { network: ({ inputs }) => stackedFlows.network({ inputs, actions: 3 }) }
    const network = made(narrow, 2)
    const law = network.law(network.init(key(1)), inputs(5))
    expect(() => law.sample(tf.zeros([5, 3]))).toThrow(
      'sac: policy.sample: action must have shape [B, 2], got [5, 3]',
    )
    expect(() => law.explore(tf.zeros([5, 3]))).toThrow('sac: policy.explore: action must have shape [B, 2]')
    expect(() => law.modes()).toThrow('sac: policy.modes: action must have shape [B, 2]')
  })
})
