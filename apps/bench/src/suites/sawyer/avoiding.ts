import type { Env } from '@maxent/core'
import { makeEnv, type EnvId } from '@maxent/envs'
import type { CellResult } from '../../run/cellResult.ts'
import { meanOf, medianOf } from '../../statistics/samples.ts'
import {
  apartness,
  counted,
  extract,
  learnPart,
  withPolicy,
  type Candidate,
  type Extraction,
  type LearnedPart,
  type Stage,
} from '../composition/learnPart.ts'
import type { Policy } from '../../run/baseline.ts'
import { rollOut, type Rollout } from '../staged/rollouts.ts'
import { resolveStaged, type StagedRun } from '../staged/stagedArm.ts'
import { inUnits, withUnits } from '../staged/units.ts'
import type { CellsByRole, ComputeArm, Judgement } from '../suite.ts'
import { scalarsInDigits, samplesInDigits, pathsOf, sits } from './stacking.ts'

/** What the rule of figure 6.3 asks for, of the median over seeds. */
export const avoidBars = {
  /** Share of the trials of the combined policy in which the brick sits and nothing was touched. */
  combined: 0.8,
  /** Least share of the trials in which stacking alone runs into the post. */
  collided: 0.5,
  /** Largest share of the trials in which avoiding alone stacks. */
  stacked: 0.1,
  /** What the parts must have learned by themselves: share of the trials in which each does what it is for. */
  learned: 0.8,
} as const

/** A skill that is learned by itself. */
export type Skill = 'stack' | 'avoid'

const envs: Readonly<Record<Skill, EnvId>> = { stack: 'sawyer-stack', avoid: 'sawyer-avoid' }

/** How skills are learned, combined, and tried. */
export interface Combining {
  /** Those that are combined. */
  readonly skills: readonly Skill[]
  /** The run of each. */
  readonly run: (name: Skill, env: EnvId) => StagedRun
  readonly extraction: Extraction
  /** Of each policy. */
  readonly trials: number
}

/** What came of the trials of a policy. */
function trialsOf(name: string, rollouts: readonly Rollout[]): Record<string, number> {
  const share = (isMet: (rollout: Rollout) => boolean): number =>
    meanOf(rollouts.map((rollout) => Number(isMet(rollout))))
  return {
    [`${name}.stacked`]: share(sits),
    [`${name}.collided`]: share(({ info }) => info.collisions.last > 0),
    [`${name}.collisions`]: rollouts.reduce((sum, { info }) => sum + info.collisions.last, 0),
    [`${name}.success`]: share(({ info }) => info.success.last === 1),
    [`${name}.distance`]: meanOf(rollouts.map(({ info }) => info.distance.last)),
  }
}

/**
 * An arm that learns skills, each by itself, combines them without another step in an environment, and tries all of them where the post stands
 * in the way of the brick. Per policy (`stack`, `avoid`, `combined`): the shares of trials at whose end the brick sits (`.stacked`), in which the
 * post was bent (`.collided`) and in which the first holds and not the second (`.success`), how often it was bent (`.collisions`), and the mean
 * `.distance` of the brick at the end, m; `own.SKILL.success` where it was learned; `divergence` and `penalty`, how far the skills are apart, and
 * `gap` and `regret`, C and D of the bounds, where they are learned;
 * `newSteps` in environments while combining. Samples: paths of the hand.
 */
