import type { Env } from '@maxent/core/contracts'
import type { EnvId } from '@maxent/envs'
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

/** A velocity of the root, which follows the positions in the physics of a snapshot, and these the time. */
interface Push {
  readonly positions: number
  /** Along x and y, m/s. */
  readonly velocity: readonly [number, number]
}

/** The reward of one step after a push, from where the environment stands; it stands there again afterwards. */
function rewardOf(env: Env, { positions, velocity }: Push): number {
  const before = env.snapshot()
  const physics = before.physics.slice()
  physics.set(velocity, 1 + positions)
  env.restore({ ...before, physics })
  const { reward } = env.step(new Float32Array(env.spec.action.low.length))
  env.restore(before)
  return reward
}

const NO_RUNNER = 'no small controller makes a humanoid run'

/** A humanoid that is pushed forward is paid as one that runs. */
const pushed = (ids: readonly EnvId[], positions: number): PlacedState => {
  const gain = (env: Env, speed: number): number =>
    rewardOf(env, { positions, velocity: [speed, 0] }) - rewardOf(env, { positions, velocity: [0, 0] })
  return {
    ids,
    claim: 'a step that begins at 2 m/s forward pays at least 1 more than one at rest',
    reason: NO_RUNNER,
    succeeds: (env) => gain(env, 2) >= 1,
    fails: (env) => gain(env, 0.2) >= 1,
  }
}

/** Positions of humanoids with 21 joints. */
const SIMPLE = 28
const best = (env: Env, speed: number): number =>
  Math.max(
    ...([1, -1] as const).flatMap((sign) => [
      rewardOf(env, { positions: SIMPLE, velocity: [sign * speed, 0] }),
      rewardOf(env, { positions: SIMPLE, velocity: [0, sign * speed] }),
    ]),
  )

const pushedAside: PlacedState = {
  ids: ['humanoid-directions'],
  claim: 'a step that begins at 1 m/s pays 0.9 of the most in one of the four directions',
  reason: NO_RUNNER,
  succeeds: (env) => best(env, 1) >= 0.9,
  fails: (env) => best(env, 0) >= 0.9,
}

export const pushedHumanoids: readonly PlacedState[] = [
  pushed(['humanoid', 'humanoid-v1'], 24),
  pushed(['humanoid-rllab', 'humanoid-any-direction'], SIMPLE),
  pushedAside,
]
