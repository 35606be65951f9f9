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
  reason: 'no small controller takes a fork of seven joints around an object',
  succeeds: (env) => stepWith(env, 7, [0, 0.05]).rewardDistance > -Math.hypot(0.08, 0.048),
  fails: (env) => stepWith(env, 7, [0, 0.12]).rewardDistance > -Math.hypot(0.08, 0.048),
}

/** Where the puck should be, along the axes that count; elsewhere out of the arm's way. */
function puckOff(env: Env, off: number): boolean {
  const [byX, x, byY, y] = env.snapshot().task.slice(1)
  const place = [byX === 1 ? x + off : 1.6, byY === 1 ? y : 1.6]
  if (byX === 0) place[1] += off
  return stepWith(env, 3, place).success === 1
}

const puckAway: PlacedState = {
  ids: ['planar-pusher-point'],
  claim: 'the puck is within 0.2 m of its point',
  reason: 'one of the three points is at the end of the reach of the arm',
  succeeds: (env) => puckOff(env, 0.15),
  fails: (env) => puckOff(env, 0.25),
}

/** Things that are put where an arm should push them, and beside that. */
export const pushedToGoal: readonly PlacedState[] = [objectAway, puckAway]
