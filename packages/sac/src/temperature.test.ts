import * as tf from '@tensorflow/tfjs'
import type { Tensor } from '@tensorflow/tfjs'
import { adam } from '@maxent/core'
import '@maxent/core/testing'
import { checkGrads, identityEnv } from '@maxent/core/testing'
import { train } from '@maxent/train'
import { describe, expect, it } from 'vitest'
import type { SacConfig } from './config.ts'
import { discreteSac } from './discrete/discreteSac.ts'
import { sac } from './sac.ts'
import {
  defaultTargetEntropy,
  heldTemperature,
  temperatureLoss,
  withInitialTemperature,
} from './temperature.ts'

const logProb = (): Tensor => tf.tensor1d([-1, 5, 2])
const loss = (logAlpha: Tensor, targetEntropy: number): tf.Scalar =>
  temperatureLoss({ logAlpha, logProb: logProb(), targetEntropy })

describe('temperatureLoss', () => {
  it('gives the hand-worked loss of three states', () => {
    expect(loss(tf.scalar(0.5), -6)).toBeAllClose(-0.5 * (2 - 6))
  })

  it('has the closed-form gradient, entropy less target entropy', () => {
    // The entropy is -2.
    expect(tf.grad((x) => loss(x, -6))(tf.scalar(0.5))).toBeAllClose(-2 - -6)
    expect(tf.grad((x) => loss(x, 1))(tf.scalar(-3))).toBeAllClose(-2 - 1)
  })

  it('raises alpha where the entropy is below the target and lowers it where it is above', () => {
    const descend = (targetEntropy: number): number =>
      -tf
        .grad((x) => loss(x, targetEntropy))(tf.scalar(0))
        .dataSync()[0]
    expect(descend(-1)).toBeGreaterThan(0)
    expect(descend(-3)).toBeLessThan(0)
  })

  it('has the gradient that central differences give', () => {
    checkGrads((x: Tensor) => loss(x, -6), [tf.scalar(0.3)])
  })

  it('holds the policy constant', () => {
    const grad = tf.grad((logs) =>
      temperatureLoss({ logAlpha: tf.scalar(0.5), logProb: logs, targetEntropy: -6 }),
    )(logProb())
    expect(grad).toBeAllClose([0, 0, 0], { atol: 0 })
  })

  it('refuses a log alpha that is not a scalar', () => {
    expect(() => loss(tf.zeros([2]), -6)).toThrow('temperatureLoss: logAlpha must have shape [], got [2]')
  })
})

describe('defaultTargetEntropy', () => {
  it('is minus the number of action dimensions', () => {
    expect(defaultTargetEntropy({ action: { low: [-1, -2, -3], high: [1, 2, 3] } })).toBe(-3)
  })
})

describe('heldTemperature', () => {
  const optimizer = {}

  it('is the constant of a fixed temperature, zero included', () => {
    expect(heldTemperature({ kind: 'fixed', alpha: 0 }, { optimizer }).alpha).toBeAllClose(0, { atol: 0 })
    expect(heldTemperature({ kind: 'fixed', alpha: 0.2 }, { optimizer }).alpha).toBeAllClose(0.2)
  })

  it('is exp(log α) of a learned temperature', () => {
    const temperature = { kind: 'learned', initialAlpha: 0.3 } as const
    const state = withInitialTemperature(
      { optimizer },
      { temperature, optimizer: adam({ learningRate: 1e-3 }) },
    )
    expect(heldTemperature(temperature, state).alpha).toBeAllClose(0.3)
  })

  it('refuses the state of another kind of temperature', () => {
    expect(() => heldTemperature({ kind: 'learned', initialAlpha: 1 }, { optimizer })).toThrow(
      'update: state must be that of a learned temperature, got one without logAlpha; initialise the state with the same config',
    )
    expect(() => heldTemperature({ kind: 'fixed', alpha: 1 }, { logAlpha: tf.scalar(0), optimizer })).toThrow(
      'update: state must be that of a fixed temperature, got one with logAlpha',
    )
  })
})

