/**
 * The papers' theorems on random processes, as one table: how many processes, how many of them deterministic, how much slack
 * they leave, and after how many processes each broken form fails.
 *
 *     node --conditions=@maxent/source packages/core/examples/theorems.ts [processes] [part of a theorem's id]
 *
 * Slack is (larger side − smaller side), or minus the difference of the two sides of an equation, over 1 + the largest value; a theorem
 * holds as long as the least slack is not below rounding. A dash: the claim has no such term of its own. "true": it has one, but stays
 * true, only looser, without it, and did on every process. Exit status 1 where a theorem or such a form of it fails or a broken form
 * survives.
 */
import { foldIn, key } from '@maxent/core/keys'
import { holds, randomCase, theorems, type BrokenTerm, type Theorem } from '@maxent/core/tabular'

const runs = Number(process.argv[2] ?? 1000)
if (!(Number.isInteger(runs) && runs >= 1))
  throw new RangeError(`theorems: processes must be a positive integer, got ${runs}`)
const wanted = process.argv[3] ?? ''
const at = key(1)
const cases = Array.from({ length: runs }, (_, i) => randomCase(foldIn(at, i)))
const short = (x: number): string => (Math.abs(x) < 1e-12 ? '0' : x.toExponential(1))

/** The broken forms that have a column. */
const columns: readonly (readonly [BrokenTerm, string])[] = [
  ['gamma dropped', 'γ'],
  ['alpha dropped', 'α'],
  ['max and min swapped', 'max⇄min'],
  ['divergence halved', '½·D'],
]

/** The number of processes until the broken form fails, or nothing when it survives. */
function survival(theorem: Theorem, broken: BrokenTerm): number | undefined {
  const found = cases.findIndex((sample) => !holds(theorem, sample, broken))
  return found < 0 ? undefined : found + 1
}

const line = (id: string, cells: readonly string[]): string =>
  id.padEnd(24) + cells.map((cell) => cell.padStart(9)).join('')

const deterministic = cases.filter(({ successors }) => successors === 1).length
console.log(
  `${runs} random processes per theorem, ${deterministic} of them deterministic; 2 to 50 states, 2 to 6 actions, α 0.01 to 10, ` +
    'γ 0 to 0.99, but as the last column says\n',
)
console.log(
  line('', ['slack', '', '', '', '', 'broken:', 'fails', 'at process']) +
    '\n' +
    line('theorem', ['least', '5 %', 'median', 'largest', 'seconds', ...columns.map(([, title]) => title)]) +
    '   others; range',
)
let failed = 0
let killed = 0
for (const theorem of theorems.filter(({ id }) => id.includes(wanted))) {
  const started = performance.now()
  const slacks = cases.map((sample) => theorem.slack(sample)).sort((a, b) => a - b)
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  const quantile = (p: number): string => short(slacks[Math.min(runs - 1, Math.floor(p * runs))])
  const survivals = new Map(theorem.broken.map((broken) => [broken, survival(theorem, broken)]))
  const said = (broken: BrokenTerm): string => String(survivals.get(broken) ?? 'SURVIVES')
  const looser = new Map((theorem.unneeded ?? []).map((broken) => [broken, survival(theorem, broken)]))
  const cell = (broken: BrokenTerm): string => {
    if (survivals.has(broken)) return said(broken)
    if (!looser.has(broken)) return '–'
    return looser.get(broken) === undefined ? 'true' : 'FALSE'
  }
  const wrong = [...looser.values()].some((found) => found !== undefined)
  const survivors = [...survivals.values()].filter((found) => found === undefined).length
  killed += survivals.size - survivors
  if (!(slacks[0] >= -(theorem.tolerance ?? 1e-9)) || survivors > 0 || wrong) failed++
  const others = theorem.broken
    .filter((broken) => !columns.some(([name]) => name === broken))
    .map((broken) => `${broken}: ${said(broken)}`)
  console.log(
    line(theorem.id, [
      ...[0, 0.05, 0.5, 1].map(quantile),
      seconds,
      ...columns.map(([broken]) => cell(broken)),
    ]) + `   ${[others.join(', '), theorem.range ?? ''].filter((part) => part !== '').join('; ')}`,
  )
}
console.log(
  failed === 0
    ? `\nAll hold; all ${killed} broken forms fail.`
    : `\n${failed} theorems failed or have a broken form that survives.`,
)
process.exitCode = failed === 0 ? 0 : 1
