import { describe, expect, it } from 'vitest'
import { newAlgorithmDefaults, resolveNewAlgorithmConfig } from './config.ts'

describe('resolveNewAlgorithmConfig', () => {
  it('fills in the defaults', () => {
    expect(resolveNewAlgorithmConfig({ alpha: 0 })).toEqual({ ...newAlgorithmDefaults, alpha: 0 })
  })

  it('refuses what breaks a rule, by name', () => {
    expect(() => resolveNewAlgorithmConfig({ tau: 0 })).toThrow('resolveNewAlgorithmConfig: tau must be')
    expect(() => resolveNewAlgorithmConfig({ batchSize: 1.5 })).toThrow('batchSize must be')
  })
})
