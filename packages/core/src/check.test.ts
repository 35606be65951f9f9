import { describe, expect, it } from 'vitest'
import { checkFinite, checkInteger, checkShapes, describeValue, didYouMean, nearestName } from './check.ts'

const shaped = (...shape: number[]): { shape: number[] } => ({ shape })

describe('checkShapes', () => {
  it('gives the size of every letter', () => {
    const shapes = { reward: ['B'], nextQ: ['K', 'B'], action: ['B', 6], alpha: [] }
    const args = { reward: shaped(256), nextQ: shaped(2, 256), action: shaped(256, 6), alpha: shaped() }
    expect(checkShapes('softTarget', shapes, args)).toEqual({ B: 256, K: 2 })
  })

  it('takes zero for a size', () => {
    expect(checkShapes('f', { x: ['B', 'B'] }, { x: shaped(0, 0) })).toEqual({ B: 0 })
    expect(() => checkShapes('f', { x: ['B'], y: ['B'] }, { x: shaped(0), y: shaped(1) })).toThrow(RangeError)
  })

  it('names the argument, the shape wanted and the letters bound so far', () => {
    const args = { reward: shaped(256), nextQ: shaped(2, 128) }
    expect(() => checkShapes('softTarget', { reward: ['B'], nextQ: ['K', 'B'] }, args)).toThrow(
      new RangeError('softTarget: nextQ must have shape [K, B] with B=256, got [2, 128]'),
    )
    expect(() => checkShapes('f', { x: ['B', 6] }, { x: shaped(5) })).toThrow(
      new RangeError('f: x must have shape [B, 6], got [5]'),
    )
    expect(() => checkShapes('f', { x: ['N', 'N'] }, { x: shaped(2, 3) })).toThrow(
      'f: x must have shape [N, N], got [2, 3]',
    )
  })

  it('names an argument that is missing', () => {
    const args = {} as { x: { shape: number[] } }
    expect(() => checkShapes('f', { x: ['B'] }, args)).toThrow(
      new TypeError('f: x must have shape [B], got undefined'),
    )
  })
})

describe('checkInteger', () => {
  const check = (value: unknown): void => {
    checkInteger({ caller: 'f', name: 'n', value: value as number, min: 1, max: 3 })
  }

  it('lets integers in the range pass', () => {
    ;[1, 2, 3].forEach(check)
  })

  it.each([0, 4, 1.5, NaN, -Infinity])('refuses %s', (value) => {
    expect(() => {
      check(value)
    }).toThrow(new RangeError(`f: n must be an integer in [1, 3], got ${value}`))
  })

  it('refuses what is no number with a TypeError', () => {
    expect(() => {
      check('2')
    }).toThrow(new TypeError("f: n must be an integer in [1, 3], got '2'"))
  })
})

describe('checkFinite', () => {
  it('names the first number that is not finite', () => {
    checkFinite('step', 'action', new Float32Array([0, -1e38]))
    expect(() => {
      checkFinite('step', 'action', [0, NaN, Infinity])
    }).toThrow(new RangeError('step: action must be finite, got NaN at index 1'))
  })
})

describe('names', () => {
  const known = ['half-cheetah', 'pendulum', 'gamma', 'batchSize']

  it('are found by their slips', () => {
    expect(nearestName('halfcheetah', known)).toBe('half-cheetah')
    expect(nearestName('Pendulum-v1', known)).toBe('pendulum')
    expect(nearestName('gama', known)).toBe('gamma')
    expect(nearestName('BATCHSIZE', known)).toBe('batchSize')
    expect(didYouMean('gama', known)).toBe(", did you mean 'gamma'?")
  })

  it('are not guessed from afar', () => {
    expect(nearestName('humanoid', known)).toBeUndefined()
    expect(nearestName('x', [])).toBeUndefined()
    expect(didYouMean('zzz', known)).toBe('')
  })
})

describe('describeValue', () => {
  it('tells values of all types apart, shortly', () => {
    expect([1, '1', null, undefined, true, NaN, 10n].map(describeValue)).toEqual([
      '1',
      "'1'",
      'null',
      'undefined',
      'true',
      'NaN',
      '10',
    ])
    expect(describeValue({ a: [1] })).toBe('{"a":[1]}')
    expect(describeValue({ a: [NaN, 1, -Infinity], b: 'NaN' })).toBe('{"a":[NaN,1,-Infinity],"b":"NaN"}')
    expect(describeValue(() => 1)).toBe('a function')
    expect(describeValue(new Float32Array(3))).toBe('a Float32Array')
    expect(describeValue(Object.setPrototypeOf({ a: 1 }, null))).toBe('{"a":1}')
    expect(describeValue(Array.from({ length: 100 }, (_, i) => i))).toHaveLength(80)
  })

  it('does not fail on values without JSON', () => {
    const cycle: Record<string, unknown> = {}
    cycle['self'] = cycle
    expect(describeValue(cycle)).toBe('[object Object]')
    expect(describeValue({ big: 10n })).toBe('[object Object]')
  })
})
