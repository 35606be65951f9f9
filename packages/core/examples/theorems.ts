/**
 * Runs the papers' theorems on random processes and prints how much slack each has, and after how many processes each broken form fails.
 *
 *     node --conditions=@maxent/source packages/core/examples/theorems.ts [processes]
 *
 * Slack is (larger side − smaller side), or minus the difference of the two sides of an equation, over 1 + the largest value; a theorem
 * holds as long as the least slack is not below rounding.
 */
import { foldIn, key } from '@maxent/core/keys'
import { holds, randomCase, theorems, type Theorem } from '@maxent/core/tabular'

const runs = Number(process.argv[2] ?? 1000)
if (!(Number.isInteger(runs) && runs >= 1))
  throw new RangeError(`theorems: processes must be a positive integer, got ${runs}`)
const at = key(1)
const short = (x: number): string => (Math.abs(x) < 1e-12 ? '0' : x.toExponential(1))

/** The number of processes until the broken form fails, or nothing when it survives. */
function survival(theorem: Theorem, broken: Theorem['broken'][number]): number | undefined {
  for (let i = 0; i < runs; i++) if (!holds(theorem, randomCase(foldIn(at, i)), broken)) return i + 1
  return undefined
}

let failed = 0
console.log(`${runs} random processes per theorem\n`)
console.log(
  ['theorem'.padEnd(24), 'least', '5 %', 'median', 'largest', 'seconds', ' broken: fails at']
    .map((x, i) => (i === 0 ? x : x.padStart(9)))
    .join(''),
)
for (const theorem of theorems) {
  const started = performance.now()
  const slacks = Array.from({ length: runs }, (_, i) => theorem.slack(randomCase(foldIn(at, i)))).sort(
    (a, b) => a - b,
  )
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  const quantile = (p: number): string => short(slacks[Math.min(runs - 1, Math.floor(p * runs))])
  const mutants = theorem.broken.map((broken) => ({ broken, at: survival(theorem, broken) }))
  if (!(slacks[0] >= -(theorem.tolerance ?? 1e-9)) || mutants.some((mutant) => mutant.at === undefined))
    failed++
  const numbers = [quantile(0), quantile(0.05), quantile(0.5), quantile(1), seconds]
    .map((x) => x.padStart(9))
    .join('')
  console.log(
    `${theorem.id.padEnd(24)}${numbers}   ${mutants.map((mutant) => `${mutant.broken}: ${mutant.at ?? 'SURVIVES'}`).join(', ')}`,
  )
}
console.log(
  failed === 0
    ? '\nAll hold; every broken form fails.'
    : `\n${failed} theorems failed or have a broken form that survives.`,
)
process.exitCode = failed === 0 ? 0 : 1
