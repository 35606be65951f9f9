import { describe, expect, it } from 'vitest'
import { resolveSacConfig, sacDefaults, sacSchema } from './config.ts'
import type { SacConfig } from './config.ts'

describe('resolveSacConfig', () => {
  it('gives the defaults, which are legal', () => {
    expect(resolveSacConfig()).toEqual(sacDefaults)
    expect(resolveSacConfig(sacDefaults)).toEqual(sacDefaults)
  })

  it('keeps a legal zero', () => {
    const config = resolveSacConfig({ gamma: 0, hidden: [], temperature: { kind: 'fixed', alpha: 0 } })
    expect(config).toMatchObject({ gamma: 0, hidden: [], temperature: { alpha: 0 } })
    const target = resolveSacConfig({ temperature: { kind: 'learned', initialAlpha: 1, targetEntropy: 0 } })
    expect(target.temperature).toMatchObject({ targetEntropy: 0 })
  })

  it('lets a partial override the fields it names and no others', () => {
    const config = resolveSacConfig({ batchSize: 64, target: { kind: 'hard', interval: 1000 } })
    expect(config).toEqual({ ...sacDefaults, batchSize: 64, target: { kind: 'hard', interval: 1000 } })
  })

  it.each<[string, Record<string, unknown>]>([
    ['gamma', { gamma: -0.1 }],
    ['gamma', { gamma: 1.1 }],
    ['gamma', { gamma: NaN }],
    ['batchSize', { batchSize: 0 }],
    ['batchSize', { batchSize: 2.5 }],
    ['hidden', { hidden: [256, 0] }],
    ['activation', { activation: 'swish' }],
    ['initializer', { initializer: 'ones' }],
    ['critics', { critics: 0 }],
    ['logStdRange', { logStdRange: [2, -20] }],
    ['policyLearningRate', { policyLearningRate: 0 }],
    ['criticLearningRate', { criticLearningRate: -1 }],
    ['criticLearningRate', { criticLearningRate: 1e39 }],
    ['rewardScale', { rewardScale: 1e39 }],
    ['temperature', { temperature: { kind: 'automatic' } }],
    ['temperature', { temperature: { kind: 'fixed', alpha: 1e39 } }],
    ['temperature', { temperature: { kind: 'learned', initialAlpha: 1e39 } }],
    ['temperature', { temperature: { kind: 'fixed', alpha: -1 } }],
    ['temperature', { temperature: { kind: 'learned', initialAlpha: 0 } }],
    ['temperature', { temperature: { kind: 'learned', initialAlpha: 1, targetEntropy: Infinity } }],
    ['temperature', { temperature: { kind: 'learned', initialAlpha: 1, learningRate: 0 } }],
    ['target', { target: { kind: 'soft', tau: 0 } }],
    ['target', { target: { kind: 'soft', tau: 1.5 } }],
    ['target', { target: { kind: 'hard', interval: 0 } }],
    ['policyGroups', { policyGroups: [] }],
    ['criticGroups', { criticGroups: [1] }],
  ])('refuses an illegal %s and names it: %j', (field, partial) => {
    expect(() => resolveSacConfig(partial as Partial<SacConfig>)).toThrow(
      new RegExp(`^resolveSacConfig: ${field}`),
    )
  })

  it('refuses an unknown field and names the nearest', () => {
    expect(() => resolveSacConfig({ batchsize: 64 } as Partial<SacConfig>)).toThrow(/batchsize.*batchSize/)
  })

  it('has a line of description for every field', () => {
    for (const [field, rule] of Object.entries(sacSchema.shape)) {
      expect((rule as { description?: string }).description, field).toBeTypeOf('string')
    }
  })

  it('refuses a mixture without a value network, whose V its gradient needs', () => {
    const policy = { kind: 'mixture', components: 4 } as const
    expect(() => resolveSacConfig({ policy })).toThrow(
      "resolveSacConfig: bootstrap must be 'valueNetwork' where policy.kind is 'mixture', got 'critics'",
    )
    expect(resolveSacConfig({ policy, bootstrap: 'valueNetwork' }).policy).toEqual(policy)
  })

  it('refuses targets over several steps beside a value network', () => {
    expect(() => resolveSacConfig({ nStep: 3, bootstrap: 'valueNetwork' })).toThrow(
      "resolveSacConfig: nStep must be 1 where bootstrap is 'valueNetwork', got 3",
    )
  })

  it('refuses a deterministic policy with an entropy to weigh', () => {
    const policy = { kind: 'deterministic', explorationStd: 0.1 } as const
    expect(() => resolveSacConfig({ policy })).toThrow(
      "resolveSacConfig: temperature must be { kind: 'fixed', alpha: 0 } where policy.kind is 'deterministic'",
    )
    expect(() => resolveSacConfig({ policy, temperature: { kind: 'fixed', alpha: 0 } })).not.toThrow()
  })
})
