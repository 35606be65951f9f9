import type { Env } from '@maxent/core/contracts'

/** The environment itself, as a record that wrappers can spread: instances of classes keep their methods elsewhere. */
export function relay<Task>(env: Env<Task>): Env<Task> {
  return {
    spec: env.spec,
    reset: (options) => env.reset(options),
    step: (action) => env.step(action),
    snapshot: () => env.snapshot(),
    restore: (snapshot) => env.restore(snapshot),
    close: () => env.close(),
  }
}
