import { appendFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import type { Env } from '@maxent/core'
import type { Curve } from '../../run/cellResult.ts'
import { meanOf } from '../../statistics/samples.ts'

/** How the episodes of training end: what is kept of each, and where. */
export interface TrainingEnds {
  /** One line per episode. */
  readonly file: string
  /** The number of `info` whose last value is kept. */
  readonly name: string
}

/** Where the count of episodes and steps is in a snapshot. */
const COUNT = 'trainingEnds'

/**
 * The environment, which adds a line to a file whenever an episode ends: its number, the steps taken by then, and the value. The count is part
 * of its snapshots, so that a run that is taken up again writes the lines after its checkpoint once more, with the same values.
 */
export function recordEnds(env: Env, { file, name }: TrainingEnds): Env {
  let [episodes, steps] = [0, 0]
  return {
    spec: env.spec,
    reset: (options) => env.reset(options),
    step: (action) => {
      const result = env.step(action)
      steps++
      if (result.terminated || result.truncated)
        // A line begins by ending the one before, which a crash may have cut.
        appendFileSync(file, `\n${++episodes} ${steps} ${result.info[name]}`)
      return result
    },
    snapshot: () => ({ ...env.snapshot(), [COUNT]: Float64Array.of(episodes, steps) }),
    restore: ({ [COUNT]: count, ...snapshot }) => {
      env.restore(snapshot)
      ;[episodes, steps] = count
    },
    close: () => env.close(),
  }
}

/** Episodes that a point of {@link readEnds} is the mean of. Source: thesis, figure 3.9. */
const window = 10

/** The mean of the last ten episodes, over steps, from the tenth episode on; empty where there is no file. Cut lines are passed over. */
export async function readEnds({ file }: Pick<TrainingEnds, 'file'>): Promise<Curve> {
  const ends: { step: number; value: number }[] = []
  for (const line of (await textOf(file)).split('\n')) {
    const [episode, step, value] = line.split(' ').map(Number)
    if (Number.isFinite(value)) ends[episode - 1] = { step, value }
  }
  const means = ends.slice(window - 1).map(({ step }, i) => ({
    step,
    value: meanOf(ends.slice(i, i + window).map(({ value }) => value)),
  }))
  return { steps: means.map(({ step }) => step), values: means.map(({ value }) => value) }
}

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return ''
    throw error
  }
}
