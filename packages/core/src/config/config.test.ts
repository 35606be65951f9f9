import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { describeConfig } from './describe.ts'
import { positiveSchema } from './positive.ts'
import { resolveConfig, type ConfigRules } from './resolve.ts'
import { ruleOf } from './rule.ts'
import { parseSettings } from './settings.ts'

interface Config {
  readonly gamma: number
  readonly batchSize: number
  readonly activation: 'relu' | 'tanh'
  readonly clip?: number
  readonly layers: readonly number[]
  readonly range: readonly [number, number]
  readonly replay: { readonly capacity: number; readonly warmup: number; readonly exact: boolean }
  readonly entropy:
    | { readonly kind: 'fixed'; readonly alpha: number }
    | { readonly kind: 'learned'; readonly initialAlpha: number; readonly targetEntropy?: number }
}

const defaults: Config = {
  gamma: 0.99,
  batchSize: 256,
  activation: 'relu',
  layers: [256, 256],
  range: [-20, 2],
  replay: { capacity: 1000, warmup: 10, exact: false },
  entropy: { kind: 'learned', initialAlpha: 1 },
}

const count = z.int().min(1)
const schema = z
  .strictObject({
    gamma: z.number().min(0).lt(1).describe('discount factor'),
    batchSize: count.describe('transitions per step'),
    activation: z.enum(['relu', 'tanh']).describe('between layers'),
    clip: z.number().positive().describe('largest norm').optional(),
    layers: z.array(count).describe('units'),
    range: z.tuple([z.number(), z.number()]).refine(([low, high]) => low < high, 'low < high'),
    replay: z.strictObject({ capacity: count.max(1e6), warmup: z.int(), exact: z.boolean() }),
    entropy: z
      .discriminatedUnion('kind', [
        z.strictObject({ kind: z.literal('fixed'), alpha: z.number().min(0) }),
        z.strictObject({
          kind: z.literal('learned'),
          initialAlpha: z.number().positive(),
          targetEntropy: z.number().optional(),
        }),
      ])
      .describe('weight of the entropy'),
  })
  .refine((c) => c.batchSize <= c.replay.capacity, {
    message: 'batchSize <= replay.capacity',
    path: ['batchSize'],
  })

const rules: ConfigRules<Config> = { caller: 'resolveTestConfig', schema, defaults }

/** Any record, as a caller without types may pass it. */
const resolve = (partial: unknown): Config => resolveConfig(rules, partial as Partial<Config>)

