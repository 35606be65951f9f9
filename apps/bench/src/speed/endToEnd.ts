import { createNoise, foldIn, key } from '@maxent/core/keys'
import { makeEnv } from '@maxent/envs'
import { sac } from '@maxent/sac'
import {
  batchOf,
  createAgent,
  createReplay,
  createStepper,
  resolveTrainConfig,
  type Agent,
  type Stepper,
} from '@maxent/train'
import { quietTfjs } from '../quietTfjs.ts'
import { alternate, median, pairedRatio } from './blocks.ts'
import type { Effort } from './effort.ts'

/** Learning HalfCheetah with one update per step: acting, physics, replay and update, without evaluation and checkpoints. */
export interface EndToEndSpeed {
  readonly 'half-cheetah': { readonly stepsPerSecond: number; readonly ratioToUpdateRate: number }
}

/** A learner past its warm-up, as the loop of `train` runs it. */
export interface Learner {
  readonly agent: Agent
  readonly stepper: Stepper
  /** Updates and nothing else: no acting, no physics, no sampling, no noise. */
  readonly update: (count: number) => Promise<void>
  readonly close: () => Promise<void>
}

const warmupSteps = 1_000

/** Builds the loop's own parts, and takes the warm-up steps. */
export async function createLearner(replayCapacity: number): Promise<Learner> {
  quietTfjs()
  const env = await makeEnv('half-cheetah')
  const algorithm = sac(env.spec)
  const seed = key(1)
  const agent = await createAgent({ algorithm, key: foldIn(seed, 'agent') })
  const replay = createReplay({ spec: env.spec, capacity: replayCapacity, pretouch: true })
  const config = resolveTrainConfig({ warmupSteps })
  const stepper = createStepper({ env, agent, replay, batch: batchOf(algorithm), config, key: seed })
  for (let step = 0; step < warmupSteps; step++) await stepper.advance()
  const noise = createNoise(algorithm.noise.update)
  noise.fill(seed)
  const batch = batchOf(algorithm)
  replay.sample(seed, batch)
  const bare = [batch, noise.arrays]
  return {
    agent,
    stepper,
    update: async (count) => {
      for (let i = 0; i < count; i++) await agent.program.call('update', bare, { fetch: 'none' })
    },
    close: async () => {
      env.close()
      await agent.dispose()
    },
  }
}

export async function measureEndToEnd({ blocks, updates, steps }: Effort): Promise<EndToEndSpeed> {
  const learner = await createLearner(1_000_000)
  const times = await alternate(
    {
      update: { runs: updates, run: learner.update },
      step: {
        runs: steps,
        run: async (count) => {
          for (let i = 0; i < count; i++) await learner.stepper.advance()
        },
      },
    },
    blocks,
  )
  await learner.close()
  return {
    'half-cheetah': {
      stepsPerSecond: 1000 / median(times.step),
      ratioToUpdateRate: pairedRatio(times.update, times.step),
    },
  }
}
