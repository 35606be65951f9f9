import { key } from '@maxent/core/keys'
import { envId, makeEnv } from '@maxent/envs'
import { createAgent, evaluate } from '@maxent/train'
import { meanOf } from '../../statistics/samples.ts'
import type { Arm, LearnedArm, Profile, ProfileName, TrainArm } from '../suite.ts'
import { atQuickScale, quickScaleOn } from './quickScale.ts'
import { atMostUpdates, preset, reduced, smokeOnHopper, watched, type Task } from './tasks.ts'

/** The policies of figures 4.2 and D.2 that learn with hard targets: they are learned once for both. */
export type HardTarget = 'hard' | 'deterministic'

/** Episodes of the final policy with its mean action, and as many with sampled ones, from the same starts. */
const episodes = 20

/** What the final policy returns with the mean action and with sampled ones. */
async function compareActions(
  env: string,
  { algorithm, state, seed }: LearnedArm,
): Promise<{ readonly scalars: Readonly<Record<string, number>> }> {
  const made = await makeEnv(envId(env))
  const agent = await createAgent({ algorithm, key: key(seed), state })
  let step = 0
  try {
    const [mean, sampled] = [
      await evaluate({ env: made, act: agent.actDeterministic, episodes, seed }),
      await evaluate({ env: made, act: (observation) => agent.act(observation, step++), episodes, seed }),
    ]
    return { scalars: { meanAction: meanOf(mean.returns), sampledAction: meanOf(sampled.returns) } }
  } finally {
    await agent.dispose()
    made.close()
  }
}

/** The arm of one of them, under a name for its legend. */
export function hardTargetArm({ name, title, env, steps }: Task, kind: HardTarget, label: string): TrainArm {
  const { config, train } = preset(`D.2-${kind}/${name}`)
  return {
    kind: 'train',
    id: `${name}-${kind}`,
    label: `${title}, ${label}`,
    algorithm: 'sac',
    env,
    config,
    train: { ...train, ...watched(steps) },
    probe: { settings: { episodes }, run: (learned) => compareActions(env, learned) },
  }
}

/** What reduced profiles keep; the settings of Trust-PCL are its own. */
const easy = { tasks: ['hopper', 'half-cheetah'], configOf: { 'trust-pcl': {} } } as const

/** Table C.1 has 4 gradient steps per environment step with hard targets: half of them fit into the time of the reduced profiles. */
const updates = 2
const quickSteps = 40_000

/** What the suites of both figures run at reduced scale. */
export const hardTargetScales: Readonly<Record<Exclude<ProfileName, 'paper'>, Omit<Profile, 'minutes'>>> = {
  smoke: smokeOnHopper(),
  quick: {
    seeds: 5,
    scale: quickScaleOn('HalfCheetah and Hopper', quickSteps),
    change: (arm: Arm) => atQuickScale({ ...easy, steps: quickSteps })(atMostUpdates(arm, updates)),
  },
  standard: {
    seeds: 5,
    scale: '256x256 networks, HalfCheetah and Hopper, 60,000 steps',
    change: (arm: Arm) => reduced({ ...easy, steps: 60_000 })(atMostUpdates(arm, updates)),
  },
}

/** What both suites declare of hard targets and of the policy without entropy. */
export const hardTargetDifferences: readonly string[] = [
  `below the scale of the paper hard targets have ${updates} gradient steps per environment step, and as many environment steps between two copies: table C.1 has 4`,
  'the fixed noise of the deterministic policy is chosen: a tenth of the range of actions',
  "the 1,000 between two copies of hard targets are gradient steps, 250 environment steps where each has 4; the released code counts the environment's iterations",
]
