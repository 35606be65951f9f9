import { fillNormal, foldIn, key, type Key } from '@maxent/core/keys'
import { interquartileMean, meanScore } from './aggregates.ts'
import { bootstrapAggregate, type Interval } from './bootstrap.ts'
import { meanInterval, pairedDifference, welchDifference } from './tests.ts'

/** How often an interval of nominally 95 % holds the truth. */
export interface CoverageRow {
  readonly interval: string
  readonly law: Law
  /** Runs of each algorithm. */
  readonly runs: number
  /** Share of data sets whose interval holds the truth. */
  readonly coverage: number
  /** Mean length, in standard deviations of one run. */
  readonly length: number
}

/**
 * Standard normal scores of both algorithms; or log-normal ones of the first (sigma 1, skewness 6.2), as from a task where a few runs take off,
 * against normal ones of equal mean and variance of the second, so that differences are skewed too.
 */
type Law = 'normal' | 'skewed'

export interface CoverageRequest {
  /** Simulated data sets per row: 4,000 leave a coverage of 0.95 uncertain by 0.0034. */
  readonly dataSets: number
  readonly seed: number
}

const laws: readonly Law[] = ['normal', 'skewed']
const runCounts = [3, 5, 10] as const

/** Scores of two algorithms. */
interface Data {
  readonly x: readonly number[]
  readonly y: readonly number[]
}

interface Kind {
  readonly name: string
  /** What it is meant to hold, for one law and number of runs. */
  readonly truth: (law: Law) => number
  readonly of: (data: Data, key: Key) => Interval
}

/** The mean of exp(N(0, 1)) is exp(1/2), its variance (e - 1) e. */
const lawMoments: Readonly<Record<Law, { readonly mean: number; readonly std: number }>> = {
  normal: { mean: 0, std: 1 },
  skewed: { mean: Math.exp(0.5), std: Math.sqrt((Math.E - 1) * Math.E) },
}

/**
 * The interquartile mean of the law itself: E[X | X between its quartiles]. For exp(Z) it is 2 e^(1/2) (Phi(q - 1) - Phi(-q - 1)) with q the
 * upper quartile of Z, 0.6745.
 */
const lawInterquartileMean: Readonly<Record<Law, number>> = { normal: 0, skewed: 1.0729227432534363 }

const kinds: readonly Kind[] = [
  {
    name: 'mean, Student',
    truth: (law) => lawMoments[law].mean,
    of: ({ x }) => meanInterval(x),
  },
  {
    name: 'mean, bootstrap',
    truth: (law) => lawMoments[law].mean,
    of: ({ x }, at) => bootstrapAggregate([x], meanScore, { key: at }),
  },
  {
    name: 'interquartile mean, bootstrap',
    truth: (law) => lawInterquartileMean[law],
    of: ({ x }, at) => bootstrapAggregate([x], interquartileMean, { key: at }),
  },
  {
    name: 'paired difference, Student',
    truth: () => 0,
    of: ({ x, y }) => pairedDifference(x, y),
  },
  {
    name: 'paired difference, bootstrap',
    truth: () => 0,
    of: ({ x, y }, at) => bootstrapAggregate([x.map((value, i) => value - y[i])], meanScore, { key: at }),
  },
  {
    name: 'difference, Welch',
    truth: () => 0,
    of: ({ x, y }) => welchDifference(x, y),
  },
]

/** Simulates the coverage of every interval that may decide a verdict, for a few runs of friendly and of unfriendly data. */
export function simulateCoverage({ dataSets, seed }: CoverageRequest): CoverageRow[] {
  if (!Number.isInteger(dataSets) || dataSets < 1)
    throw new RangeError(`simulateCoverage: dataSets must be an integer from 1, got ${dataSets}`)
  return kinds.flatMap((kind) =>
    laws.flatMap((law) =>
      runCounts.map((runs) => simulateRow(kind, { law, runs, dataSets, base: key(seed) })),
    ),
  )
}

interface RowRequest {
  readonly law: Law
  readonly runs: number
  readonly dataSets: number
  readonly base: Key
}

function simulateRow({ name, truth, of }: Kind, { law, runs, dataSets, base }: RowRequest): CoverageRow {
  const target = truth(law)
  let held = 0
  let lengths = 0
  for (let i = 0; i < dataSets; i++) {
    const own = foldIn(base, i)
    const { low, high } = of(draw(law, { runs, key: foldIn(own, 'data') }), foldIn(own, 'bootstrap'))
    if (low <= target && target <= high) held++
    lengths += high - low
  }
  return {
    interval: name,
    law,
    runs,
    coverage: held / dataSets,
    length: lengths / dataSets / lawMoments[law].std,
  }
}

function draw(law: Law, { runs, key: at }: { readonly runs: number; readonly key: Key }): Data {
  const z = new Float32Array(2 * runs)
  fillNormal(at, z)
  const { mean, std } = lawMoments[law]
  return {
    x: Array.from(z.subarray(0, runs), law === 'skewed' ? Math.exp : (value) => value),
    y: Array.from(z.subarray(runs), (value) => mean + std * value),
  }
}

/** The rows as Markdown: one line per interval and law, a column per number of runs. */
export function coverageTable(rows: readonly CoverageRow[]): string {
  const lines = new Map<string, string[]>()
  for (const { interval, law, coverage, length } of rows) {
    const name = `${interval} | ${law}`
    lines.set(name, [...(lines.get(name) ?? []), `${(coverage * 100).toFixed(1)} % (${length.toFixed(2)})`])
  }
  return [
    `interval | law | ${runCounts.map((runs) => `${runs} runs`).join(' | ')}`,
    `--- | --- | ${runCounts.map(() => '---:').join(' | ')}`,
    ...[...lines].map(([name, cells]) => `${name} | ${cells.join(' | ')}`),
  ]
    .map((line) => `| ${line} |`)
    .join('\n')
}
