import type { CellResult } from '../run/cellResult.ts'
import type { ComputeArm, Suite } from './suite.ts'
import { boundsCell, boundsSettings, type BoundsSettings } from './tabular/bounds.ts'

const common = { states: 20, actions: 4, processes: 200, penalty: 'corrected' } as const

function arm(id: string, label: string, settings: BoundsSettings): ComputeArm {
  return {
    kind: 'compute',
    id,
    label,
    settings: { ...settings },
    compute: (request) =>
      Promise.resolve(boundsCell(boundsSettings.parse(request.settings), request.seed, request.onProgress)),
  }
}

const corrected = [2, 3, 5].flatMap((tasks) =>
  [1, 3].map((successors) =>
    arm(
      `tasks-${tasks}-${successors === 1 ? 'deterministic' : 'stochastic'}`,
      `${tasks} tasks, ${successors === 1 ? 'deterministic' : 'stochastic'}`,
      { ...common, tasks, successors },
    ),
  ),
)
const printed = arm('as-printed', '2 tasks, 6.4 as printed', {
  ...common,
  tasks: 2,
  successors: 3,
  penalty: 'as printed',
})
const ids = corrected.map(({ id }) => id)

function sumOf(cells: readonly CellResult[], scalar: string): number {
  return cells.reduce((sum, { scalars }) => sum + scalars[scalar], 0)
}

/** Haarnoja 2018, lemma 5 and theorem 3: how much of what the bounds allow is used on random processes. */
export const suite: Suite = {
  id: 'compose-bounds',
  paper: 'Haarnoja 2018',
  figure: 'lemma 5, theorem 3',
  claim:
    'the bounds on the composed Q and on its policy hold on random tabular MDPs, for any tasks and temperature',
  packages: [],
  grid: [...corrected, printed],
  profiles: {
    smoke: {
      minutes: 0.1,
      seeds: 1,
      scale: '5 processes a cell',
      change: (one) =>
        one.kind === 'compute' ? { ...one, settings: { ...one.settings, processes: 5 } } : one,
    },
    quick: { minutes: 3, seeds: 5, scale: '1,000 processes a line, of 20 states and 4 actions' },
    standard: { minutes: 6, seeds: 10, scale: '2,000 processes a line, of 20 states and 4 actions' },
  },
  verdict: {
    statistic:
      'over states, actions and processes: the least of Q_C* − (Q_Σ − C*) and Q_C^π − (Q_C* − D*), over 1 + the largest |Q_C*|',
    threshold: 'at least −1e−9 on every process',
    fails: 'a bound is exceeded beyond rounding on some process',
    leastSeeds: 5,
    roles: { bounded: ids },
    judge: ({ bounded }) => {
      const failures = sumOf(bounded, 'failures')
      const processes = bounded.reduce((sum, { samples }) => sum + samples.gap.length, 0)
      const least = Math.min(...bounded.map(({ scalars }) => scalars.leastSlack))
      const mean = (scalar: string): number => sumOf(bounded, scalar) / bounded.length
      return {
        verdict: failures === 0 ? 'holds' : 'fails',
        reason:
          `${failures} of ${processes} processes exceed a bound, least slack ${least.toExponential(1)}; of what C* allows the ` +
          `median process uses ${(100 * mean('gapMedian')).toFixed(1)} %, of what D* allows ${(100 * mean('regretMedian')).toFixed(1)} %`,
        metrics: {
          leastSlack: { value: least },
          failures: { value: failures },
          gapMedian: { value: mean('gapMedian') },
          regretMedian: { value: mean('regretMedian') },
        },
      }
    },
  },
  control: {
    meaning: 'the divergence as 6.4 prints it, without the temperature and the one half',
    roles: { bounded: [printed.id] },
  },
  plots: [
    {
      kind: 'table',
      title: 'Share of the bound that the worst state and action of a process use',
      arms: [...ids, printed.id],
      columns: [
        { scalar: 'gapMedian', title: 'C*, median' },
        { scalar: 'gapTenth', title: 'C*, upper tenth' },
        { scalar: 'gapMost', title: 'C*, most' },
        { scalar: 'regretMedian', title: 'D*, median' },
        { scalar: 'regretTenth', title: 'D*, upper tenth' },
        { scalar: 'regretMost', title: 'D*, most' },
        { scalar: 'failures', title: 'processes beyond a bound' },
      ],
    },
    { kind: 'histogram', title: 'Tightness of lemma 5', arms: ids, samples: 'gap', x: '(Q_Σ − Q_C*) / C*' },
    {
      kind: 'histogram',
      title: 'Tightness of theorem 3',
      arms: ids,
      samples: 'regret',
      x: '(Q_C* − Q_C^π) / D*',
    },
    {
      kind: 'scatter',
      title: 'Tightness of lemma 5 by temperature',
      arms: ['tasks-2-stochastic', 'tasks-5-stochastic'],
      x: { name: 'logAlpha', title: 'log₁₀ α' },
      y: { name: 'gap', title: '(Q_Σ − Q_C*) / C*' },
    },
  ],
  paperTable: {},
  paperArms: [],
  differences: [
    'the thesis proves the bounds and shows no figure; any number of tasks and any temperature are a generalisation of its two tasks at α = 1',
    'processes are random: successors and probabilities uniform, rewards uniform in [−1, 1]',
  ],
}
