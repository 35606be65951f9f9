import { key } from '@maxent/core'
import type { AlgorithmSpec, AnyAlgorithm } from '@maxent/core'
import { makeEnv } from '@maxent/envs'
import type { HostTensor } from '@maxent/jit'
import { createAgent, startFrom } from '@maxent/train'
import { describe, expect, it } from 'vitest'
import * as baselines from './index.ts'
import {
  ddpg,
  ddpgPaper,
  naf,
  ppo,
  resolveDdpgConfig,
  resolveNafConfig,
  resolvePpoConfig,
  resolveTd3Config,
  resolveTrustPclConfig,
  td3,
  trustPcl,
} from './index.ts'

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
    [
      'ddpg',
      () => resolveDdpgConfig({ actionLayer: 3 }),
      'resolveDdpgConfig: actionLayer must be at most 2, the hidden layers of hidden = [256, 256], got 3',
    ],
    [
      'ddpg',
      () => resolveDdpgConfig({ actionLayer: 0 }),
      'actionLayer must be an integer of at least 1, got 0',
    ],
    ['ddpg', () => resolveDdpgConfig({ outputBound: -1 }), 'outputBound must be in [1e-37, 1e+38], got -1'],
    [
      'ddpg',
      () => resolveDdpgConfig({ exploration: { kind: 'ornsteinUhlenbeck', theta: 2, sigma: 1 } }),
      'exploration.theta must be in [0, 1], got 2',
    ],
    ['ddpg', () => resolveDdpgConfig({ exploration: { kind: 'pink' } as never }), 'exploration.kind'],
    ['naf', () => resolveNafConfig({ logDiagonalRange: [2, 2] }), 'low < high'],
    [
      'naf',
      () => resolveNafConfig({ logDiagonalRange: [0, 45] }),
      'logDiagonalRange[1] must be at most 40, got 45',
    ],
    ['ppo', () => resolvePpoConfig({ clip: 1 }), 'clip must be'],
    [
      'ppo',
      () => resolvePpoConfig({ environments: 0 }),
      'environments must be an integer of at least 1, got 0',
    ],
    ['trust-pcl', () => resolveTrustPclConfig({ lag: 0 }), 'lag must be'],
    ['trust-pcl', () => resolveTrustPclConfig({ alpha: -1 }), 'alpha must be in [0, 1e+38], got -1'],
    [
      'trust-pcl',
      () => resolveTrustPclConfig({ alpha: 0, lambda: 0 }),
      'resolveTrustPclConfig: alpha + lambda must be above 0 unless divergence is given, got 0, or the policy learns nothing: raise one of them',
    ],
    [
      'trust-pcl',
      () => resolveTrustPclConfig({ divergence: 0.01, lambda: 0 }),
      'resolveTrustPclConfig: lambda must be within lambdaRange = [0.1, 1000] where divergence is given, got 0, start it there',
    ],
    [
      'trust-pcl',
      () => resolveTrustPclConfig({ divergence: 0.01, lambdaRange: [1, 2], lambda: 3 }),
      'lambda must be within lambdaRange = [1, 2] where divergence is given, got 3',
    ],
    [
      'trust-pcl',
      () => resolveTrustPclConfig({ divergence: 0 }),
      'divergence must be in [1e-37, 1e+38], got 0',
    ],
    ['trust-pcl', () => resolveTrustPclConfig({ lambda: 1e39 }), 'lambda must be in [0, 1e+38], got 1e+39'],
    ['td3', () => resolveTd3Config({ policyLearningRate: 1e39 }), 'must be in [1e-37, 1e+38], got 1e+39'],
    ['trust-pcl', () => resolveTrustPclConfig({ episodes: 8 }), 'episodes must be'],
    ['trust-pcl', () => resolveTrustPclConfig({ lambdaRange: [0, 1] }), 'lambdaRange'],
    ['trust-pcl', () => resolveTrustPclConfig({ recency: 1.5 }), 'recency must be in [0, 1], got 1.5'],
  ])('of %s refuse what breaks a rule, by name', (_, resolve, message) => {
    expect(resolve).toThrow(message)
  })

  it('of the presets are configurations', () => {
    const resolved = [
      ...Object.values(baselines.td3Presets).map(({ config }) => resolveTd3Config(config)),
      ...Object.values(baselines.ddpgPresets).map(({ config }) => resolveDdpgConfig(config)),
      ...Object.values(baselines.nafPresets).map(({ config }) => resolveNafConfig(config)),
      ...Object.values(baselines.ppoPresets).map(({ config }) => resolvePpoConfig(config)),
      ...Object.values(baselines.trustPclPresets).map(({ config }) => resolveTrustPclConfig(config)),
    ]
    for (const config of resolved) expect(config.gamma).toBeGreaterThan(0.9)
    expect(resolveTrustPclConfig({ alpha: 0, divergence: 0.01 }).lambda).toBe(0.1)
    expect(resolveTrustPclConfig({ lambda: 0, lambdaRange: [1, 2] }).lambda).toBe(0)
    expect(resolveDdpgConfig(ddpgPaper)).toEqual(ddpgPaper)
    expect(baselines.ddpgPresets['half-cheetah-thesis'].config).toMatchObject({
      critics: 2,
      hidden: [512, 512],
    })
  })
})

describe('presets of fine-tuning', () => {
  it('start from what that of pretraining learns', async () => {
    const small = { hidden: [8], batchSize: 4 }
    const pretraining = await makeEnv('ant-speed')
    const before = ddpg(pretraining.spec, { ...baselines.ddpgPresets['thesis/ant-speed'].config, ...small })
    pretraining.close()
    const agent = await createAgent({ algorithm: before, key: key(1) })
    const state = (await agent.program.getState()) as Readonly<Record<string, HostTensor>>
    await agent.dispose()
    const tuned = Object.entries(baselines.ddpgPresets).filter(([name]) => name.startsWith('fine-tune/'))
    expect(tuned).toHaveLength(3)
    for (const [name, { env: id, config, loop }] of tuned) {
      const env = await makeEnv(id as 'ant-u-maze')
      const groups = config.policyGroups ?? []
      const after = startFrom(ddpg(env.spec, { ...config, ...small }), { algorithm: before, state, groups })
      expect(after.init(key(2)).policy.dataSync(), name).toEqual(state.policy.data)
      expect(loop, name).toEqual({ warmupSteps: 10_000, warmupPolicy: 'own' })
      env.close()
    }
  })
})

describe('specifications', () => {
  const makers: readonly [string, string, (spec: AlgorithmSpec, config?: object) => AnyAlgorithm][] = [
    ['td3', 'policyGroups', td3],
    ['ddpg', 'policyGroups', ddpg],
    ['naf', 'groups', naf],
    ['ppo', 'groups', ppo],
    ['trust-pcl', 'groups', trustPcl],
  ]

  it.each(makers)(
    '%s refuses choices, boxes that are none, and groups that do not exist',
    (id, field, make) => {
      const choices = { low: [0], high: [3], choices: 4 }
      expect(() => make({ ...spec, action: choices })).toThrow(
        'actionScale: actions must come from a box, got 4',
      )
      expect(() => make({ ...spec, action: { low: [0], high: [0] } })).toThrow('low < high')
      expect(() => make({ ...spec, action: { low: [0], high: [Infinity] } })).toThrow('finite')
      expect(() => make(spec, { [field]: ['stat'] })).toThrow(
        `${id}: ${field} must name observation groups (state), got 'stat', did you mean 'state'?`,
      )
    },
  )
})
