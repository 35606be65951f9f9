import type { Env } from '@maxent/core/contracts'
import type { PlacedState } from './witness.ts'

/** Positions of the ant before those of its box, in the physics of a snapshot after the time. */
const BEFORE = 15

/** Puts the box so far beside a target, and lets a step pass. */
function successBeside(env: Env, away: number): boolean {
  const snapshot = env.snapshot()
  const physics = snapshot.physics.slice()
  const [x, y] = wanted(env)
  physics.set([x + away, y], 1 + BEFORE)
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

const placed = (ids: PlacedState['ids'], claim: string, reason: string): PlacedState => ({
  ids,
  claim,
  reason,
  succeeds: (env) => successBeside(env, 0.3),
  fails: (env) => successBeside(env, 0.5),
})

/** The walk that pushes the other boxes of the ant comes short of 0.9 here; uniform actions never succeed. */
export const placedBoxes: readonly PlacedState[] = [
  placed(
    ['walking-ant-heavy-box'],
    'the box is on the target',
    'the walk that pushes other boxes there has done so after 10 s in 59 of 100 episodes',
  ),
  placed(
    ['walking-ant-box-and-target'],
    'the box is on its target',
    'the walk that pushes other boxes has done both after 10 s in 20 of 24 episodes',
  ),
]
