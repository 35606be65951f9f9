import type { Env, Observation } from '@maxent/core'
import { foldIn, key } from '@maxent/core/keys'
import type { Policy } from '../../run/baseline.ts'

/** A place in the plane. */
type Place = readonly [number, number]

/** One episode of a policy. */
export interface Rollout {
  readonly steps: number
  /** Of a step. */
  readonly meanReward: number
  /** Σ γᵗ rₜ */
  readonly discountedReturn: number
  /** Of every entry of `info`: its value in the last state, and the least and the most of the states that were reached. */
  readonly info: Readonly<
    Record<string, { readonly last: number; readonly least: number; readonly most: number }>
  >
  /**
   * Where it was, at the start, at every tenth step and at the end, m; empty where no group of observations tells. Of a hand: to the left,
   * and up.
   */
  readonly path: readonly Place[]
  /** Where the body headed at the start, rad; 0 where no group of observations tells. */
  readonly startHeading: number
}

/** Episodes to roll out. */
export interface RolloutsRequest {
  readonly env: Env
  readonly policy: Policy
  readonly count: number
  readonly gamma: number
  readonly seed: number
  /** Whether all begin as the first does: what then differs from episode to episode is what the policy draws. */
  readonly oneStart?: boolean | undefined
  /** The task of each episode, in place of the environment's own. */
  readonly tasks?: readonly unknown[]
  /** Steps whose states do not enter the least and the most; none when absent. */
  readonly since?: number
  /** Ends them early with its reason. */
  readonly signal: AbortSignal
}

const everyTenth = 10

/** Episodes of a policy, each from a start that depends on the seed and its number alone, or all from the first of these. */
export async function rollOut(request: RolloutsRequest): Promise<readonly Rollout[]> {
  const rollouts: Rollout[] = []
  for (let i = 0; i < request.count; i++) rollouts.push(await oneRollout(request, i))
  return rollouts
}

async function oneRollout(
  { env, policy, gamma, seed, oneStart, tasks, since = 0, signal }: RolloutsRequest,
  i: number,
): Promise<Rollout> {
  const start = foldIn(foldIn(key(seed), 'rollouts'), oneStart ? 0 : i)[0]
  let { observation } = env.reset({ seed: start, ...(tasks && { task: tasks[i] }) })
  const startHeading = headingOf(observation)
  const path: Place[] = placeOf(observation)
  const info: Record<string, { last: number; least: number; most: number }> = {}
  let [total, discountedReturn] = [0, 0]
  for (let steps = 1; ; steps++) {
    signal.throwIfAborted()
    const result = env.step(await policy(observation))
    ;({ observation } = result)
    total += result.reward
    discountedReturn += gamma ** (steps - 1) * result.reward
    for (const [name, value] of Object.entries(result.info)) {
      const seen = (info[name] ??= { last: value, least: Infinity, most: -Infinity })
      seen.last = value
      if (steps <= since) continue
      seen.least = Math.min(seen.least, value)
      seen.most = Math.max(seen.most, value)
    }
    const ended = result.terminated || result.truncated
    if (ended || steps % everyTenth === 0) path.push(...placeOf(observation))
    if (ended) return { steps, meanReward: total / steps, discountedReturn, info, path, startHeading }
  }
}

/** The centre of mass where it is observed, else the root, else the hand as one sees it who faces the robot. */
function placeOf(observation: Observation): Place[] {
  const { centre, pose, hand } = observation as Partial<Observation>
  const found = centre ?? pose ?? hand?.subarray(1)
  return found === undefined ? [] : [[found[0], found[1]]]
}

function headingOf(observation: Observation): number {
  const { pose } = observation as Partial<Observation>
  return pose === undefined ? 0 : Math.atan2(pose[3], pose[2])
}
