/**
 * Bias and variance of every estimator by the number of samples, on problems with exact values, and the rates at which they fall.
 *
 *     node --conditions=@maxent/source packages/core/examples/estimators.ts
 *
 * A bias is marked ~ where it is within twice its standard error of zero. Exit status 1 where a rate is not as declared.
 */
import * as tf from '@tensorflow/tfjs'
import { estimators, measure, ratesOf } from '../src/convergence/index.ts'

tf.env().set('PROD', true)
const number = (x: number): string => x.toExponential(1).padStart(9)

let failed = 0
for (const estimator of estimators) {
  const measured = measure(estimator, 1)
  const { deviation, bias, variance, asDeclared } = ratesOf(estimator, measured)
  if (!asDeclared) failed++
  console.log(`${estimator.id}\n  ${estimator.problem}; exact ${estimator.exact.toFixed(6)}`)
  const row = (name: string, cells: readonly string[]): void =>
    console.log(`  ${name.padEnd(16)}${cells.join('  ')}`)
  row(
    'samples K',
    measured.map(({ samples }) => String(samples).padStart(9)),
  )
  row(
    'bias',
    measured.map((at) =>
      (Math.abs(at.bias) < 2 * at.standardError ? '~' : '').concat(number(at.bias).trim()).padStart(9),
    ),
  )
  row(
    'standard error',
    measured.map((at) => number(at.standardError)),
  )
  row(
    'variance',
    measured.map((at) => number(at.variance)),
  )
  const said =
    bias === undefined
      ? `unbiased, at most ${deviation.toFixed(1)} standard errors off`
      : `bias falls as K^${bias.toFixed(2)}`
  console.log(
    `  ${said}; variance falls as K^${variance.toFixed(2)}${asDeclared ? '' : '   NOT AS DECLARED'}\n`,
  )
}
console.log(failed === 0 ? 'All converge at their rates.' : `${failed} do not converge at their rates.`)
process.exitCode = failed === 0 ? 0 : 1
