import type { Env } from '@maxent/core/contracts'
import { relay } from './relay.ts'

/**
 * Makes the actions choices among some of the environment's own: the action is one number, and i stands for the i-th of them.
 *
 * @throws RangeError for fewer than two actions, and for one of the wrong length or out of bounds.
 */
export function chooseActions<Task>(env: Env<Task>, actions: readonly (readonly number[])[]): Env<Task> {
  const { id, action: box } = env.spec
  if (actions.length < 2) {
    throw new RangeError(`chooseActions: actions must be two or more, got ${actions.length}`)
  }
  const choices = actions.map((action, index) => {
    const fits = action.length === box.low.length
    if (!fits || !action.every((value, i) => value >= box.low[i] && value <= box.high[i])) {
      throw new RangeError(
        `chooseActions: actions must be ${box.low.length} numbers within the bounds of "${id}", got [${action.join(', ')}] at index ${index}`,
      )
    }
    return Float32Array.from(action)
  })
  return {
    ...relay(env),
    spec: { ...env.spec, action: { low: [0], high: [choices.length - 1], choices: choices.length } },
    step: (action) => {
      if (action.length !== 1) {
        throw new RangeError(`step: action must have the length 1 in "${id}", got ${action.length}`)
      }
      const choice = choices.at(action[0])
      if (!(Number.isInteger(action[0]) && action[0] >= 0) || choice === undefined) {
        throw new RangeError(
          `step: action must be a choice of "${id}", an integer from 0 to ${choices.length - 1}, got ${action[0]}`,
        )
      }
      return env.step(choice)
    },
  }
}
