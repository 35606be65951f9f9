import { describe, expect, it } from 'vitest'
import { algorithms } from '../registry/algorithms.ts'
import { goldenDifferences, readGolden, runGolden } from './golden.ts'

describe('the golden run', () => {
  it.each(Object.keys(algorithms))('of %s is learned as it was at its revision', async (name) => {
    const [kept, now] = await Promise.all([readGolden(name), runGolden(name)])
    const remedy =
      `${name} learns something else than before. If that is meant, raise learningRevision of ${algorithms[name].package} ` +
      `and write its golden run anew: bench golden ${name}`
    expect(goldenDifferences(kept, now), remedy).toEqual([])
    expect(kept.revision, `the golden run of ${name} is of another revision: bench golden ${name}`).toEqual(
      now.revision,
    )
    expect(kept.lines.length).toBeGreaterThan(1)
  })

  it.each([{ gamma: 0.985 }, { policyLearningRate: 3.1e-4 }, { target: { kind: 'soft', tau: 0.0052 } }])(
    'tells SAC with %o from SAC',
    async (change) => {
      expect(goldenDifferences(await readGolden('sac'), await runGolden('sac', change))).not.toEqual([])
    },
  )

  it('takes no notice of rounding', async () => {
    const kept = await readGolden('sac')
    const lines = kept.lines.map(({ step, metrics }) => ({
      step,
      metrics: Object.fromEntries(Object.entries(metrics).map(([key, value]) => [key, value * (1 + 1e-5)])),
    }))
    expect(goldenDifferences(kept, { ...kept, lines })).toEqual([])
    expect(goldenDifferences(kept, { ...kept, lines: lines.slice(1) })).toEqual([
      `${lines.length - 1} lines, ${lines.length} kept`,
    ])
    const [{ step, metrics }, ...rest] = kept.lines
    const unnamed = [{ step, metrics: { ...metrics, extra: 1 } }, ...rest]
    expect(goldenDifferences(kept, { ...kept, lines: unnamed })).toEqual([
      `step ${step}: extra is 1, undefined kept`,
    ])
  })
})
