import * as tf from '@tensorflow/tfjs'
import type { Tensor } from '@tensorflow/tfjs'
import {
  actionFeatures,
  categorical,
  entropyDual,
  flowLevel,
  gae,
  gaussianRenyiHalf,
  importanceWeights,
  key,
  klDual,
  lambdaReturns,
  normal,
  nStepReturns,
  productOfMixtures,
  realNvp,
  renyiHalf,
  retrace,
  sampledPolicy,
  samplerNetwork,
  softValue,
  squashedSvgdLoss,
  stackFlows,
  stateFeatures,
  tanhFlowDistribution,
  tanhGaussianMixture,
  truncatedGaussian,
  truncatedGaussianMixture,
  uniformSoftValue,
  vtrace,
} from '@maxent/core'
import { describe, expect, it } from 'vitest'
import { createProgram } from './index.ts'

type Output = Record<string, Tensor>

/** Functions of a matrix [6, 4] and a positive scalar, which give values and gradients. */
const functions: Record<string, (x: Tensor, alpha: Tensor) => Output> = {
  values: (x, alpha) => {
    const logProposal = tf.mul(0.3, tf.sin(x))
    const psi = tf.stack([x, tf.square(x)], 2)
    return {
      soft: softValue({ q: x, logProposal, alpha }),
      uniform: uniformSoftValue({ q: x, alpha, logVolume: 2 }),
      features: stateFeatures({ psi, q: x, logProposal, alpha }),
      ...importanceWeights({ logTarget: x, logProposal }),
      ...sampledPolicy({ q: x, alpha }),
    }
  },
  stein: (x) => {
    const particles = tf.reshape(x, [2, 3, 4])
    const args = { particles, updated: tf.mul(0.5, particles), actionGradient: tf.cos(particles), alpha: 1 }
    return { loss: squashedSvgdLoss(args), released: squashedSvgdLoss({ ...args, form: 'released' }) }
  },
  targets: (x) => {
    const ones = tf.ones([6, 4])
    const stretch = { reward: x, discount: ones, continues: ones, gamma: 0.9, alpha: 0.3, lambda: 0.8 }
    const nextValue = tf.sin(x)
    const off = { ...stretch, nextValue, nextKl: tf.square(x), logRatio: tf.cos(x), value: x, q: x }
    return {
      retrace: retrace(off),
      vtrace: vtrace(off).target,
      advantage: vtrace(off).advantage,
      steps: nStepReturns({ ...off, steps: 3, nextEntropy: x }),
      lambda: lambdaReturns({ ...off, nextEntropy: x }),
      gae: gae(off),
    }
  },
  constraints: (x, alpha) => ({
    entropy: entropyDual({ multiplier: alpha, logProb: tf.mean(x, 1), targetEntropy: -2 }),
    kl: klDual({ alpha, q: x, epsilon: 0.5 }),
    renyi: renyiHalf({ logP: x, logQ: tf.sin(x), logProposal: tf.neg(x) }),
    gaussian: gaussianRenyiHalf({ mean: x, logStd: tf.sin(x) }, { mean: tf.cos(x), logStd: x }),
    sum: actionFeatures({ features: x, psivantage: tf.square(x) }),
  }),
}

/** Of parameters [2, 4, 3] taken from the same matrix. */
const distributions: typeof functions = {
  mixtures: (x, alpha) => {
    const mean = tf.reshape(x, [2, 4, 3])
    const params = { logits: tf.mul(alpha, tf.mean(mean, 2)), mean, logStd: tf.sin(mean) }
    const component = tf.fill([2, 1], 0.4)
    const cut = truncatedGaussianMixture({ ...params, low: -1, high: 1 })
    const inside = cut.sample({ component, noise: tf.fill([2, 1, 3], 0.3) })
    const squashed = tanhGaussianMixture(params).sampleWithLogProb({ component, noise: tf.ones([2, 1, 3]) })
    const { logNormalizer, mean: product } = productOfMixtures([params, params], { limit: 6 })
    return { logNormalizer, product, inside, density: cut.logProb(inside), ...squashed }
  },
  truncated: (x) => {
    const p = truncatedGaussian({ mean: tf.mul(2, x), logStd: tf.sin(x), low: -1, high: 1 })
    return { entropy: p.entropy(), kl: p.kl({ mean: tf.cos(x), logStd: tf.mul(0.2, x) }) }
  },
  flow: (x) => {
    const flow = realNvp({ size: 4, condition: 4 })
    const params = flow.init(key(2))
    const forward = flow.forward(params, x, tf.sin(x))
    const inverse = flow.inverse(params, x, tf.sin(x))
    return { result: forward.result, logDet: forward.logDet, latent: inverse.result, inverse: inverse.logDet }
  },
  sampler: (x) => {
    const sampler = samplerNetwork({ observation: 4, action: 2, hidden: [5, 3] })
    return { ...sampler.sample(sampler.init(key(2)), x, tf.reshape(x, [6, 2, 2])) }
  },
  stack: (x) => {
    const level = flowLevel({ observation: 4, size: 4, embedding: { hidden: [5] } })
    const flow = stackFlows([level, level], { frozen: 1 })
    const policy = tanhFlowDistribution({ flow, params: flow.init(key(2)), condition: tf.sin(x) })
    const noise = tf.mul(0.2, x)
    return { ...policy.sampleWithLogProb(noise), again: policy.logProb({ preTanh: noise }) }
  },
  categorical: (x) => {
    const choices = categorical({ logits: x })
    const sample = choices.sample(tf.linspace(0, 0.9, 6))
    return {
      logProb: choices.logProb(sample),
      entropy: choices.entropy(),
      kl: choices.kl({ logits: tf.sin(x) }),
    }
  },
}

/** What a function gives, and the gradients of the sum of sines of it all. */
function withGradients(
  f: (x: Tensor, alpha: Tensor) => Output,
): (state: object, x: Tensor, alpha: Tensor) => Output {
  const total = (x: Tensor, alpha: Tensor): Tensor =>
    tf.addN([
      tf.sum(tf.mul(0, tf.mul(x, alpha))),
      ...Object.values(f(x, alpha)).map((y) => tf.sum(tf.sin(y))),
    ])
  return (_, x, alpha) => {
    const [toX, toAlpha] = tf.grads(total)([x, alpha])
    return { ...f(x, alpha), toX, toAlpha }
  }
}

const all = { ...functions, ...distributions }

describe('the soft operators and distributions of core', () => {
  it.each(Object.keys(all))('%s compile, gradients included, to what they are eagerly', async (name) => {
    const options = {
      name,
      state: { unused: tf.scalar(0) },
      functions: { run: { args: [{ shape: [6, 4] }, { shape: [] }], run: withGradients(all[name]) } },
    }
    const args = [normal(key(3), 24), Float32Array.of(0.7)]
    const results: Record<string, Float32Array>[] = []
    for (const mode of [{ kind: 'compiled' }, { kind: 'eager', backend: 'cpu' }] as const) {
      const program = await createProgram({ ...options, mode })
      results.push((await program.call('run', args)) as Record<string, Float32Array>)
      await program.dispose()
    }
    const [compiled, eager] = results
    expect(Object.keys(compiled)).toEqual(Object.keys(eager))
    for (const [output, numbers] of Object.entries(eager)) {
      numbers.forEach((value, i) => {
        const difference = Math.abs(compiled[output][i] - value)
        expect(difference, `${output}[${i}]`).toBeLessThan(1e-4 * Math.max(1, Math.abs(value)))
      })
    }
  })
})