describe('resolveConfig', () => {
  it('completes a partial config with the defaults', () => {
    expect(resolve({})).toEqual(defaults)
    expect(resolve({ gamma: 0.5, replay: { warmup: 0 } })).toEqual({
      ...defaults,
      gamma: 0.5,
      replay: { capacity: 1000, warmup: 0, exact: false },
    })
  })

  it('lets zero, false and empty lists stand, and takes undefined for absent', () => {
    const config = resolve({
      gamma: 0,
      layers: [],
      replay: { warmup: 0, exact: false },
      batchSize: undefined,
    })
    expect(config).toMatchObject({
      gamma: 0,
      layers: [],
      replay: { warmup: 0, exact: false },
      batchSize: 256,
    })
    expect(Object.keys(resolve({ clip: undefined }))).not.toContain('clip')
  })

  it('replaces one alternative by another as a whole, and completes the default one', () => {
    expect(resolve({ entropy: { kind: 'fixed', alpha: 0 } }).entropy).toEqual({ kind: 'fixed', alpha: 0 })
    expect(resolve({ entropy: { kind: 'learned', targetEntropy: -3 } }).entropy).toEqual({
      kind: 'learned',
      initialAlpha: 1,
      targetEntropy: -3,
    })
    expect(resolve({ entropy: { initialAlpha: 2 } }).entropy).toEqual({ kind: 'learned', initialAlpha: 2 })
  })

  it('gives a copy that is frozen to the bottom and leaves its arguments alone', () => {
    const layers = [8]
    const config = resolve({ layers })
    expect(Object.isFrozen(config) && Object.isFrozen(config.layers) && Object.isFrozen(config.replay)).toBe(
      true,
    )
    expect(Object.isFrozen(layers) || Object.isFrozen(defaults.replay)).toBe(false)
    expect(config.layers).not.toBe(layers)
  })

  it('works with defaults that the schema holds', () => {
    const own = z.strictObject({
      rate: z.number().default(0.1),
      inner: z.strictObject({ n: count.default(3) }).prefault({}),
    })
    expect(resolveConfig({ caller: 'f', schema: own }, {})).toEqual({ rate: 0.1, inner: { n: 3 } })
    expect(describeConfig(own)).toEqual([
      { name: 'rate', rule: 'a finite number', doc: '', default: 0.1, optional: false },
      { name: 'inner.n', rule: 'an integer of at least 1', doc: '', default: 3, optional: false },
    ])
  })

  it.each<[unknown, string]>([
    [{ gamma: 1.5 }, 'gamma must be in [0, 1), got 1.5'],
    [{ gamma: NaN }, 'gamma must be in [0, 1), got NaN'],
    [{ clip: -1 }, 'clip must be above 0, got -1'],
    [{ clip: Infinity }, 'clip must be finite and above 0, got Infinity'],
    [{ clip: -Infinity }, 'clip must be finite and above 0, got -Infinity'],
    [{ gamma: Infinity }, 'gamma must be in [0, 1), got Infinity'],
    [{ batchSize: Infinity }, 'batchSize must be an integer of at least 1, got Infinity'],
    [{ batchSize: 2.5 }, 'batchSize must be an integer of at least 1, got 2.5'],
    [{ batchSize: 2000 }, 'batchSize must satisfy batchSize <= replay.capacity, got 2000'],
    [{ activation: 'tahn' }, "activation must be one of 'relu', 'tanh', got 'tahn'"],
    [{ layers: [8, 0] }, 'layers[1] must be an integer of at least 1, got 0'],
    [{ range: [2, 1] }, 'range must satisfy low < high, got [2,1]'],
    [{ range: [2] }, 'range must be a list [a finite number, a finite number] with low < high, got [2]'],
    [{ replay: { capacity: 0 } }, 'replay.capacity must be an integer in [1, 1000000], got 0'],
    [{ entropy: { kind: 'auto' } }, "entropy.kind must be one of 'fixed', 'learned', got 'auto'"],
    [{ batchsize: 1 }, "batchsize must be a known field, got 1, did you mean 'batchSize'?"],
    [{ replay: { capcity: 5 } }, "replay.capcity must be a known field, got 5, did you mean 'capacity'?"],
    [
      { entropy: { kind: 'learned', initialAlpha: 1, target: 2 } },
      'entropy.target must be a known field, got 2, known are kind, initialAlpha, targetEntropy',
    ],
    [
      { entropy: { kind: 'learned', alpha: 0.2 } },
      "entropy.alpha must be a known field, got 0.2, which belongs to kind 'fixed'",
    ],
  ])('refuses %j with a RangeError', (partial, message) => {
    expect(() => resolve(partial)).toThrow(new RangeError(`resolveTestConfig: ${message}`))
  })

  it.each<[unknown, string]>([
    [{ gamma: '0.9' }, "gamma must be in [0, 1), got '0.9'"],
    [{ gamma: null }, 'gamma must be in [0, 1), got null'],
    [{ layers: 5 }, 'layers must be a list, each entry an integer of at least 1, got 5'],
    [{ replay: { exact: 1 } }, 'replay.exact must be true or false, got 1'],
    [{ replay: 3 }, 'replay must be a record of capacity, warmup, exact, got 3'],
    [{ entropy: 'fixed' }, "entropy must be a record whose kind is one of 'fixed', 'learned', got 'fixed'"],
    [{ entropy: { kind: 'fixed' } }, 'entropy.alpha must be at least 0, got nothing'],
    [5, 'config must be a record, got 5'],
    [[1], 'config must be a record, got [1]'],
    [null, 'config must be a record, got null'],
  ])('refuses %j with a TypeError', (partial, message) => {
    expect(() => resolve(partial)).toThrow(new TypeError(`resolveTestConfig: ${message}`))
  })
})

describe('ruleOf', () => {
  it.each<[z.ZodType, string]>([
    [z.number(), 'a finite number'],
    [z.number().lte(3), 'at most 3'],
    [z.number().lt(3), 'below 3'],
    [z.number().gt(0).lte(1), 'in (0, 1]'],
    [z.number().min(1e-18).max(1e18), 'in [1e-18, 1e+18]'],
    [z.number().min(-1e6).max(1.5e15), 'in [-1000000, 1.5e+15]'],
    [z.int(), 'an integer'],
    [z.number().int().positive(), 'an integer above 0'],
    [z.string(), 'a string'],
    [z.string().min(1), 'a non-empty string'],
    [z.boolean(), 'true or false'],
    [z.literal('x'), "'x'"],
    [z.array(z.string()).min(1), 'a non-empty list, each entry a string'],
    [z.union([z.number().positive(), z.literal('auto')]), "above 0 or 'auto'"],
    [z.record(z.string(), z.number()), 'a record with every value a finite number'],
    [z.number().nullable().optional().readonly(), 'a finite number'],
    [z.unknown(), 'a value'],
  ])('says a rule as words after "must be" (%#)', (rule, words) => {
    expect(ruleOf(rule)).toBe(words)
  })
})

