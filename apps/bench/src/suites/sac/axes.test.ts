import { expect, it } from 'vitest'
import { axisArmId, axisArmIds, axisRoles } from './axes.ts'

const scale = { id: 'scale', role: 'reward scale', values: [0.5, 5] }
const tau = { id: 'tau', role: 'tau', values: [0.005] }

it('names arms by task, setting and value, without points', () => {
  expect(axisArmId({ name: 'hopper' }, scale, 0.5)).toBe('hopper-scale-0-5')
  expect(axisArmIds({ name: 'ant' }, scale)).toEqual(['ant-scale-0-5', 'ant-scale-5'])
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
