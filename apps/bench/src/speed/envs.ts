import { uniformAction } from '@maxent/core'
import { foldIn, key } from '@maxent/core/keys'
import type { Env } from '@maxent/core/contracts'
import { makeEnv } from '@maxent/envs'
import { createBareLoop } from '@maxent/envs/diagnostics'
import { alternate, median, pairedRatio, type Contestant } from './blocks.ts'
import type { Effort } from './effort.ts'

/** Control steps per second, and for MuJoCo against a bare loop of the same number of `mj_step` calls. */
export interface EnvSpeed {
  readonly 'half-cheetah': { readonly stepsPerSecond: number; readonly ratioToBareLoop: number }
  readonly pendulum: { readonly stepsPerSecond: number }
}

const seed = 1
const stepsPerBlock = { 'half-cheetah': 1_000, pendulum: 20_000 } as const

/**
 * Random controls, the same ones for the environment and for the bare loop: from one seed both go through the same states.
 */
export async function measureEnvs({ blocks }: Effort): Promise<EnvSpeed> {
  const cheetah = await makeEnv('half-cheetah')
  const pendulum = await makeEnv('pendulum')
  const bare = await createBareLoop()
  const actions = randomActions(cheetah, stepsPerBlock['half-cheetah'])
  cheetah.reset({ seed })
  const start = cheetah.snapshot()
  try {
    const times = await alternate(
      {
        env: stepping(cheetah, actions),
        bare: {
          runs: actions.length,
          run: () => {
            bare.restore(start)
            bare.run(actions)
          },
        },
        pendulum: stepping(pendulum, randomActions(pendulum, stepsPerBlock.pendulum)),
      },
      blocks,
    )
    return {
      'half-cheetah': {
        stepsPerSecond: 1000 / median(times.env),
        ratioToBareLoop: pairedRatio(times.bare, times.env),
      },
      pendulum: { stepsPerSecond: 1000 / median(times.pendulum) },
    }
  } finally {
    bare.close()
    cheetah.close()
    pendulum.close()
  }
}

function stepping(env: Env, actions: readonly Float32Array[]): Contestant {
  return {
    runs: actions.length,
    run: () => {
      env.reset({ seed })
      for (const action of actions) {
        const { terminated, truncated } = env.step(action)
        if (terminated || truncated) env.reset({ seed })
      }
    },
  }
}

function randomActions({ spec: { action } }: Env, count: number): Float32Array[] {
  return Array.from({ length: count }, (_, i) =>
    uniformAction(foldIn(key(seed), i), action, new Float32Array(action.low.length)),
  )
}
