import { expect, it } from 'vitest'
import type { Arm, TrainArm } from '../suite.ts'
import { atQuickScale, quickScaleOn } from './quickScale.ts'
import { preset, tasks } from './tasks.ts'

const [{ env }] = tasks
const arm: TrainArm = {
  kind: 'train',
  id: 'an-arm',
  label: 'an arm',
  algorithm: 'sac',
  env,
  ...preset('4.1/hopper'),
}

it('is what its words say, over the settings of the thesis', () => {
  const small = atQuickScale({ tasks: ['hopper'] })(arm) as Extract<Arm, { kind: 'train' }>
  expect(small.config).toMatchObject({
    hidden: [64, 64],
    batchSize: 64,
    policyLearningRate: 0.001,
    criticLearningRate: 0.001,
    rewardScale: 5,
  })
  expect(small.train).toMatchObject({ steps: 50_000, evaluateEvery: 1_000, replayCapacity: 100_000 })
  expect(quickScaleOn('Hopper')).toBe('64x64 networks, batch 64, learning rate 0.001, Hopper, 50,000 steps')
  expect(quickScaleOn('Hopper', 40_000)).toMatch(/40,000 steps$/)
})

it('leaves out other tasks, and lets algorithms keep their own settings', () => {
  expect(atQuickScale({ tasks: ['ant'] })(arm)).toBeUndefined()
  const own = atQuickScale({ tasks: ['hopper'], configOf: { sac: {} } })(arm)
  expect(own).toMatchObject({ config: arm.config, train: { steps: 50_000 } })
})
