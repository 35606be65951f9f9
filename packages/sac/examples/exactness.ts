/**
 * How near soft actor-critic comes to problems that `@maxent/core` solves exactly, as tables: a row per seed.
 *
 *     node --conditions=@maxent/source packages/sac/examples/exactness.ts [seeds]
 *
 * Shares are learned over exact; distances are the largest difference of a probability. Exit status 1 where a share of the linear-quadratic
 * problem is more than 3 % off.
 */
import * as tf from '@tensorflow/tfjs'
import { learnConstrained, learnLinearQuadratic, learnTabular } from '../fixtures/exactness.ts'

tf.env().set('PROD', true)
const seeds = Number(process.argv[2] ?? 5)
if (!(Number.isInteger(seeds) && seeds >= 1))
  throw new RangeError(`exactness: seeds must be a positive integer, got ${process.argv[2]}`)

const line = (cells: readonly (string | number)[]): void =>
  console.log(
    cells
      .map((cell) => (typeof cell === 'number' ? cell.toFixed(4) : cell).padStart(18))
      .join('')
      .trimEnd(),
  )
let worst = 0

line(['linear-quadratic', 'gain', 'std', 'gain, α learned', 'std, α learned', 'α'])
for (let seed = 1; seed <= seeds; seed++) {
  const fixed = await learnLinearQuadratic(seed, 'fixed')
  const learned = await learnLinearQuadratic(seed, 'learned')
  const shares = [fixed.gain, fixed.std, learned.gain, learned.std, learned.alpha]
  worst = Math.max(worst, ...shares.map((share) => Math.abs(share - 1)))
  line([`seed ${seed}`, ...shares])
}
line(['choices', 'bandit, distance', 'process, distance', 'constrained, α', 'distance'])
for (let seed = 1; seed <= seeds; seed++) {
  const { alpha, distance } = await learnConstrained(seed)
  line([
    `seed ${seed}`,
    await learnTabular(seed, 'bandit'),
    await learnTabular(seed, 'process'),
    alpha,
    distance,
  ])
}
console.log(`linear-quadratic: largest distance from the exact figures ${(100 * worst).toFixed(1)} %`)
process.exitCode = worst <= 0.03 ? 0 : 1
