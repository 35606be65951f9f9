import type { EnvSpec } from '@maxent/core/contracts'
import type { VisibleEnv } from '../episodes.ts'
import { createEnv } from '../episodes.ts'
import { composeDynamics } from './dynamics.ts'
import type { Body, Task } from './model.ts'

/** What an environment made of a body and a task can be asked for. */
export interface ComposeOptions {
  /** Its name in messages. Default: the names of body and task. */
  readonly id?: string
  /** Steps after which an episode is truncated; a positive integer. Default: the task's own limit. */
  readonly maxEpisodeSteps?: number
}

/** What a body that does a task offers, but for the name. */
export function composeSpec(
  body: Body,
  task: Task,
): Omit<EnvSpec, 'id'> & { readonly maxEpisodeSteps: number } {
  const felt = Object.entries(body.proprioception).map(([name, { size }]) => [name, size] as const)
  return {
    observation: { ...Object.fromEntries(felt), ...task.observation },
    action: body.action,
    maxEpisodeSteps: task.maxEpisodeSteps,
    ...(task.features === undefined ? {} : { features: task.features }),
  }
}

/**
 * An environment of a body that does a task. Call `close` to free the physics.
 *
 * @throws RangeError when the body lacks what the task demands and for a time limit that is no positive integer, Error with MuJoCo's
 * message for a model that does not compile.
 */
export async function composeEnv(body: Body, task: Task, options: ComposeOptions = {}): Promise<VisibleEnv> {
  const { id = `${body.name}-${task.name}`, maxEpisodeSteps = task.maxEpisodeSteps } = options
  if (!Number.isSafeInteger(maxEpisodeSteps) || maxEpisodeSteps < 1) {
    throw new RangeError(`composeEnv: maxEpisodeSteps must be a positive integer, got ${maxEpisodeSteps}`)
  }
  return createEnv({ ...composeSpec(body, task), id, maxEpisodeSteps }, await composeDynamics(body, task))
}
