import { envId, makeEnv } from '@maxent/envs'
import { describe, expect, it } from 'vitest'
import type { TrainArm } from '../suite.ts'
import { atMostUpdates, idle, preset, reduced, smokeOnHopper, tasks, watched } from './tasks.ts'

const [hopper, , cheetah] = tasks
const arm = (given: Partial<TrainArm> = {}): TrainArm => ({
  kind: 'train',
  id: 'an-arm',
  label: 'an arm',
  algorithm: 'sac',
  env: hopper.env,
  config: {},
  train: {},
  ...given,
})

it('has the tasks of table C.2, with as many actions as their environments take', async () => {
  expect(tasks.map(({ name, rewardScale }) => [name, rewardScale])).toEqual([
    ['hopper', 5],
    ['walker2d', 5],
    ['half-cheetah', 5],
    ['ant', 5],
    ['humanoid', 20],
    ['humanoid-rllab', 10],
  ])
  for (const { env, actionDimensions } of tasks) {
    const made = await makeEnv(envId(env))
    expect(made.spec.action.low.length, env).toBe(actionDimensions)
    made.close()
  }
})

it('evaluates every 1,000 steps, and logs a thousand times at most', () => {
  expect(watched(40_000)).toMatchObject({ steps: 40_000, evaluateEvery: 1_000, evaluateEpisodes: 1 })
  expect(watched(10_000_000)).toMatchObject({ evaluateEvery: 1_000, logEvery: 10_000 })
})

describe('a reduced scale', () => {
  const change = reduced({
    tasks: ['hopper'],
    steps: 5_000,
    config: { hidden: [8, 8] },
    configOf: { ppo: {} },
  })

  it('keeps its tasks alone, and what nothing is learned for on them', () => {
    expect(change(arm({ env: cheetah.env }))).toBeUndefined()
    expect(idle(cheetah).map(change)).toEqual([undefined, undefined])
    expect(idle(hopper).map(change)).toEqual(idle(hopper))
  })

  it('has its networks over those of the arm, but where an algorithm has its own, and begins to learn when the arm does', () => {
    const given = {
      config: { hidden: [256, 256], rewardScale: 5 },
      train: { warmupSteps: 9, updatesPerStep: 2 },
    }
    expect(change(arm(given))).toMatchObject({
      config: { hidden: [8, 8], rewardScale: 5 },
      train: { steps: 5_000, warmupSteps: 9, updatesPerStep: 2, replayCapacity: 10_000 },
    })
    expect(change(arm({ ...given, algorithm: 'ppo' }))).toMatchObject({ config: { hidden: [256, 256] } })
  })
})

describe('fewer updates a step', () => {
  it('leaves as many environment steps between two copies of the targets', () => {
    const hard = arm(preset('D.2-hard/hopper'))
    expect(hard).toMatchObject({ config: { target: { interval: 1_000 } }, train: { updatesPerStep: 4 } })
    expect(atMostUpdates(hard, 2)).toMatchObject({
      config: { target: { kind: 'hard', interval: 500 } },
      train: { updatesPerStep: 2 },
    })
  })

  it('changes nothing where there are no more, or targets are averages', () => {
    for (const given of [preset('D.2-hard/humanoid'), preset('4.1/hopper')]) {
      const one = arm(given)
      expect(atMostUpdates(one, 1)).toBe(one)
    }
    const four = arm(preset('D.2-hard/hopper'))
    expect(atMostUpdates(four, 4)).toBe(four)
    const [uniform] = idle(hopper)
    expect(atMostUpdates(uniform, 1)).toBe(uniform)
  })
})

describe('the smoke profile', () => {
  const { change = (one) => one } = smokeOnHopper(({ id }) => id !== 'left-out')

  it('has Hopper alone, and no arm that is left out', () => {
    expect(change(arm())).toMatchObject({ config: { hidden: [16, 16] }, train: { steps: 400 } })
    expect(change(arm({ env: cheetah.env }))).toBeUndefined()
    expect(change(arm({ id: 'left-out' }))).toBeUndefined()
  })

  it('searches with one seed, and lets PPO end a rollout within the run', () => {
    expect(change(arm({ seeds: [101, 102] }))?.seeds).toEqual([101])
    expect(change(arm({ algorithm: 'ppo' }))).toMatchObject({ config: { length: 25 } })
  })
})
