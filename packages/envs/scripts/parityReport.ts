/**
 * The worst differences from Gymnasium: `node --conditions=@maxent/source scripts/parityReport.ts` in packages/envs. Errors are
 * |x − y| / (1 + |y|); those of steps are of state and reward.
 */
import { modelErrors, parityCases, startError, stepErrors, strayRatio } from './parity.ts'

const columns = ['noise', 'contact', 'policy', 'contact', 'observed', 'ends', 'start', 'stray', 'model']
const row = (name: string, cells: readonly string[]): string =>
  name.padEnd(26) + cells.map((cell) => cell.padStart(9)).join('')
const digits = (value: number): string => (value === 0 ? '0' : value.toExponential(0))

console.log(row('', columns))
for (const parityCase of parityCases) {
  const { id, touches } = parityCase
  const [noise, policy] = [await stepErrors(id, 'steps'), await stepErrors(id, 'policy')]
  const model = Math.max(...Object.values(await modelErrors(parityCase)))
  console.log(
    row(id, [
      touches === 'always' ? '' : digits(noise.free),
      touches === 'never' ? '' : digits(noise.contact),
      touches === 'always' ? '' : digits(policy.free),
      touches === 'never' ? '' : digits(policy.contact),
      digits(Math.max(noise.observation, policy.observation)),
      String(noise.flags + policy.flags),
      digits(await startError(parityCase)),
      `${(await strayRatio(id)).toFixed(1)}x`,
      digits(model),
    ]),
  )
}
console.log(
  'ends: steps whose end differs; stray: runs of 20 steps, as a multiple of what one ulp at the start does (100x allowed)',
)
