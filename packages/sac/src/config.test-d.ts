import { describe, expectTypeOf, it } from 'vitest'
import type { TargetConfig } from '@maxent/core'
import type { SacConfig, TemperatureConfig } from './config.ts'
import { resolveSacConfig } from './config.ts'

describe('SacConfig', () => {
  it('resolves to every field', () => {
    expectTypeOf(resolveSacConfig({ gamma: 0.9 })).toEqualTypeOf<SacConfig>()
    expectTypeOf<SacConfig['batchSize']>().toEqualTypeOf<number>()
  })

  it('narrows its alternatives by their kind', () => {
    expectTypeOf<TemperatureConfig['kind']>().toEqualTypeOf<'fixed' | 'learned'>()
    expectTypeOf<Extract<TemperatureConfig, { kind: 'fixed' }>['alpha']>().toEqualTypeOf<number>()
    expectTypeOf<TargetConfig['kind']>().toEqualTypeOf<'soft' | 'hard'>()
    expectTypeOf<Extract<TargetConfig, { kind: 'hard' }>['interval']>().toEqualTypeOf<number>()
  })

  it('refuses unknown fields, unknown kinds and assignment', () => {
    // @ts-expect-error a misspelt field
    resolveSacConfig({ batchsize: 64 })
    // @ts-expect-error a kind that does not exist
    resolveSacConfig({ temperature: { kind: 'automatic' } })
    // @ts-expect-error the alpha of a fixed temperature is required
    resolveSacConfig({ temperature: { kind: 'fixed' } })
    const config = resolveSacConfig()
    // @ts-expect-error a resolved config is readonly
    config.gamma = 1
  })
})