describe('positiveSchema', () => {
  const own = z.strictObject({ rate: positiveSchema })
  const rateOf = (rate: number): unknown => resolveConfig({ caller: 'f', schema: own }, { rate })

  it('takes what float32 has as a positive number, unchanged', () => {
    for (const rate of [1e-37, 3e-4, 1, 1e38]) expect(rateOf(rate)).toEqual({ rate })
  })

  it.each([0, -1, 1e-50, 1e39, Infinity, NaN])('refuses %d, and names the range', (rate) => {
    expect(() => rateOf(rate)).toThrow(new RangeError(`f: rate must be in [1e-37, 1e+38], got ${rate}`))
  })
})

describe('describeConfig', () => {
  it('lists every field with rule, meaning and default, alternatives one after another', () => {
    const fields = describeConfig(schema, defaults)
    expect(fields.map(({ name }) => name)).toEqual([
      'gamma',
      'batchSize',
      'activation',
      'clip',
      'layers',
      'range',
      'replay.capacity',
      'replay.warmup',
      'replay.exact',
      'entropy.kind',
      'entropy.alpha',
      'entropy.initialAlpha',
      'entropy.targetEntropy',
    ])
    const named = (name: string): unknown => fields.find((field) => field.name === name)
    expect(named('gamma')).toEqual({
      name: 'gamma',
      rule: 'in [0, 1)',
      doc: 'discount factor',
      default: 0.99,
      optional: false,
    })
    expect(named('clip')).toEqual({ name: 'clip', rule: 'above 0', doc: 'largest norm', optional: true })
    expect(named('entropy.kind')).toMatchObject({ default: 'learned', doc: 'weight of the entropy' })
    expect(named('entropy.alpha')).toEqual({
      name: 'entropy.alpha',
      rule: 'at least 0',
      doc: '',
      optional: false,
      when: "entropy.kind = 'fixed'",
    })
    expect(named('entropy.initialAlpha')).toMatchObject({ default: 1, when: "entropy.kind = 'learned'" })
  })

  it('is plain JSON', () => {
    const fields = describeConfig(schema, defaults)
    expect(JSON.parse(JSON.stringify(fields))).toEqual(fields)
  })
})

describe('parseSettings', () => {
  const parse = (...settings: string[]): Partial<Config> => parseSettings(rules, settings)

  it('reads every kind of field', () => {
    expect(
      parse(
        'gamma=0.5',
        'batchSize=1e2',
        'activation=tanh',
        'layers=8, 4',
        'range=[-1,1]',
        'replay.exact=true',
      ),
    ).toEqual({
      gamma: 0.5,
      batchSize: 100,
      activation: 'tanh',
      layers: [8, 4],
      range: [-1, 1],
      replay: { exact: true },
    })
    expect(parse('layers=')).toEqual({ layers: [] })
    expect(parse('entropy={"kind":"fixed","alpha":0}')).toEqual({ entropy: { kind: 'fixed', alpha: 0 } })
  })

  it('gives what resolveConfig takes, in any order of tag and fields', () => {
    expect(resolve(parse('entropy.targetEntropy=-2')).entropy).toEqual({
      kind: 'learned',
      initialAlpha: 1,
      targetEntropy: -2,
    })
    for (const settings of [
      ['entropy.kind=fixed', 'entropy.alpha=0.1'],
      ['entropy.alpha=0.1', 'entropy.kind=fixed'],
    ]) {
      expect(resolve(parse(...settings)).entropy).toEqual({ kind: 'fixed', alpha: 0.1 })
    }
  })

  it('lets the last of equal settings win', () => {
    expect(parse('gamma=0.1', 'gamma=0.2')).toEqual({ gamma: 0.2 })
  })

  it('reads unions by the first alternative that fits', () => {
    const union = z.strictObject({ target: z.union([z.number(), z.literal('auto')]) })
    const read = (setting: string): unknown => parseSettings({ caller: 'f', schema: union }, [setting])
    expect([read('target=-3'), read('target=auto')]).toEqual([{ target: -3 }, { target: 'auto' }])
  })

  it('leaves illegal values of the right type to resolveConfig', () => {
    expect(() => resolve(parse('gamma=2'))).toThrow('resolveTestConfig: gamma must be in [0, 1), got 2')
  })

  it.each([
    ['gama=1', "gama must be a known field, got '1', did you mean 'gamma'?"],
    ['replay.size=1', "replay.size must be a known field, got '1', known are capacity, warmup, exact"],
    ['gamma.x=1', "gamma.x must be a known field, got '1'"],
    ['gamma', "a setting must be field=value, got 'gamma'"],
    ['=3', "a setting must be field=value, got '=3'"],
    ['gamma=high', "gamma must be in [0, 1), got 'high'"],
    ['layers=8,x', "layers must be a list, each entry an integer of at least 1, got '8,x'"],
    ['replay.exact=yes', "replay.exact must be true or false, got 'yes'"],
    ['entropy={', "entropy must be a record whose kind is one of 'fixed', 'learned', got '{'"],
  ])('refuses %s', (setting, message) => {
    expect(() => parse(setting)).toThrow(`resolveTestConfig: ${message}`)
  })
})
