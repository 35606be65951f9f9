import type { EnvSpec } from '@maxent/core/contracts'
import { foldIn, key } from '@maxent/core/keys'
import { envId, makeEnv } from '@maxent/envs'
import { createTrot } from '@maxent/envs/witnesses'
import { createAgent } from '@maxent/train'
import * as z from 'zod'
import type { Recording } from '../../film/index.ts'
import { uniformPolicy, type Policy } from '../../run/baseline.ts'
import type { CellData } from '../../run/cellResult.ts'
import { recordEpisode } from '../../run/recordEpisode.ts'
import { meanOf } from '../../statistics/samples.ts'
import type { ComputeArm, LearnedArm, TrainArm } from '../suite.ts'

/** The four grounds of fig. 5.6: flat, to learn on, and three to be tested on. */
export const grounds = ['minitaur-walk', 'minitaur-slope', 'minitaur-blocks', 'minitaur-stairs'] as const

type Ground = (typeof grounds)[number]

/** What a walker is tried on. */
export interface Trials {
  readonly grounds: readonly Ground[]
  /** Trials on each. */
  readonly episodes: number
}

const trialsSchema: z.ZodType<Trials> = z.strictObject({
  grounds: z.array(z.enum(grounds)),
  episodes: z.int().min(1),
})

/** A whole episode: 500 actions, one every 0.02 s. */
const [steps, seconds] = [500, 10]

/** The policy of one trial. */
type Begin = (spec: EnvSpec) => Policy | Promise<Policy>

/**
 * Lets a walker walk, without learning. Per ground: `speed` (metres that it came ahead over the 10 s of a whole episode, so that falling
 * counts against it), `success` (the share of trials at whose end it is past the terrain, on flat ground 2 m ahead, and has not fallen), and
 * `falls` (the share that a fall ends: in the others it runs out of time). The first trial of seed 1 is recorded under the name of the ground.
 */
export async function walkOn(
  { grounds: on, episodes }: Trials,
  begin: Begin,
  seed: number,
): Promise<Pick<CellData, 'scalars' | 'samples' | 'recordings'>> {
  const scalars: Record<string, number> = {}
  const samples: Record<string, number[]> = {}
  const recordings: Record<string, Recording> = {}
  for (const ground of on) {
    const env = await makeEnv(envId(ground))
    const distances: number[] = []
    let [done, fallen] = [0, 0]
    const startOf = (episode: number): number => foldIn(foldIn(key(seed), ground), episode)[0]
    for (let episode = 0; episode < episodes; episode++) {
      const policy = await begin(env.spec)
      let { observation, info } = env.reset({ seed: startOf(episode) })
      const start = info.xPosition
      for (let ended = false; !ended;) {
        const step = env.step(await policy(observation))
        ;({ observation, info } = step)
        ended = step.terminated || step.truncated
        fallen += Number(step.terminated)
      }
      distances.push(info.xPosition - start)
      done += info.success
    }
    const name = shortName(ground)
    if (seed === 1) {
      const policy = await begin(env.spec)
      recordings[name] = await recordEpisode({ env, policy, seed: startOf(0), steps })
    }
    env.close()
    scalars[`speed.${name}`] = meanOf(distances) / seconds
    scalars[`success.${name}`] = done / episodes
    scalars[`falls.${name}`] = fallen / episodes
    samples[`distance.${name}`] = distances.map((distance) => Number(distance.toPrecision(4)))
  }
  return { scalars, samples, recordings }
}

/** `walk`, of `minitaur-walk`. */
export function shortName(ground: Ground): string {
  return ground.replace('minitaur-', '')
}

/** What a learned gait is asked once it is learned. */
export function trialsOf(trials: Trials): NonNullable<TrainArm['probe']> {
  return {
    settings: { ...trials },
    run: async ({ algorithm, state, seed }: LearnedArm) => {
      const agent = await createAgent({ algorithm, key: key(seed), state })
      try {
        return await walkOn(trials, () => agent.actDeterministic, seed)
      } finally {
        await agent.dispose()
      }
    },
  }
}

/** The scripted trot that shows that the task can be done. */
function beginTrot({ action: { low, high } }: EnvSpec): Policy {
  const trot = createTrot()
  const action = new Float32Array(low.length)
  return (observation) => {
    trot(observation, action)
    for (let i = 0; i < action.length; i++) action[i] = Math.min(Math.max(action[i], low[i]), high[i])
    return action
  }
}

/** The scripted trot, and random actions, on the same trials. */
export function comparators(trials: Trials): readonly ComputeArm[] {
  const arm = (id: string, label: string, begin: (seed: number) => Begin): ComputeArm => ({
    kind: 'compute',
    id,
    label,
    settings: { ...trials },
    compute: ({ settings, seed }) => walkOn(trialsSchema.parse(settings), begin(seed), seed),
  })
  return [
    arm('trot', 'scripted trot', () => beginTrot),
    arm('random', 'random actions', (seed) => {
      let policy: Policy | undefined
      // One stream of actions for all trials: begun anew, every trial would have the same.
      return (spec) => (policy ??= uniformPolicy(spec.action, seed))
    }),
  ]
}