describe('a target entropy that no policy has', () => {
  const spec = { observation: { proprio: 2 }, action: { low: [-3, -3], high: [3, 3] } }
  const learned = { kind: 'learned', initialAlpha: 1 } as const
  const warned = (targetEntropy?: number, more: Partial<SacConfig> = {}): readonly string[] | undefined =>
    sac(spec, {
      temperature: targetEntropy === undefined ? learned : { ...learned, targetEntropy },
      ...more,
    }).warnings

  it('is warned of, with the range within reach', () => {
    expect(warned(-2)).toEqual([])
    expect(warned(1.38)).toEqual([])
    expect(warned(1.39)).toEqual([
      'sac: temperature.targetEntropy must lie between minus infinity and 1.39 nats to be within reach of a policy, got 1.39; ' +
        'alpha will grow without end',
    ])
    expect(warned(-8, { policy: { kind: 'gaussian' }, logStdRange: [-5, 2] })).toEqual([
      'sac: temperature.targetEntropy must lie between -7.16 and 6.84 nats to be within reach of a policy, got -8; alpha will fall to zero',
    ])
  })

  it('is warned of where it is the default', () => {
    expect(warned()).toEqual([])
    expect(warned(undefined, { policy: { kind: 'gaussian' }, logStdRange: [0, 2] })).toEqual([
      'sac: temperature.targetEntropy must lie between 2.84 and 6.84 nats to be within reach of a policy, got -2; alpha will fall to zero',
    ])
    expect(warned(undefined, { logStdRange: [-20, -3] })).toEqual([
      'sac: temperature.targetEntropy must lie between minus infinity and -3.16 nats to be within reach of a policy, got -2; ' +
        'alpha will grow without end',
    ])
    expect(
      sac(spec, {
        policy: { kind: 'gaussian' },
        logStdRange: [0, 2],
        temperature: { kind: 'fixed', alpha: 1 },
      }).warnings,
    ).toEqual([])
  })

  it('is warned of below what a truncated Gaussian can have', () => {
    const policy = { kind: 'truncatedGaussian' } as const
    // Half a normal distribution of deviation e⁻², at a bound: ½ log(πe/2) − 2 each.
    expect(warned(undefined, { policy, logStdRange: [-2, 2] })).toEqual([])
    expect(warned(-3, { policy, logStdRange: [-2, 2] })).toEqual([
      'sac: temperature.targetEntropy must lie between -2.55 and 1.39 nats to be within reach of a policy, got -3; alpha will fall to zero',
    ])
  })

  it('is warned of over choices too', () => {
    const choices = { ...spec, action: { low: [0], high: [3], choices: 4 } }
    const of = (targetEntropy: number): readonly string[] | undefined =>
      discreteSac(choices, { temperature: { kind: 'learned', initialAlpha: 1, targetEntropy } }).warnings
    expect(of(1.38)).toEqual([])
    expect(of(1.4)?.[0]).toContain('must lie between 0.00 and 1.39 nats')
    expect(of(-1)?.[0]).toContain('alpha will fall to zero')
  })

  it('reaches the user of the loop', async () => {
    const messages: string[] = []
    await train({
      env: identityEnv(1),
      evalEnv: identityEnv(1),
      algorithm: sac(identityEnv(1).spec, {
        hidden: [4],
        batchSize: 2,
        temperature: { kind: 'learned', initialAlpha: 1, targetEntropy: 1 },
      }),
      seed: 1,
      config: { steps: 5, warmupSteps: 5, replayCapacity: 10, evaluateEvery: 0, finalEpisodes: 0 },
      onProgress: (event) => event.kind === 'notice' && messages.push(event.message),
    })
    expect(messages).toEqual([expect.stringContaining('alpha will grow without end')])
  })
})
