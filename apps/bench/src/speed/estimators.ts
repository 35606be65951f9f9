import { key, mlp, ravel, softValue, svgdDirection } from '@maxent/core'
import { createProgram } from '@maxent/jit'
import { matmulLimit } from '@maxent/jit/limit'
import * as tf from '@tensorflow/tfjs'
import type { Tensor, Tensor1D } from '@tensorflow/tfjs'
import { alternate, median, pairedRatio } from './blocks.ts'
import type { Effort } from './effort.ts'
import { createSacProgram, halfCheetahSpec, normals } from './sacProgram.ts'
import { createSqlProgram } from './sqlProgram.ts'

/** The Stein direction for M + M particles per state, given the gradient of Q. */
interface DirectionSpeed {
  readonly ms: number
  /** Its time over that of a SAC update. */
  readonly fractionOfUpdate: number
}

/** Time beside that of the matrix products alone. */
interface LimitSpeed {
  readonly ms: number
  readonly matmulLimitMs: number
  readonly fractionOfLimit: number
}

/** What `bench speed --estimators --json` prints. */
export interface EstimatorSpeed {
  /** Soft values by importance sampling, 200 actions in each of 256 states. */
  readonly softValue: LimitSpeed
  /** A gradient step of soft Q-learning, critic and sampler. */
  readonly sqlUpdate: LimitSpeed
  readonly svgd16: DirectionSpeed
  readonly svgd32: DirectionSpeed
  readonly sacUpdateMs: number
}

/** At least so much of the limit, and at most so much of an update. */
const wanted = { softValue: 0.8, sqlUpdate: 0.75, svgd16: 0.5, svgd32: 0.7 } as const

const [states, samples, observation, action] = [256, 200, 17, 6]
const alpha = 0.2

/** Soft values, their matrix products alone, Stein directions and SAC updates, in alternating blocks of one process with one thread. */
export async function measureEstimators({ blocks, updates }: Effort): Promise<EstimatorSpeed> {
  const learner = await createSacProgram(1)
  const sql = await createSqlProgram(halfCheetahSpec)
  const critic = ravel(mlp({ inputs: observation + action, hidden: [256, 256], outputs: 1 }))
  const directionOf = (count: number) => {
    const shape = [states, count, action]
    return {
      args: [{ particles: { shape }, updated: { shape }, score: { shape } }] as const,
      run: (_: unknown, given: { particles: Tensor; updated: Tensor; score: Tensor }) => ({
        direction: svgdDirection({ ...given, alpha }),
      }),
    }
  }
  const functions = {
    softValue: {
      args: [
        {
          state: { shape: [states, observation] },
          actions: { shape: [states, samples, action] },
          logProposal: { shape: [states, samples] },
        },
      ] as const,
      run: (params: Tensor1D, given: { state: Tensor; actions: Tensor; logProposal: Tensor }) => {
        const perState = tf.tile(tf.expandDims(given.state, 1), [1, samples, 1])
        const rows = tf.concat([perState, given.actions], 2)
        const q = critic.apply(params, tf.reshape(rows, [states * samples, observation + action]))
        const { logProposal } = given
        return { value: softValue({ q: tf.reshape(q, [states, samples]), logProposal, alpha }) }
      },
    },
    svgd16: directionOf(16),
    svgd32: directionOf(32),
  }
  const program = await createProgram({ name: 'estimators', state: critic.init(key(1)), functions })
  const limit = await matmulLimit(program, 'softValue')
  const contestant = (name: keyof typeof functions, runs: number) => {
    const given = normals(functions[name].args, 0)
    const run = async (count: number): Promise<void> => {
      for (let i = 0; i < count; i++) await program.call(name, given, { fetch: 'none' })
    }
    return { runs, run }
  }
  // A soft value takes as long as about ten updates.
  const few = Math.max(1, Math.round(updates / 8))
  const times = await alternate(
    {
      softValue: contestant('softValue', few),
      limit: {
        runs: few,
        run: async (count: number) => {
          for (let i = 0; i < count; i++) await limit.run()
        },
      },
      update: { runs: updates, run: learner.update },
      sqlUpdate: { runs: updates, run: sql.update },
      sqlLimit: {
        runs: updates,
        run: async (count: number) => {
          for (let i = 0; i < count; i++) await sql.limit.run()
        },
      },
      svgd16: contestant('svgd16', updates),
      svgd32: contestant('svgd32', updates),
    },
    blocks,
  )
  const direction = (name: 'svgd16' | 'svgd32'): DirectionSpeed => ({
    ms: median(times[name]),
    fractionOfUpdate: pairedRatio(times[name], times.update),
  })
  return {
    softValue: besideLimit(times.softValue, times.limit),
    sqlUpdate: besideLimit(times.sqlUpdate, times.sqlLimit),
    svgd16: direction('svgd16'),
    svgd32: direction('svgd32'),
    sacUpdateMs: median(times.update),
  }
}

function besideLimit(times: readonly number[], limit: readonly number[]): LimitSpeed {
  return {
    ms: median(times),
    matmulLimitMs: median(limit),
    fractionOfLimit: pairedRatio(limit, times),
  }
}

/** The figures that are not as wanted, as lines. */
export function shortfalls({ softValue: value, sqlUpdate, svgd16, svgd32 }: EstimatorSpeed): string[] {
  const lines: string[] = []
  if (!(value.fractionOfLimit >= wanted.softValue))
    lines.push(
      `soft values must take at least ${wanted.softValue} of the limit, got ${value.fractionOfLimit.toFixed(2)}`,
    )
  if (!(sqlUpdate.fractionOfLimit >= wanted.sqlUpdate))
    lines.push(
      `updates of soft Q-learning must take at least ${wanted.sqlUpdate} of the limit, got ${sqlUpdate.fractionOfLimit.toFixed(2)}`,
    )
  for (const [name, { fractionOfUpdate }] of Object.entries({ svgd16, svgd32 })) {
    const most = wanted[name as 'svgd16' | 'svgd32']
    if (!(fractionOfUpdate <= most))
      lines.push(`${name} must take at most ${most} of an update, got ${fractionOfUpdate.toFixed(2)}`)
  }
  return lines
}
