import * as tf from '@tensorflow/tfjs'
import { describe, expect, it } from 'vitest'
import { observationGroups } from './observationGroups.ts'

const spec = { proprio: 2, task: 1 }
const observation = { proprio: tf.tensor2d([[1, 2]]), task: tf.tensor2d([[3]]) }

describe('observationGroups', () => {
  it('joins all groups without names, and what comes with them', () => {
    const groups = observationGroups('test', spec)
    expect(groups.size).toBe(3)
    expect([...groups.join(observation, tf.tensor2d([[4]])).dataSync()]).toEqual([1, 2, 3, 4])
  })

  it('joins the chosen groups in the order of the specification', () => {
    const groups = observationGroups('test', spec, ['task', 'proprio'])
    expect([...groups.join(observation).dataSync()]).toEqual([1, 2, 3])
  })

  it('gives a single group as it is', () => {
    const groups = observationGroups('test', spec, ['task'])
    expect(groups.size).toBe(1)
    expect(groups.join(observation)).toBe(observation.task)
  })

  it('refuses groups that hold nothing', () => {
    expect(() => observationGroups('sac: policyGroups', { empty: 0 })).toThrow(
      'sac: policyGroups must hold at least one number, got none in [empty]',
    )
    expect(() => observationGroups('test', {})).toThrow('test must hold at least one number, got none in []')
  })

  it('refuses a name that is no group and tells the nearest', () => {
    expect(() => observationGroups('sac: policyGroups', spec, ['propio'])).toThrow(
      "sac: policyGroups must name observation groups (proprio, task), got 'propio', did you mean 'proprio'?",
    )
  })
})
