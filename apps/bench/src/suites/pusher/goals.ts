import type { Env } from '@maxent/core'
import { makeEnv, type EnvId } from '@maxent/envs'

/** Where the puck should end, as the thesis names it (table 6.1): a line of four, or a point of three where two of them meet. */
export type Goal = 'left' | 'middle' | 'right' | 'bottom' | 'bottom-left' | 'bottom-middle' | 'bottom-right'

/** The environment of each goal, and the task that its episodes have. */
export const goals: Readonly<
  Record<Goal, { readonly env: EnvId; readonly task: readonly [number, number] }>
> = {
  left: { env: 'planar-pusher-line', task: [0, -1] },
  middle: { env: 'planar-pusher-line', task: [0, 0] },
  right: { env: 'planar-pusher-line', task: [0, 1] },
  bottom: { env: 'planar-pusher-line', task: [1, -1] },
  'bottom-left': { env: 'planar-pusher-point', task: [-1, -1] },
  'bottom-middle': { env: 'planar-pusher-point', task: [0, -1] },
  'bottom-right': { env: 'planar-pusher-point', task: [1, -1] },
}

/** What the arm feels and sees. The group `goal`, which tells the task, is left out: the values of one task would be read under another. */
export const seen: readonly string[] = ['proprio', 'hand', 'object']

/** The planar pusher with one goal for all episodes. */
export async function goalEnv(goal: Goal): Promise<Env> {
  const { env: id, task } = goals[goal]
  const env = await makeEnv(id)
  return { ...env, reset: (options) => env.reset({ ...options, task }) }
}
