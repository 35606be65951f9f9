import { resolveConfig } from '@maxent/core'
import { envId } from '@maxent/envs'
import { resolveTrainConfig } from '@maxent/train'
import { describe, expect, it } from 'vitest'
import { algorithms, findPreset } from './algorithms.ts'

const presets = Object.entries(algorithms).flatMap(([algo, { rules, presets = {} }]) =>
  Object.entries(presets).map(([name, preset]) => ({ algo, name, rules, preset })),
)

describe('presets', () => {
  it('name environments that exist, and settings that the algorithm and the loop know', () => {
    expect(presets.length).toBeGreaterThan(0)
    for (const { name, rules, preset } of presets) {
      if (preset.env !== undefined) expect(envId(preset.env), name).toBe(preset.env)
      expect(resolveConfig(rules, preset.config), name).toMatchObject(preset.config)
      expect(resolveTrainConfig(preset.loop), name).toMatchObject(preset.loop)
    }
  })

  it('are found by name, and the nearest is named where there is none', () => {
    expect(findPreset('sac', '4.1/hopper').env).toBe('hopper-v1')
    expect(() => findPreset('sac', '4.1/hoper')).toThrow('did you mean "4.1/hopper"?')
    expect(() => findPreset('ddqg', 'x')).toThrow('did you mean "ddpg"?')
    expect(() => findPreset('sac-discrete', 'x')).toThrow('--preset must be left out for sac-discrete')
  })
})
