import { expect, it } from 'vitest'
import { atAxesScale, axesScaleOn, axisArmId, axisArmIds, axisRoles } from './axes.ts'
import { preset, tasks } from './tasks.ts'

const scale = { id: 'scale', role: 'reward scale', values: [0.5, 5] }
const tau = { id: 'tau', role: 'tau', values: [0.005] }

it('names arms by task, setting and value, without points', () => {
  expect(axisArmId({ name: 'hopper' }, scale, 0.5)).toBe('hopper-scale-0-5')
  expect(axisArmIds({ name: 'ant' }, scale)).toEqual(['ant-scale-0-5', 'ant-scale-5'])
})

it('has the arm of another axis for a value that both share', () => {
  const shared = { ...tau, values: [0.005, 0.16], shared: { 0.005: 'scale-5' } }
  expect(axisArmIds({ name: 'ant' }, shared)).toEqual(['ant-scale-5', 'ant-tau-0-16'])
})

it('has a scale that is what its words say', () => {
  const [{ env }] = tasks
  const arm = {
    kind: 'train',
    id: 'an-arm',
    label: 'an arm',
    algorithm: 'sac',
    env,
    ...preset('4.1/hopper'),
  } as const
  expect(atAxesScale({ tasks: ['hopper'] })(arm)).toMatchObject({
    config: { hidden: [128, 128], batchSize: 128 },
    train: { steps: 100_000, evaluateEvery: 2_000 },
  })
  expect(axesScaleOn('Hopper')).toBe('128x128 networks, batch 128, Hopper, 100,000 steps')
})

it('has both settings in their roles, and random actions in the place of the first in the control', () => {
  const { roles, control } = axisRoles([{ name: 'ant' }], [tau, scale])
  const shared = {
    'ant/reward scale': ['ant-scale-0-5', 'ant-scale-5'],
    'ant/random': ['ant-random'],
    'ant/still': ['ant-still'],
  }
  expect(roles).toEqual({ ...shared, 'ant/tau': ['ant-tau-0-005'] })
  expect(control).toEqual({ ...shared, 'ant/tau': ['ant-random'] })
})
