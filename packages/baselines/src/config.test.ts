import { describe, expect, it } from 'vitest'
import { ddpg, ddpgPaper, ddpgThesis, resolveDdpgConfig, resolveTd3Config, td3 } from './index.ts'

const spec = { observation: { state: 2 }, action: { low: [-1], high: [1] } }

describe('configurations', () => {
  it.each([
    [
      'td3',
      () => resolveTd3Config({ policyDelay: 0 }),
      'policyDelay must be an integer of at least 1, got 0',
    ],
    ['td3', () => resolveTd3Config({ tau: 2 }), 'tau must be'],
    ['td3', () => resolveTd3Config({ targetNoise: NaN }), 'targetNoise must be'],
    ['td3', () => resolveTd3Config({ sigma: 1 } as never), 'sigma'],
    ['ddpg', () => resolveDdpgConfig({ gamma: 1.1 }), 'gamma must be in [0, 1], got 1.1'],
    ['ddpg', () => resolveDdpgConfig({ critics: 0 }), 'critics must be an integer of at least 1, got 0'],
    ['ddpg', () => resolveDdpgConfig({ outputBound: -1 }), 'outputBound must be above 0, got -1'],
    [
      'ddpg',
      () => resolveDdpgConfig({ exploration: { kind: 'ornsteinUhlenbeck', theta: 2, sigma: 1 } }),
      'exploration.theta must be in [0, 1], got 2',
    ],
    ['ddpg', () => resolveDdpgConfig({ exploration: { kind: 'pink' } as never }), 'exploration.kind'],
  ])('of %s refuse what breaks a rule, by name', (_, resolve, message) => {
    expect(resolve).toThrow(message)
  })

  it('of the paper and of the thesis are configurations', () => {
    expect(resolveDdpgConfig(ddpgPaper)).toEqual(ddpgPaper)
    expect(resolveDdpgConfig(ddpgThesis)).toMatchObject({ critics: 2, hidden: [512, 512] })
  })
})

describe('specifications', () => {
  it.each([
    ['td3', td3],
    ['ddpg', ddpg],
  ])('%s refuses actions that are no box, and groups that do not exist', (id, make) => {
    // What a discrete space is where only boxes can be said: no bounds, or bounds that hold one value.
    expect(() => make({ ...spec, action: { low: [], high: [] } })).toThrow('actionScale: action bounds must')
    expect(() => make({ ...spec, action: { low: [0], high: [0] } })).toThrow('low < high')
    expect(() => make({ ...spec, action: { low: [0], high: [Infinity] } })).toThrow('finite')
    expect(() => make(spec, { policyGroups: ['stat'] })).toThrow(
      `${id}: policyGroups must name observation groups (state), got 'stat', did you mean 'state'?`,
    )
  })
})
