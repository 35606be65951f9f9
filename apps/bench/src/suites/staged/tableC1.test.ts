import { describe, expect, it } from 'vitest'
import { flatSettings } from '../../run/flatSettings.ts'
import { resolveArm } from '../../run/grid.ts'
import { differencesFromPaper } from '../../run/summarise.ts'
import { suite as antMaze } from '../sqlAntMaze.suite.ts'
import { suite as fineTune } from '../sqlFinetune.suite.ts'
import { suite as multiGoal } from '../sqlMultigoal.suite.ts'
import { suite as pretrain } from '../sqlPretrain.suite.ts'
import { suite as reach } from '../sqlReach.suite.ts'
import { suite as stack } from '../sqlStack.suite.ts'
import { suite as swimmer } from '../sqlSwimmer.suite.ts'
import type { JsonValue, Suite } from '../suite.ts'

/** Runs of soft Q-learning by suite and arm: at an empty name the arm itself is one. */
const runs: readonly (readonly [Suite, string, string])[] = [
  [multiGoal, 'sql', ''],
  [swimmer, 'sql', 'swim'],
  [antMaze, 'sql', 'maze'],
  [pretrain, 'alpha-10', 'pretrain'],
  [pretrain, 'alpha-hundredth', 'pretrain'],
  [fineTune, 'sql', 'pretrain'],
  [fineTune, 'sql', 'wide'],
  [fineTune, 'sql', 'narrow'],
  [fineTune, 'sql', 'u'],
  [reach, 'sql', 'reach'],
  [reach, 'sql-random', 'reach'],
  [stack, 'sql', 'stack'],
]

/** Resolved settings of an arm at the scale of the paper. */
function settingsOf(suite: Suite, id: string): ReadonlyMap<string, JsonValue> {
  const arm = suite.grid.find((one) => one.id === id)
  if (arm === undefined) throw new Error(`no arm ${id}`)
  return flatSettings(resolveArm(arm, 1))
}

describe('appendix C.1', () => {
  it.each(runs.map(([suite, arm, run]) => [suite.id, arm, run, suite] as const))(
    'is what the table of %s says of %s %s, all of it',
    (_, arm, run, suite) => {
      const rows = flatSettings({ ...suite.paperTable, ...suite.paperRows?.[arm] })
      const prefix = run === '' ? '' : `settings.${run}.`
      const said = [...rows.keys()]
        .filter((path) => path.startsWith(prefix))
        .map((path) => path.slice(prefix.length))
      for (const field of [
        'value.samples',
        'particles.fixed',
        'particles.updated',
        'target.interval',
        'rewardScale',
      ])
        expect(said).toContain(`config.${field}`)
      for (const field of ['temperature.kind', 'latents.kind', 'batchSize', 'hidden', 'policyLearningRate'])
        expect(said).toContain(`config.${field}`)
      expect(settingsOf(suite, arm)).toEqual(
        new Map([...settingsOf(suite, arm), ...[...rows].filter(([path]) => path !== 'seeds')]),
      )
    },
  )

  it('weighs rewards by α alone; smaller profiles that have a factor besides list it', () => {
    for (const suite of [swimmer, reach, stack]) {
      expect(differencesFromPaper(suite, 'quick').join('; ')).toMatch(
        /config\.rewardScale: \d+ here, 1 in the paper/,
      )
      expect(differencesFromPaper(suite, 'paper').join('; ')).not.toContain('config.rewardScale')
    }
  })

  it('has α of the arms of figure D.1, and those of fine-tuning', () => {
    expect(pretrain.paperRows?.['alpha-10']).toMatchObject({
      'settings.pretrain.config.temperature': { kind: 'fixed', alpha: 10 },
    })
    expect(fineTune.paperRows?.sql).toMatchObject({
      'settings.pretrain.config.temperature': { kind: 'fixed', alpha: 0.1 },
      'settings.u.config.temperature': { kind: 'annealed', from: 0.1, to: 0.001, steps: 200_000 },
      'settings.u.config.latents.steps': 200_000,
    })
  })
})
