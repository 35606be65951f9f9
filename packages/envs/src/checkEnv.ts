import type { Env } from '@maxent/core/contracts'
import { envChecks } from '@maxent/core/env-checks'

/** What is wrong with an environment. */
export interface EnvProblem {
  /** The property that it lacks, as a sentence about it. */
  readonly property: string
  /** Where it was seen: the call, the name, the index, what was expected and what was found. */
  readonly message: string
  /** What was thrown. */
  readonly error: unknown
}

/** What {@link checkEnv} cannot see by itself. */
export interface CheckEnvOptions {
  /** What seeds decide: `trajectories` when absent, `nothing` where every episode starts and runs the same. */
  readonly seeds?: 'trajectories' | 'nothing'
  /** The number of handles alive, where an environment holds some that `close` must free. */
  readonly handles?: () => number
}

const CYCLES = 10

/**
 * Finds the usual mistakes of an environment: its specification, shapes and types, numbers that are not finite, seeds, ends against
 * time limits, snapshots that are not exact, actions and arrays that are kept, calls after the end or after close, leaks. `make` is
 * called often, and everything it makes is closed. An empty list is a pass.
 *
 * When specification or values are wrong, only that is told: the rest would follow from it.
 */
export async function checkEnv(
  make: () => Env | Promise<Env>,
  options: CheckEnvOptions = {},
): Promise<readonly EnvProblem[]> {
  const { seeds = 'trajectories', handles } = options
  const before = handles?.()
  const problems: EnvProblem[] = []
  const checks = [...envChecks({ make, seeds }).entries()]
  for (const [i, { title, run }] of checks) {
    if (i === 2 && problems.length > 0) return problems
    await attempt(problems, title, run)
  }
  await attempt(problems, 'can be closed twice', async () => {
    const env = await make()
    env.close()
    env.close()
  })
  if (handles !== undefined) {
    await attempt(problems, 'frees its handles', async () => {
      for (let i = 0; i < CYCLES; i++) (await make()).close()
      const after = handles()
      if (after === before) return
      throw new Error(
        `close: all handles must be freed, got ${after} alive instead of ${before} after closing every environment, free in close what making it took`,
      )
    })
  }
  return problems
}

async function attempt(
  problems: EnvProblem[],
  property: string,
  run: () => void | Promise<void>,
): Promise<void> {
  try {
    await run()
  } catch (error) {
    problems.push({ property, message: error instanceof Error ? error.message : String(error), error })
  }
}
