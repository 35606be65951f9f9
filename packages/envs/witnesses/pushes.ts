import type { Env } from '@maxent/core/contracts'
import type { PlacedState } from './witness.ts'

/** Puts positions of a started environment, the time comes before them, and gives the information of a step without action. */
function stepWith(env: Env, from: number, positions: readonly number[]): ReturnType<Env['step']>['info'] {
  const snapshot = env.snapshot()
  const physics = snapshot.physics.slice()
  physics.set(positions, 1 + from)
  env.restore({ ...snapshot, physics })
  return env.step(new Float32Array(env.spec.action.low.length)).info
}

/** The object's slides come behind the seven joints; the goal is where they are 0, 0.048 m below the object's middle. */
const objectAway: PlacedState = {
  ids: ['pusher'],
  claim: "the object's middle is within 0.08 m of the goal, the radius of its disc",
  reason:
    'its 8 mg press so little on a fork that they give way at 0.05 m/s, and 5 s are short: a controller came to 24 of 40',
  succeeds: (env) => stepWith(env, 7, [0, 0.05]).rewardDistance > -Math.hypot(0.08, 0.048),
  fails: (env) => stepWith(env, 7, [0, 0.12]).rewardDistance > -Math.hypot(0.08, 0.048),
}

/** A thing that is put where an arm should push it, and beside that. */
export const pushedToGoal: readonly PlacedState[] = [objectAway]
