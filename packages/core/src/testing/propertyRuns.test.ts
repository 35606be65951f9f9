import { afterEach, describe, expect, it, vi } from 'vitest'
import { propertyRuns } from './propertyRuns.ts'

describe('the number of processes of a property', () => {
  afterEach(() => vi.restoreAllMocks())

  it('is 1,000 unless the environment says more', () => {
    const warn = vi.spyOn(process, 'emitWarning').mockReturnValue()
    expect([undefined, '1000', '20000'].map(propertyRuns)).toEqual([1000, 1000, 20000])
    expect(warn).not.toHaveBeenCalled()
  })

  it('is said where it is less', () => {
    const warn = vi.spyOn(process, 'emitWarning').mockReturnValue()
    expect(propertyRuns('20')).toBe(20)
    expect(warn).toHaveBeenCalledWith(
      'MAXENT_PROPERTY_RUNS: 20 random processes in place of at least 1000, a quick look only',
    )
  })

  it.each(['0', '-5', '1.5', 'many', '', ' ', 'NaN', 'Infinity'])('refuses %j', (setting) => {
    expect(() => propertyRuns(setting)).toThrow(
      `propertyRuns: MAXENT_PROPERTY_RUNS must be a positive integer, got '${setting}', unset it for 1000`,
    )
  })
})