export function combiningArm(
  id: string,
  label: string,
  { skills, run, extraction, trials }: Combining,
): ComputeArm {
  const asked = skills.map((skill) => ({ skill, run: run(skill, envs[skill]) }))
  const runs = asked.map(({ skill, run }) => ({ skill, ...resolveStaged(run) }))
  // One for all skills, as their values are combined.
  const { units = {} } = asked[0].run
  return {
    kind: 'compute',
    id,
    label,
    settings: {
      ...Object.fromEntries(runs.map(({ skill, settings }) => [skill, settings])),
      extraction: JSON.parse(JSON.stringify(extraction)) as ComputeArm['settings'],
      trials,
    },
    compute: async ({ seed, folder, signal, onProgress, onNotice }) => {
      const counter = { count: 0 }
      const stageOf = ({ resolvedRun }: (typeof runs)[number]): Stage => {
        const { config, trainConfig: train } = resolvedRun
        return { algorithm: 'sql', config, train, seed, folder, counter, signal, onNotice }
      }
      const scalars: Record<string, number> = {}
      const samples: Record<string, readonly number[]> = {}
      /** Trials of a policy in an environment, under a name. */
      const attempt = async (name: string, env: EnvId, candidate: Candidate): Promise<void> => {
        const rollouts = await withPolicy(candidate, { algorithm: 'sql', seed }, async (policy) => {
          const tried = counted(await makeEnv(env), counter)
          const sighted: Policy = (observation) => policy(inUnits(observation, units))
          try {
            return await rollOut({ env: tried, policy: sighted, count: trials, gamma: 1, seed, signal })
          } finally {
            tried.close()
          }
        })
        Object.assign(scalars, trialsOf(name, rollouts))
        Object.assign(samples, pathsOf(name, rollouts))
      }
      const lengths = runs.map(({ resolvedRun }) => resolvedRun.trainConfig.steps)
      const total = lengths.reduce((sum, steps) => sum + steps, 0)
      const learned: LearnedPart[] = []
      let done = 0
      for (const [i, one] of runs.entries()) {
        const { skill } = one
        const open = async (): Promise<Env> => withUnits(await makeEnv(envs[skill]), units)
        const part = { name: skill, open, details: { skill, units } }
        const onStep = (step: number): void => onProgress(done + step, total)
        const candidate = await learnPart(part, stageOf(one), onStep)
        done += lengths[i]
        learned.push(candidate)
        await attempt(`own.${skill}`, envs[skill], candidate)
        await attempt(skill, task, candidate)
      }
      const { metrics, newSteps, ...combined } = await extract(learned, extraction, stageOf(runs[0]))
      await attempt('combined', task, combined)
      for (const metric of apartness) if (metric in metrics) scalars[metric] = metrics[metric]
      return { scalars: scalarsInDigits({ ...scalars, newSteps }), samples: samplesInDigits(samples) }
    },
  }
}

/** Where all policies are tried. */
const task: EnvId = 'sawyer-stack-and-avoid'

/** The rule of figure 6.3: combined the skills do what neither does alone. Where one was not learned: `inconclusive`. */
export function judgeAvoiding({ parts, combined }: CellsByRole): Judgement {
  const median = (cells: readonly CellResult[], name: string): number =>
    medianOf(cells.map(({ scalars }) => scalars[name]))
  const own = {
    stack: median(parts, 'own.stack.success'),
    avoid: median(parts, 'own.avoid.success'),
  }
  const values = {
    combined: median(combined, 'combined.success'),
    'stack.collided': median(parts, 'stack.collided'),
    'stack.stacked': median(parts, 'stack.stacked'),
    'avoid.stacked': median(parts, 'avoid.stacked'),
    'avoid.collided': median(parts, 'avoid.collided'),
  }
  const newSteps = combined.reduce((sum, { scalars }) => sum + scalars.newSteps, 0)
  const missed = (['stack', 'avoid'] as const).filter((skill) => !(own[skill] >= avoidBars.learned))
  const holds =
    values.combined >= avoidBars.combined &&
    values['stack.collided'] > avoidBars.collided &&
    values['avoid.stacked'] <= avoidBars.stacked &&
    newSteps === 0
  const percent = (value: number): string => `${(100 * value).toFixed(0)} %`
  return {
    verdict: missed.length > 0 ? 'inconclusive' : holds ? 'holds' : 'fails',
    reason:
      `median over seeds of the trials beside the post: combined it stacks without a collision in ${percent(values.combined)}; ` +
      `stacking alone collides in ${percent(values['stack.collided'])} and stacks in ${percent(values['stack.stacked'])}, ` +
      `avoiding alone in ${percent(values['avoid.collided'])} and ${percent(values['avoid.stacked'])}` +
      (newSteps === 0 ? '' : `; ${newSteps} steps were taken in an environment while combining`) +
      (missed.length > 0
        ? `; ${missed.map((skill) => `${skill} does what it is for in ${percent(own[skill])} of its own trials`).join(', ')}, too few to tell`
        : ''),
    metrics: Object.fromEntries(
      Object.entries({ ...values, 'own.stack': own.stack, 'own.avoid': own.avoid }).map(([name, value]) => [
        name,
        { value },
      ]),
    ),
  }
}
