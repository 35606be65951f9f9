import type { Env, EnvSnapshot, Observation } from '@maxent/core/contracts'
import { part } from '../episodes.ts'
import { relay } from './relay.ts'
import { createResult } from './result.ts'
import { innerSnapshot, wrapSnapshot } from './snapshot.ts'

/** chosen: Gymnasium's addition to the variance, and a bound for entries that hardly moved while the statistics were taken. */
const EPSILON = 1e-8
const BOUND = 10

/** Mean and variance of every entry of a group. */
export interface GroupStatistics {
  /** Of each entry. */
  readonly mean: Float64Array
  /** Of each entry. */
  readonly variance: Float64Array
}

/** By the name of the group. */
export type ObservationStatistics = Readonly<Record<string, GroupStatistics>>

/** An environment that knows the statistics it normalises with. */
export interface NormalizedEnv<Task = unknown> extends Env<Task> {
  /** A copy of what observations are normalised with now. Before the first one means 0 and variances 1, which leave them as they are. */
  statistics(): ObservationStatistics
}

/** Counts, means and sums of squared deviations of one group. Changed in place. */
interface Running {
  readonly mean: Float64Array
  readonly squares: Float64Array
  readonly shown: Float32Array
}

/**
 * Shows (x − mean) / √(variance + 1e-8) within ±10 for every entry x, with the statistics of all observations so far (Welford). They go
 * on through resets and seeds, and are part of snapshots: what an environment shows depends on what it has seen. With `frozen`
 * statistics, as evaluation wants them, it does not: they stay whatever snapshot is restored, and a snapshot has none for running ones.
 *
 * @throws RangeError when frozen statistics lack a group or have another length, or are not finite, or a variance is negative.
 */
export function normalizeObservations<Task>(
  env: Env<Task>,
  { frozen }: { readonly frozen?: ObservationStatistics } = {},
): NormalizedEnv<Task> {
  const sizes = Object.entries(env.spec.observation)
  const groups: Record<string, Running> = {}
  // Frozen statistics are those of one observation: squares are then variances.
  let count = frozen === undefined ? 0 : 1
  for (const [name, size] of sizes) {
    if (frozen !== undefined) checkFrozen(name, size, frozen)
    groups[name] = {
      mean: frozen?.[name].mean.slice() ?? new Float64Array(size),
      squares: frozen?.[name].variance.slice() ?? new Float64Array(size),
      shown: new Float32Array(size),
    }
  }
  const observation = Object.fromEntries(sizes.map(([name]) => [name, groups[name].shown]))
  const result = createResult()
  const see = (seen: Observation): Observation => {
    if (frozen === undefined) count++
    for (const [name, size] of sizes) {
      const { mean, squares, shown } = groups[name]
      for (let i = 0; i < size; i++) {
        const x = seen[name][i]
        if (frozen === undefined) {
          const before = x - mean[i]
          mean[i] += before / count
          squares[i] += before * (x - mean[i])
        }
        const score = (x - mean[i]) / Math.sqrt(squares[i] / count + EPSILON)
        shown[i] = Math.min(Math.max(score, -BOUND), BOUND)
      }
    }
    return observation
  }
  return {
    ...relay(env),
    reset: (options) => {
      const start = env.reset(options)
      return { observation: see(start.observation), info: start.info }
    },
    step: (action) => {
      Object.assign(result, env.step(action))
      result.observation = see(result.observation)
      return result
    },
    snapshot: () => {
      if (frozen !== undefined) return wrapSnapshot({ frozen: Float64Array.of(1) }, env.snapshot())
      const own: Record<string, Float64Array> = { count: Float64Array.of(count) }
      for (const [name] of sizes) {
        own[`mean.${name}`] = groups[name].mean.slice()
        own[`squares.${name}`] = groups[name].squares.slice()
      }
      return wrapSnapshot(own, env.snapshot())
    },
    restore: (snapshot: EnvSnapshot) => {
      if (frozen !== undefined) return env.restore(innerSnapshot(snapshot))
      if (Object.hasOwn(snapshot, 'frozen')) {
        throw new RangeError(
          'restore: snapshot must hold running statistics, got one of normalizeObservations with frozen ones, ' +
            'restore it where the same are frozen',
        )
      }
      const [saved] = part(snapshot, 'count', 1)
      const own = sizes.map(([name, size]) => ({
        group: groups[name],
        mean: part(snapshot, `mean.${name}`, size),
        squares: part(snapshot, `squares.${name}`, size),
      }))
      env.restore(innerSnapshot(snapshot))
      count = saved
      for (const { group, mean, squares } of own) {
        group.mean.set(mean)
        group.squares.set(squares)
      }
    },
    statistics: () => {
      const entries = sizes.map(([name]) => {
        const { mean, squares } = groups[name]
        return [
          name,
          { mean: mean.slice(), variance: squares.map((sum) => (count === 0 ? 1 : sum / count)) },
        ] as const
      })
      return Object.fromEntries(entries)
    },
  }
}

function checkFrozen(name: string, size: number, frozen: ObservationStatistics): void {
  const group: GroupStatistics | undefined = frozen[name]
  for (const what of ['mean', 'variance'] as const) {
    const values = group?.[what]
    if (values?.length !== size) {
      const got = values === undefined ? 'none' : `length ${values.length}`
      throw new RangeError(
        `normalizeObservations: frozen.${name}.${what} must have length ${size}, got ${got}, take it from statistics()`,
      )
    }
    for (const [i, value] of values.entries()) {
      if (Number.isFinite(value) && (what === 'mean' || value >= 0)) continue
      const rule = what === 'mean' ? 'be finite' : 'be finite and not negative'
      throw new RangeError(
        `normalizeObservations: frozen.${name}.${what} must ${rule}, got ${value} at index ${i}`,
      )
    }
  }
}
