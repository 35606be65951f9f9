import type { Env } from '@maxent/core/contracts'
import type { PlacedState } from './witness.ts'

/** Positions of a walker before those of its box, in the physics of a snapshot after the time. */
const BEFORE = { ant: 15, quadruped: 23 }
const REASON = 'no small controller makes legs push a box where it should go'

/** Puts the box so far beside a target, and lets a step pass. */
function successBeside(env: Env, before: number, away: number): boolean {
  const snapshot = env.snapshot()
  const physics = snapshot.physics.slice()
  const [x, y] = wanted(env)
  physics.set([x + away, y], 1 + before)
  env.restore({ ...snapshot, physics })
  const { info } = env.step(new Float32Array(env.spec.action.low.length))
  return info.success === 1 || info.moved === 1
}

/** The number of a target comes second in what the tasks remember, first with two targets in a row; places of targets follow. */
function wanted(env: Env): readonly number[] {
  const { task } = env.snapshot()
  const target = env.spec.id.endsWith('box-and-target') ? task[0] : task[1]
  return [...task.subarray(2 + 2 * target, 4 + 2 * target)]
}

const placed = (ids: PlacedState['ids'], before: number, claim: string): PlacedState => ({
  ids,
  claim,
  reason: REASON,
  succeeds: (env) => successBeside(env, before, 0.3),
  fails: (env) => successBeside(env, before, 0.5),
})

/** For each episode in which the box is to be moved; in the others the body is put at the target. */
const boxOrBody: PlacedState = {
  ids: ['walking-ant-box-or-target'],
  claim: 'the box is on the target, or the body has gone to it',
  reason: REASON,
  succeeds: (env) => successBeside(env, env.snapshot().task[0] === 1 ? 0 : BEFORE.ant, 0.3),
  fails: (env) => successBeside(env, env.snapshot().task[0] === 1 ? 0 : BEFORE.ant, 0.6),
}

export const placedBoxes: readonly PlacedState[] = [
  placed(
    ['walking-ant-box', 'walking-ant-box-of-three', 'walking-ant-heavy-box'],
    BEFORE.ant,
    'the box is on the target',
  ),
  placed(['quadruped-box'], BEFORE.quadruped, 'the box is on the target'),
  placed(['walking-ant-box-and-target'], BEFORE.ant, 'the box is on its target'),
  boxOrBody,
]
