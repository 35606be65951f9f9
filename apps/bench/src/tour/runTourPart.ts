import { key } from '@maxent/core/keys'
import { envId, makeEnv } from '@maxent/envs'
import { createAgent, evaluate, meanAndStd } from '@maxent/train'
import { readRun } from '@maxent/train/node'
import { invocation } from '../invocation.ts'
import { lookUp } from '../names.ts'
import { report, stopSignal } from '../processes.ts'
import { findPreset } from '../registry/algorithms.ts'
import { uniformPolicy } from '../run/baseline.ts'
import { recordEpisode } from '../run/recordEpisode.ts'
import { runTraining, type FinishedTraining } from '../run/training.ts'
import { tourParts, type TourPart } from './tourParts.ts'
import { partFolder, partIdentity, writeOutcome, type PartOutcome } from './partOutcome.ts'
import type { PartProgress, TourOptions } from './tour.ts'

/** Trains one part of the tour, or takes it up where it was left, and writes its outcome; reports to the process that started this one. */
export async function runTourPart(
  env: string,
  { out, seed, steps }: Pick<TourOptions, 'out' | 'seed' | 'steps'>,
): Promise<void> {
  const part = lookUp(tourParts(steps), { caller: 'tour', kind: 'part', name: env })
  const folder = partFolder(out, part, seed)
  const training = await runTraining({
    env,
    algo: part.algo,
    preset: findPreset(part.algo, part.preset),
    seed,
    threads: 1,
    settings: [],
    train: {
      steps: part.steps,
      evaluateEvery: part.evalEvery,
      evaluateEpisodes: part.curveEpisodes,
      finalEpisodes: part.finalEpisodes,
      checkpointEvery: part.evalEvery,
    },
    folder,
    start: 'either',
    resumeCommand: invocation,
    signal: stopSignal(),
    onProgress: (standing) => void report({ kind: 'progress', ...standing } satisfies PartProgress),
    onNotice: (message) => console.error(message),
  })
  const { evaluations } = await readRun(folder)
  await writeOutcome(folder, {
    identity: partIdentity(part, seed),
    summary: training.summary,
    curve: evaluations.map(({ step, returnMean, returnStd }) => ({ step, mean: returnMean, std: returnStd })),
    ...(await compare(part, training)),
  })
}

/** What random actions get, and both policies at work. */
async function compare(
  part: TourPart,
  { algorithm, state, summary: { seed } }: FinishedTraining,
): Promise<Pick<PartOutcome, 'random' | 'recordings'>> {
  const env = await makeEnv(envId(part.env))
  const agent = await createAgent({ algorithm, key: key(seed), state })
  const random = uniformPolicy(env.spec.action, seed)
  try {
    const { returns } = await evaluate({ env, act: random, episodes: part.finalEpisodes, seed })
    const { steps } = part.camera
    return {
      random: { ...meanAndStd(returns), episodes: returns.length },
      recordings: {
        random: await recordEpisode({ env, policy: random, seed, steps }),
        learned: await recordEpisode({ env, policy: agent.actDeterministic, seed, steps }),
      },
    }
  } finally {
    await agent.dispose()
    env.close()
  }
}
