import { rbfBandwidth, squaredDistances, steinDiscrepancy } from '@maxent/core'
import { foldIn, key, uniform, type Key } from '@maxent/core/keys'
import * as tf from '@tensorflow/tfjs'
import type { Tensor } from '@tensorflow/tfjs'
import type { CellData } from '../../run/cellResult.ts'
import {
  binShares,
  cellMasses,
  displacement,
  maxima,
  middles,
  totalVariation,
  type Place,
} from './landscape.ts'
import { compilePolicy, type Learned, type LearnedPolicy } from './learnedPolicy.ts'
import { rollOut, type RolloutRequest } from './rollouts.ts'
import { bins, maximaGrid, shownStates, solveMultiGoal } from './truth.ts'

/** How much is drawn. */
export interface ProbeSize extends Pick<RolloutRequest, 'count' | 'horizon'> {
  /** Actions per shown state whose histogram is compared with the optimal policy. */
  readonly actions: number
  /** Actions per shown state and distribution for the Stein discrepancies. */
  readonly particles: number
}

/** Actions of the sampling network that a figure shows per state. */
const shown = 100
/** What stands for a distance where the numbers of maxima differ: a file of JSON has no infinity. */
const otherNumber = 99

/**
 * What fig. 3.2 is about, in numbers: those of {@link rollOut}, and at each of the three states i of the figure
 *
 * - `displacement.i`: the largest distance of a maximum of Q to that of the exact Q; 99 where their numbers differ,
 * - `variation.i`: total variation between the sampling network and the optimal policy, over 10 x 10 squares,
 * - `stein.i`, `stein.uniform.i`, `stein.exact.i`: squared kernelised Stein discrepancies to exp(Q/α) of the learned Q, before tanh: of the
 *   sampling network, of uniform actions, and of samples of that very density; under one bandwidth, the median rule's for the last. They
 *   are means over all pairs, which is of the order of 1 / particles for exact samples; `unbiased.i` and `unbiased.uniform.i` are those over
 *   pairs of two, which is 0 for these on average.
 *
 * `middle` is the distance of Q's minimum at the middle state from the middle. Samples hold Q and some actions for pictures.
 */
export async function probe(
  learned: Learned,
  size: ProbeSize,
): Promise<Pick<CellData, 'scalars' | 'samples'>> {
  const { seed, config } = learned
  const cells = middles(maximaGrid.side)
  const policy = await compilePolicy(learned, { ...size, cells: cells.length })
  try {
    const rollouts = await rollOut({
      policy: async (observation) => (await policy.act(observation.proprio)).map(Math.tanh),
      seed,
      ...size,
    })
    const scalars: Record<string, number> = { ...rollouts.scalars }
    const samples: Record<string, readonly number[]> = { ...rollouts.samples }
    const truth = solveMultiGoal({ alpha: policy.alpha, gamma: config.gamma })
    for (const [i, state] of shownStates.entries()) {
      const observation = Float32Array.from(state)
      const values = await policy.q(observation, Float32Array.from(cells.flat()))
      const found = maxima({ ...maximaGrid, values }, maximaGrid.radius)
      scalars[`displacement.${i}`] = Math.min(displacement(found, truth[i].maxima), otherNumber)
      if (i === 1) {
        const minima = maxima({ ...maximaGrid, values: values.map((q) => -q) }, maximaGrid.radius)
        scalars.middle = Math.min(...minima.map(([x, y]) => Math.hypot(x, y)), otherNumber)
      }
      const actions = places((await policy.draw(observation)).map(Math.tanh))
      scalars[`variation.${i}`] = totalVariation(binShares(actions, bins), truth[i].masses)
      const stein = await discrepancies(policy, {
        observation,
        values,
        count: size.particles,
        key: foldIn(foldIn(key(seed), 'probe'), i),
      })
      for (const [name, value] of Object.entries(stein)) scalars[`${name}.${i}`] = value
      samples[`q.${i}`] = thinned(values, maximaGrid.side).map(digits)
      samples[`action.x.${i}`] = actions.slice(0, shown).map(([x]) => digits(x))
      samples[`action.y.${i}`] = actions.slice(0, shown).map(([, y]) => digits(y))
    }
    return { scalars, samples }
  } finally {
    await policy.dispose()
  }
}

interface SteinRequest {
  readonly observation: Float32Array
  /** Q at the middles of cells. */
  readonly values: Float32Array
  readonly count: number
  readonly key: Key
}

async function discrepancies(policy: LearnedPolicy, request: SteinRequest): Promise<Record<string, number>> {
  const { observation, count } = request
  const { alpha } = policy
  const sets = {
    stein: (await policy.draw(observation)).slice(0, 2 * count),
    'stein.uniform': uniform(foldIn(request.key, 'uniform'), 2 * count).map((u) => untanh(2 * u - 1)),
    'stein.exact': drawExact(request, alpha),
  }
  const scores = await Promise.all(Object.values(sets).map((set) => policy.score(observation, set)))
  return tf.tidy(() => {
    const particles = Object.values(sets).map((set): Tensor => tf.tensor(set, [1, count, 2]))
    const [, , exact] = particles
    const value = rbfBandwidth(squaredDistances(exact, exact)).dataSync()[0]
    const measure = (i: number, statistic: 'u' | 'v'): number => {
      const score = tf.tensor(scores[i], [1, count, 2])
      const bandwidth = { kind: 'fixed', value } as const
      return steinDiscrepancy({ particles: particles[i], score, alpha, bandwidth, statistic }).dataSync()[0]
    }
    return {
      ...Object.fromEntries(Object.keys(sets).map((name, i) => [name, measure(i, 'v')])),
      unbiased: measure(0, 'u'),
      'unbiased.uniform': measure(1, 'u'),
    }
  })
}

/** Actions before tanh of the density exp(Q/α), [count · 2]: a cell by its mass, a place in it by chance. */
function drawExact({ values, count, key: base }: SteinRequest, alpha: number): Float32Array {
  const { side } = maximaGrid
  const masses = cellMasses({ side, values: values.map((q) => q / alpha) })
  const cells = middles(side)
  const numbers = uniform(foldIn(base, 'exact'), 3 * count)
  const drawn = new Float32Array(2 * count)
  for (let n = 0; n < count; n++) {
    let left = numbers[3 * n]
    let k = 0
    while (k < masses.length - 1 && left >= masses[k]) left -= masses[k++]
    for (let d = 0; d < 2; d++) {
      drawn[2 * n + d] = untanh(cells[k][d] + (2 * numbers[3 * n + 1 + d] - 1) / side)
    }
  }
  return drawn
}

/** Finite at the bounds. */
function untanh(action: number): number {
  const most = 1 - 2 ** -24
  return Math.atanh(Math.min(Math.max(action, -most), most))
}

/** Every second value of every second row. */
function thinned(values: Float32Array, side: number): number[] {
  return [...values].filter((_, k) => Math.floor(k / side) % 2 === 0 && (k % side) % 2 === 0)
}

function places(pairs: Float32Array): readonly Place[] {
  return Array.from({ length: pairs.length / 2 }, (_, i): Place => [pairs[2 * i], pairs[2 * i + 1]])
}

const digits = (value: number): number => Number(value.toPrecision(4))
