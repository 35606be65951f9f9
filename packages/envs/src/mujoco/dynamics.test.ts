import { afterEach, expect, it } from 'vitest'
import type { EnvSpec } from '@maxent/core/contracts'
import { uniform } from '@maxent/core/keys'
import { createEnv } from '../episodes.ts'
import { halfCheetahRun, hopperRun } from '../tasks/gymnasium.ts'
import { composeDynamics } from './dynamics.ts'
import { liveHandles } from './module.ts'
import type { Body } from './model.ts'
import { element } from './xml.ts'

/** A block on a rail that feels its joint, and apart from it where its body lies, which MuJoCo derives from the joint. */
const block: Body = {
  name: 'block',
  source: 'this test',
  timing: { timestep: 0.02, frameSkip: 2 },
  action: { low: [-1], high: [1] },
  surface: { friction: [1, 0.1, 0.1] },
  forward: ({ qpos }) => qpos[0],
  fragment: {
    worldbody: [
      element('body', { name: 'block', pos: [0, 0, 1] }, [
        element('joint', { name: 'rail', type: 'slide', axis: [1, 0, 0] }),
        element('geom', { type: 'box', size: [0.1, 0.1, 0.1] }),
      ]),
    ],
    actuator: [element('motor', { joint: 'rail', gear: 50 })],
  },
  proprioception: {
    joint: { size: 2, write: ({ qpos, qvel }, out) => out.set([qpos[0], qvel[0]]) },
    place: {
      size: 3,
      write: ({ native }, out) => out.set((native.data.xpos as Float64Array).subarray(3, 6)),
    },
  },
  start: ({ qpos }, key) => {
    qpos[0] = uniform(key, 1)[0]
  },
}
const spec: EnvSpec = { id: 'block', observation: { joint: 2, place: 3 }, action: block.action }

afterEach(() => expect(liveHandles()).toBe(0))

it('any body runs the task, and its groups are current at the start and after each step', async () => {
  const env = createEnv(spec, await composeDynamics(block, halfCheetahRun))
  const { joint, place } = env.reset({ seed: 4 }).observation
  expect(joint[0]).toBeGreaterThan(0)
  expect([...place]).toEqual([joint[0], 0, 1])
  const before = joint[0]
  const { reward, info } = env.step(Float32Array.of(1))
  expect(joint[0]).toBeGreaterThan(before)
  expect(reward).toBeCloseTo((joint[0] - before) / 0.04 - 0.1, 4)
  expect(info.xPosition).toBeCloseTo(joint[0], 6)
  env.close()
})

it('a snapshot brings back the observations that derive from the state', async () => {
  const env = createEnv(spec, await composeDynamics(block, halfCheetahRun))
  const { joint, place } = env.reset({ seed: 4 }).observation
  env.step(Float32Array.of(1))
  const snapshot = env.snapshot()
  const seen = [...joint, ...place]
  env.step(Float32Array.of(-1))
  env.reset()
  env.restore(snapshot)
  expect([...joint, ...place]).toEqual(seen)
  env.close()
})

it('refuses a body that cannot do what the task demands, and leaves no handle behind', async () => {
  await expect(composeDynamics(block, hopperRun)).rejects.toThrow(
    new RangeError('run-forward: body must have "healthy", got "block" without, take another body'),
  )
})
