import type { Env } from '@maxent/core/contracts'
import type { PlacedState } from './witness.ts'

/** x, y and z in the physics of a snapshot: a free root comes first, after the time. */
const PLACE = 1

/** Puts a body on a free root somewhere at its height, as its episode began, and lets a step pass. */
function successAt(env: Env, x: number, y: number): boolean {
  const snapshot = env.snapshot()
  const physics = snapshot.physics.slice()
  physics.set([x, y], PLACE)
  env.restore({ ...snapshot, physics })
  return env.step(new Float32Array(env.spec.action.low.length)).info.success === 1
}

/** Where the target is; what the task remembers ends with it. */
const target = (env: Env): readonly number[] => [...env.snapshot().task.slice(-2)]

export const standAtTarget: PlacedState = {
  ids: ['humanoid-target'],
  claim: 'the body is within 1 m of the target',
  reason: 'no small controller walks a humanoid',
  succeeds: (env) => {
    const [x, y] = target(env)
    return successAt(env, x + 0.5, y)
  },
  fails: (env) => {
    const [x, y] = target(env)
    return successAt(env, x + 1.5, y)
  },
}

export const standBeyondGap: PlacedState = {
  ids: ['walking-ant-gap'],
  claim: 'the body is at the end of the corridor',
  reason: 'no small controller makes an ant jump',
  succeeds: (env) => successAt(env, 12.1, 0),
  fails: (env) => successAt(env, 10, 0),
}
