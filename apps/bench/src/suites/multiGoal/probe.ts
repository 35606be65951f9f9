import { rbfBandwidth, squaredDistances } from '@maxent/core'
import { foldIn, key, uniform, type Key } from '@maxent/core/keys'
import * as tf from '@tensorflow/tfjs'
import type { CellData } from '../../run/cellResult.ts'
import { followFrozenCritic, type FollowRequest } from './frozenCritic.ts'
import {
  binShares,
  cellMasses,
  displacement,
  maxima,
  middles,
  totalVariation,
  type Place,
} from './landscape.ts'
import { compilePolicy, type Learned, type LearnedPolicy, type PolicySizes } from './learnedPolicy.ts'
import { rollOut, type RolloutRequest } from './rollouts.ts'
import { bins, maximaGrid, shownStates, solveMultiGoal } from './truth.ts'

/** How much is drawn. */
export interface ProbeSize extends Pick<RolloutRequest, 'count' | 'horizon' | 'start'> {
  /** Actions per shown state and distribution: their histogram is compared with the optimal policy, and Stein discrepancies are taken of them. */
  readonly actions: number
  /** Actions in each of the sets over which Stein discrepancies are means. */
  readonly particles: number
  /** Gradient steps of the sampling network once Q is frozen. */
  readonly frozenUpdates: number
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
 *   sampling network after {@link followFrozenCritic}, of uniform actions, and of samples of that very density; under one bandwidth, the median
 *   rule's for a set of the last. They are means over all pairs of a set, which is of the order of 1 / particles for exact samples;
 *   `unbiased.i`, `unbiased.uniform.i` and `unbiased.exact.i` are those over pairs of two, which is 0 for these on average,
 *   and `unbiased.learned.i` is that of the sampling network as it was learned. One set of 500 tells them to some 0.15 of that of
 *   uniform actions, so that exact samples may seem worse than 0.2 of it; each is a mean over as many sets as the actions make.
 *
 * `middle` is the distance of Q's minimum at the middle state from the middle. Samples hold Q and some actions for pictures.
 */
export async function probe(
  learned: Learned,
  size: ProbeSize,
): Promise<Pick<CellData, 'scalars' | 'samples'>> {
  const { seed, config } = learned
  const cells = middles(maximaGrid.side)
  const sizes = { ...size, cells: cells.length }
  const policy = await compilePolicy(learned, sizes)
  const visited: Float32Array[] = []
  try {
    const rollouts = await rollOut({
      policy: async ({ proprio }) => {
        visited.push(Float32Array.from(proprio))
        return (await policy.act(proprio)).map(Math.tanh)
      },
      seed,
      ...size,
    })
    const settled = await drawSettled(learned, { updates: size.frozenUpdates, visited }, sizes)
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
      const preTanh = await policy.draw(observation)
      const actions = places(preTanh.map(Math.tanh))
      scalars[`variation.${i}`] = totalVariation(binShares(actions, bins), truth[i].masses)
      const stein = await discrepancies(policy, {
        observation,
        values,
        ...size,
        learned: preTanh,
        settled: settled[i],
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

/** Actions before tanh at each shown state of the sampling network that has followed the frozen Q, [actions · 2]. */
async function drawSettled(
  learned: Learned,
  follow: FollowRequest,
  sizes: PolicySizes,
): Promise<readonly Float32Array[]> {
  const policy = await compilePolicy({ ...learned, state: await followFrozenCritic(learned, follow) }, sizes)
  try {
    const drawn: Float32Array[] = []
    for (const state of shownStates) drawn.push(await policy.draw(Float32Array.from(state)))
    return drawn
  } finally {
    await policy.dispose()
  }
}

interface SteinRequest extends Pick<ProbeSize, 'actions' | 'particles'> {
  readonly observation: Float32Array
  /** Q at the middles of cells. */
  readonly values: Float32Array
  /** Actions before tanh of the sampling network as it was learned, [actions · 2]. */
  readonly learned: Float32Array
  /** Of the one that has followed Q since. */
  readonly settled: Float32Array
  readonly key: Key
}

async function discrepancies(policy: LearnedPolicy, request: SteinRequest): Promise<Record<string, number>> {
  const { observation, actions, particles, learned, settled } = request
  const exact = drawExact(request, policy.alpha)
  const bandwidth = tf.tidy(() => {
    const one = tf.tensor(exact.subarray(0, 2 * particles), [1, particles, 2])
    return rbfBandwidth(squaredDistances(one, one)).dataSync()[0]
  })
  const measure = (preTanh: Float32Array): ReturnType<LearnedPolicy['stein']> =>
    policy.stein({ observation, preTanh, bandwidth })
  const ofExact = await measure(exact)
  const ofSettled = await measure(settled)
  const ofUniform = await measure(
    uniform(foldIn(request.key, 'uniform'), 2 * actions).map((u) => untanh(2 * u - 1)),
  )
  return {
    stein: ofSettled.v,
    'stein.uniform': ofUniform.v,
    'stein.exact': ofExact.v,
    unbiased: ofSettled.u,
    'unbiased.uniform': ofUniform.u,
    'unbiased.exact': ofExact.u,
    'unbiased.learned': (await measure(learned)).u,
  }
}

/** Actions before tanh of the density exp(Q/α), [actions · 2]: a cell by its mass, a place in it by chance. */
function drawExact({ values, actions: count, key: base }: SteinRequest, alpha: number): Float32Array {
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
