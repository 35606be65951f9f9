import { meanInterval } from '../../statistics/tests.ts'
import type { Interval } from './gains.ts'

/**
 * A statistic of seeds with the interval of Tukey's jackknife: Student's, from what n seeds make of it beyond what n − 1 do. Of a mean that is
 * Student's interval itself; of what is no mean it holds the truth about as often, where a bootstrap of five seeds is too short.
 * @param statistic Of some of the seeds.
 * @throws RangeError for fewer than two seeds.
 */
export function jackknife(
  seeds: readonly number[],
  statistic: (some: readonly number[]) => number,
): Interval {
  const value = statistic(seeds)
  const own = seeds.map((seed) => {
    const others = statistic(seeds.filter((one) => one !== seed))
    return seeds.length * value - (seeds.length - 1) * others
  })
  const { low, high } = meanInterval(own)
  const reach = (high - low) / 2
  return { value, low: value - reach, high: value + reach }
}
