import type { CellsByRole, Judgement, Suite } from '../suites/suite.ts'
import { meanOf } from '../statistics/samples.ts'

/** Holds where the mean score of `good` exceeds 1. */
function judge({ good }: CellsByRole): Judgement {
  const value = meanOf(good.map(({ scalars }) => scalars.score))
  return {
    verdict: value > 1 ? 'holds' : 'fails',
    reason: `mean score ${value}`,
    metrics: { score: { value } },
  }
}

/** A suite as a test wants it: arms `a` and `b`, a score above 1 claimed of `a` and not of `b`. */
export function madeUpSuite(given: Partial<Suite> = {}): Suite {
  const arm = (id: string): Suite['grid'][number] => ({
    kind: 'compute',
    id,
    label: id,
    settings: { level: 1 },
    compute: () => Promise.resolve({ scalars: { score: 1 } }),
  })
  return {
    id: 'made-up',
    paper: 'none',
    figure: 'fig. 0',
    claim: 'a scores above 1',
    packages: ['@maxent/sac'],
    grid: [arm('a'), arm('b')],
    profiles: { quick: { minutes: 1, seeds: 5, scale: 'small' } },
    verdict: {
      statistic: 'mean score',
      threshold: 'above 1',
      fails: 'at most 1',
      leastSeeds: 5,
      roles: { good: ['a'] },
      judge,
    },
    control: { meaning: 'b in its place', roles: { good: ['b'] } },
    plots: [],
    paperTable: {},
    paperArms: [],
    ...given,
  }
}
