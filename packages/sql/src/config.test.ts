import { describe, expect, it } from 'vitest'
import { particleCounts, resolveSqlConfig, sqlDefaults, sqlSchema } from './config.ts'
import type { SqlConfig } from './config.ts'

describe('resolveSqlConfig', () => {
  it('gives the defaults, which are legal', () => {
    expect(resolveSqlConfig()).toEqual(sqlDefaults)
    expect(resolveSqlConfig(sqlDefaults)).toEqual(sqlDefaults)
  })

  it('keeps a legal zero', () => {
    expect(resolveSqlConfig({ gamma: 0, diagnosticsEvery: 0 })).toMatchObject({
      gamma: 0,
      diagnosticsEvery: 0,
    })
  })

  it('lets a partial override the fields it names and no others', () => {
    const target = { kind: 'soft', tau: 0.01 } as const
    expect(resolveSqlConfig({ batchSize: 32, target })).toEqual({ ...sqlDefaults, batchSize: 32, target })
    expect(resolveSqlConfig({ particles: { kind: 'disjoint', fixed: 9, updated: 16 } }).particles).toEqual({
      kind: 'disjoint',
      fixed: 9,
      updated: 16,
    })
  })

  it.each<[string, Record<string, unknown>]>([
    ['gamma', { gamma: 1.1 }],
    ['gamma', { gamma: NaN }],
    ['batchSize', { batchSize: 0 }],
    ['hidden', { hidden: [] }],
    ['hidden', { hidden: [8, 0] }],
    ['activation', { activation: 'swish' }],
    ['critics', { critics: 0 }],
    ['policyLearningRate', { policyLearningRate: 0 }],
    ['criticLearningRate', { criticLearningRate: -1 }],
    ['rewardScale', { rewardScale: 0 }],
    ['temperature', { temperature: { kind: 'fixed', alpha: 0 } }],
    ['temperature', { temperature: { kind: 'fixed', alpha: -1 } }],
    ['temperature', { temperature: { kind: 'annealed', from: 0.1, to: 0, steps: 10 } }],
    ['temperature', { temperature: { kind: 'annealed', from: 0.1, to: 0.01, steps: 0 } }],
    ['value', { value: { kind: 'uniform', samples: 0, shared: false } }],
    ['value', { value: { kind: 'sampler', samples: 1, uniformShare: 0.5 } }],
    ['value', { value: { kind: 'gaussian', samples: 10, uniformShare: 0 } }],
    ['particles', { particles: { kind: 'disjoint', fixed: 0, updated: 8 } }],
    ['particles', { particles: { kind: 'disjoint', fixed: 8, updated: 0 } }],
    ['particles', { particles: { kind: 'same', count: 0 } }],
    ['form', { form: 'squashed' }],
    ['bandwidth', { bandwidth: { kind: 'fixed', value: 0 } }],
    ['bandwidth', { bandwidth: { kind: 'median', floor: 0 } }],
    ['latentSize', { latentSize: 0 }],
    ['latents', { latents: { kind: 'set', size: 0, steps: 10 } }],
    ['target', { target: { kind: 'hard', interval: 0 } }],
    ['exploration', { exploration: { kind: 'ornsteinUhlenbeck', theta: 1.5, sigma: 0.3 } }],
    ['candidates', { candidates: 0 }],
    ['diagnosticsEvery', { diagnosticsEvery: -1 }],
    ['policyGroups', { policyGroups: [] }],
    ['criticGroups', { criticGroups: [1] }],
  ])('refuses an illegal %s and names it: %j', (field, partial) => {
    expect(() => resolveSqlConfig(partial as Partial<SqlConfig>)).toThrow(
      new RegExp(`^resolveSqlConfig: ${field}`),
    )
  })

  it.each<[string, (value: number) => Partial<SqlConfig>]>([
    ['temperature.alpha', (alpha) => ({ temperature: { kind: 'fixed', alpha } })],
    ['temperature.from', (from) => ({ temperature: { kind: 'annealed', from, to: 1, steps: 5 } })],
    ['temperature.to', (to) => ({ temperature: { kind: 'annealed', from: 1, to, steps: 5 } })],
    ['rewardScale', (rewardScale) => ({ rewardScale })],
    ['bandwidth.value', (value) => ({ bandwidth: { kind: 'fixed', value } })],
    ['bandwidth.floor', (floor) => ({ bandwidth: { kind: 'median', floor } })],
  ])('refuses a %s whose square float32 has not, or that of its inverse', (field, configOf) => {
    for (const value of [0, 1e-50, 1e-19, 1e19, 1e39, Infinity])
      expect(() => resolveSqlConfig(configOf(value))).toThrow(
        new RangeError(`resolveSqlConfig: ${field} must be in [1e-18, 1e+18], got ${value}`),
      )
    for (const value of [1e-18, 0.1, 1e18])
      expect(resolveSqlConfig(configOf(value))).toEqual({ ...sqlDefaults, ...configOf(value) })
  })

  it('refuses learning rates that float32 has not', () => {
    for (const policyLearningRate of [1e-50, 1e39])
      expect(() => resolveSqlConfig({ policyLearningRate })).toThrow(
        `resolveSqlConfig: policyLearningRate must be in [1e-37, 1e+38], got ${policyLearningRate}`,
      )
  })

  it('refuses an unknown field and names the nearest', () => {
    expect(() => resolveSqlConfig({ batchsize: 64 } as Partial<SqlConfig>)).toThrow(/batchsize.*batchSize/)
  })

  it('has a line of description for every field', () => {
    for (const [field, rule] of Object.entries(sqlSchema.shape)) {
      expect((rule as { description?: string }).description, field).toBeTypeOf('string')
    }
  })

  it('refuses the released form at another temperature than 1, which it does not know', () => {
    expect(() => resolveSqlConfig({ form: 'released' })).toThrow(
      'resolveSqlConfig: temperature must be { kind: \'fixed\', alpha: 1 } where form is \'released\', got {"kind":"fixed","alpha":0.1}; ' +
        'scale rewards by 1 / alpha instead',
    )
    const temperature = { kind: 'annealed', from: 1, to: 1, steps: 1 } as const
    expect(() => resolveSqlConfig({ form: 'released', temperature })).toThrow('temperature must be')
    expect(() =>
      resolveSqlConfig({ form: 'released', temperature: { kind: 'fixed', alpha: 1 } }),
    ).not.toThrow()
  })

  it('refuses proposals near a sampler whose actions may lie outside of the box', () => {
    const value = { kind: 'gaussian', samples: 10, uniformShare: 0.5 } as const
    expect(() => resolveSqlConfig({ form: 'unsquashed', value })).toThrow(
      "resolveSqlConfig: value.kind must be 'uniform' where form is 'unsquashed', got 'gaussian'",
    )
  })

  it('refuses the released bandwidth, h = m / log M, of one particle', () => {
    const particles = { kind: 'disjoint', fixed: 1, updated: 8 } as const
    expect(() => resolveSqlConfig({ particles, bandwidth: { kind: 'released' } })).toThrow(
      'resolveSqlConfig: particles must have at least 2 to take the score at for the released bandwidth',
    )
    expect(() =>
      resolveSqlConfig({ particles, form: 'released', temperature: { kind: 'fixed', alpha: 1 } }),
    ).toThrow("or bandwidth { kind: 'median' }")
    expect(() => resolveSqlConfig({ particles })).not.toThrow()
  })
})

describe('particleCounts', () => {
  it('counts those of one set once', () => {
    expect(particleCounts({ kind: 'same', count: 5 })).toEqual({ fixed: 5, updated: 5, drawn: 5 })
    expect(particleCounts({ kind: 'disjoint', fixed: 3, updated: 4 })).toEqual({
      fixed: 3,
      updated: 4,
      drawn: 7,
    })
  })
})
